import type {Box, Point} from '../elements';

/** Numbers per curve: a cubic Bezier curve as x0 y0 cx0 cy0 cx1 cy1 x1 y1. */
export const curveSize = 8;

/** What an end of a synapse is attached to. */
export interface Anchor {
  x: number;
  y: number;
  /** Of the outline around (x, y); a port has 0 by 0. */
  halfWidth: number;
  halfHeight: number;
  /** Circles are trimmed at their radius, which is halfWidth. */
  round: boolean;
  /** -1: leaves to the left, 1: to the right, 0: straight at the other end. */
  side: -1 | 0 | 1;
}

/** Between the outline of the target and the tip of the arrow, in world units. */
const gap = 2.5;

/** Lane of a connection where there are `before` of them already: 0, 1, -1, 2, -2, ... */
export function laneOf(before: number): number {
  return before % 2 === 1 ? (before + 1) / 2 : -before / 2;
}

/**
 * Writes the curve from `from` to `to`. `lane` sets parallel connections apart: 0, 1, -1, 2, ...; each lane bends by its own amount, seen in
 * the direction of travel, so that the way there and the way back never coincide. `box`: both ends are ports of the node that it holds.
 */
export function writeCurve(out: Float32Array, at: number, from: Anchor, to: Anchor, lane: number, box: Box | null = null): void {
  if (box && from.side * to.side === -1) {
    writeCurveAround(out, at, from, to, box, lane);
    return;
  }
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const distance = Math.hypot(dx, dy);
  if (from === to || (distance < 1e-6 && from.side === to.side)) {
    writeLoop(out, at, from, lane);
    return;
  }
  const ux = distance > 0 ? dx / distance : 1;
  const uy = distance > 0 ? dy / distance : 0;
  const bend = distance * 0.06 + Math.min(distance * 0.16, 30) * lane;
  const reach = distance / 3;
  // A way back turns round at both ends: short handles would make it a hook.
  const isBack = from.side * dx < 0 && to.side * dx > 0;
  const portReach = isBack ? Math.min(Math.max(distance * 0.55, 24), 320) : Math.min(Math.max(distance * 0.4, 24), 160);

  // First the direction at either end, then the place where it leaves the outline, then the handles between those places.
  const bendX = -uy * bend;
  const bendY = ux * bend;
  const start = leave(from, from.side || ux * reach + bendX, from.side ? 0 : uy * reach + bendY, gap * 0.4);
  const end = leave(to, to.side || bendX - ux * reach, to.side ? 0 : bendY - uy * reach, gap);
  const away = lane * 6;
  const between = Math.hypot(end.x - start.x, end.y - start.y);
  const handle = between / 3 / Math.max(reach, 1e-6);
  out[at] = start.x;
  out[at + 1] = start.y;
  out[at + 2] = from.side ? from.x + from.side * portReach : start.x + (ux * reach + bendX) * handle;
  out[at + 3] = from.side ? from.y + away : start.y + (uy * reach + bendY) * handle;
  out[at + 4] = to.side ? to.x + to.side * portReach : end.x + (bendX - ux * reach) * handle;
  out[at + 5] = to.side ? to.y + away : end.y + (bendY - uy * reach) * handle;
  out[at + 6] = end.x;
  out[at + 7] = end.y;
}

/** Between the corner of a box and a connection that goes round it, in world units. */
const clearance = 12;

/** From one side of a box round it to the other, below or above it, whichever is nearer. */
function writeCurveAround(out: Float32Array, at: number, from: Anchor, to: Anchor, box: Box, lane: number): void {
  const start = leave(from, from.side, 0, gap * 0.4);
  const end = leave(to, to.side, 0, gap);
  const level = (start.y + end.y) / 2;
  const isBelow = level - box.top > box.bottom - level;
  const outermost = isBelow ? box.bottom + clearance + Math.abs(lane) * 6 : box.top - clearance - Math.abs(lane) * 6;
  const width = Math.max(1, Math.abs(end.x - start.x));
  const reach = Math.max(40, width / 2);
  // Where the curve comes back over the side of the box it must have passed the corner: x is that of the start again.
  const ratio = reach / width;
  const corner = (3 - Math.sqrt(9 - (24 * ratio) / (3 * ratio + 1))) / 4;
  const handleY = level + (outermost - level) / (3 * corner * (1 - corner));
  out.set([start.x, start.y, start.x + from.side * reach, handleY, end.x + to.side * reach, handleY, end.x, end.y], at);
}

/** A loop above the node; further lanes are larger loops. */
function writeLoop(out: Float32Array, at: number, anchor: Anchor, lane: number): void {
  const radius = Math.max(anchor.halfWidth, 6);
  const height = Math.max(anchor.halfHeight, 6);
  const size = 1 + Math.abs(lane) * 0.35;
  const spread = anchor.round ? 0.62 : 0.45;
  const rim = anchor.round ? 0.79 : 1;
  const up = Math.min(radius, height) * 2 * size;
  out[at] = anchor.x - radius * spread;
  out[at + 1] = anchor.y - height * rim;
  out[at + 2] = anchor.x - radius * spread - up * 0.75;
  out[at + 3] = anchor.y - height * rim - up;
  out[at + 4] = anchor.x + radius * spread + up * 0.75;
  out[at + 5] = anchor.y - height * rim - up;
  out[at + 6] = anchor.x + radius * spread + gap * 0.5;
  out[at + 7] = anchor.y - height * rim - gap;
}

/** Where the way from the middle of the anchor in the direction (dx, dy) leaves its outline, and `extra` beyond. */
function leave(anchor: Anchor, dx: number, dy: number, extra: number): Point {
  const length = Math.hypot(dx, dy);
  if (length < 1e-6 || anchor.halfWidth === 0) return {x: anchor.x + anchor.side * extra, y: anchor.y};
  const ux = dx / length;
  const uy = dy / length;
  const reach = anchor.round
    ? anchor.halfWidth
    : Math.min(
        Math.abs(ux) > 1e-6 ? anchor.halfWidth / Math.abs(ux) : Number.POSITIVE_INFINITY,
        Math.abs(uy) > 1e-6 ? anchor.halfHeight / Math.abs(uy) : Number.POSITIVE_INFINITY,
      );
  return {x: anchor.x + ux * (reach + extra), y: anchor.y + uy * (reach + extra)};
}

export function pointOnCurve(curve: Float32Array, at: number, t: number): Point {
  const s = 1 - t;
  const a = s * s * s;
  const b = 3 * s * s * t;
  const c = 3 * s * t * t;
  const d = t * t * t;
  return {
    x: a * curve[at]! + b * curve[at + 2]! + c * curve[at + 4]! + d * curve[at + 6]!,
    y: a * curve[at + 1]! + b * curve[at + 3]! + c * curve[at + 5]! + d * curve[at + 7]!,
  };
}

/** A box that holds the curve: that of its four control points. */
export function curveBox(curve: Float32Array, at: number): Box {
  return {
    left: Math.min(curve[at]!, curve[at + 2]!, curve[at + 4]!, curve[at + 6]!),
    top: Math.min(curve[at + 1]!, curve[at + 3]!, curve[at + 5]!, curve[at + 7]!),
    right: Math.max(curve[at]!, curve[at + 2]!, curve[at + 4]!, curve[at + 6]!),
    bottom: Math.max(curve[at + 1]!, curve[at + 3]!, curve[at + 5]!, curve[at + 7]!),
  };
}

/** Distance of (x, y) from the curve, which is cut into 20 straight pieces. */
export function distanceToCurve(curve: Float32Array, at: number, x: number, y: number): number {
  const pieces = 20;
  let best = Number.POSITIVE_INFINITY;
  let before = pointOnCurve(curve, at, 0);
  for (let piece = 1; piece <= pieces; piece++) {
    const next = pointOnCurve(curve, at, piece / pieces);
    best = Math.min(best, distanceToSegment(x, y, before, next));
    before = next;
  }
  return best;
}

function distanceToSegment(x: number, y: number, from: Point, to: Point): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const square = dx * dx + dy * dy;
  const along = square > 0 ? Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square)) : 0;
  return Math.hypot(x - from.x - dx * along, y - from.y - dy * along);
}
