import type {Batch} from '../graphics';
import {clamp, cover, mixed, type Pixels, type Rgb, Spans, shine, smoothstep} from './pixels';

/** World to pixels, and what the colours of strands are. */
export interface StrandInk {
  scale: number;
  offsetX: number;
  offsetY: number;
  pixelRatio: number;
  excite: Rgb;
  inhibit: Rgb;
  faded: Rgb;
  grown: Rgb;
  shrunk: Rgb;
  accent: Rgb;
  accentBright: Rgb;
  /** 1: light adds, 0: light covers. */
  additive: number;
}

const white: Rgb = [255, 255, 255];
const spans = new Spans();
const corners = new Float64Array(8);

/** One curve in pixels, and a place on it. */
class Curve {
  private readonly points = new Float64Array(8);
  x = 0;
  y = 0;
  /** Direction, of length 1. */
  slopeX = 1;
  slopeY = 0;

  set(data: Float32Array, at: number, {scale, offsetX, offsetY}: StrandInk): void {
    for (let index = 0; index < 8; index += 2) {
      this.points[index] = data[at + index]! * scale + offsetX;
      this.points[index + 1] = data[at + index + 1]! * scale + offsetY;
    }
  }

  moveTo(t: number): void {
    const [x0, y0, x1, y1, x2, y2, x3, y3] = this.points as unknown as [number, number, number, number, number, number, number, number];
    const s = 1 - t;
    this.x = s * s * s * x0 + 3 * s * s * t * x1 + 3 * s * t * t * x2 + t * t * t * x3;
    this.y = s * s * s * y0 + 3 * s * s * t * y1 + 3 * s * t * t * y2 + t * t * t * y3;
    const dx = s * s * (x1 - x0) + 2 * s * t * (x2 - x1) + t * t * (x3 - x2);
    const dy = s * s * (y1 - y0) + 2 * s * t * (y2 - y1) + t * t * (y3 - y2);
    const length = Math.sqrt(dx * dx + dy * dy);
    this.slopeX = length > 1e-6 ? dx / length : 1;
    this.slopeY = length > 1e-6 ? dy / length : 0;
  }

  get length(): number {
    const {points} = this;
    const between = (one: number, other: number) => Math.hypot(points[one]! - points[other]!, points[one + 1]! - points[other + 1]!);
    return (between(0, 2) + between(2, 4) + between(4, 6) + between(0, 6)) * 0.5;
  }

  /** Whether none of it is seen, `reach` pixels around it included. */
  misses(width: number, height: number, reach: number): boolean {
    const {points} = this;
    const x = [points[0]!, points[2]!, points[4]!, points[6]!];
    const y = [points[1]!, points[3]!, points[5]!, points[7]!];
    return Math.max(...x) < -reach || Math.min(...x) > width + reach || Math.max(...y) < -reach || Math.min(...y) > height + reach;
  }
}

const curve = new Curve();

/** The piece of a strip between two places on a curve: which pixels it covers, and where they lie across and along it. */
class Piece {
  private x0 = 0;
  private y0 = 0;
  private slopeX0 = 1;
  private slopeY0 = 0;
  private reach0 = 0;
  /** Distance from the middle line at pixel (0, 0) and per pixel to the right and down; the same of the part of the way, 0..1. */
  across = 0;
  acrossX = 0;
  acrossY = 0;
  part = 0;
  partX = 0;
  partY = 0;

  begin(reach: number): void {
    this.x0 = curve.x;
    this.y0 = curve.y;
    this.slopeX0 = curve.slopeX;
    this.slopeY0 = curve.slopeY;
    this.reach0 = reach;
  }

  /** Ends where the curve stands now, and begins the next piece there. */
  end(reach: number, {width, height}: Pixels): void {
    const {x0, y0, slopeX0, slopeY0, reach0} = this;
    const {x, y, slopeX, slopeY} = curve;
    corners[0] = x0 + slopeY0 * reach0;
    corners[1] = y0 - slopeX0 * reach0;
    corners[2] = x + slopeY * reach;
    corners[3] = y - slopeX * reach;
    corners[4] = x - slopeY * reach;
    corners[5] = y + slopeX * reach;
    corners[6] = x0 - slopeY0 * reach0;
    corners[7] = y0 + slopeX0 * reach0;
    spans.ofQuad(corners, width, height);
    const dx = x - x0;
    const dy = y - y0;
    const length = Math.max(1e-6, Math.sqrt(dx * dx + dy * dy));
    this.acrossX = -dy / length;
    this.acrossY = dx / length;
    this.across = (0.5 - x0) * this.acrossX + (0.5 - y0) * this.acrossY;
    this.partX = dx / (length * length);
    this.partY = dy / (length * length);
    this.part = (0.5 - x0) * this.partX + (0.5 - y0) * this.partY;
    this.begin(reach);
  }
}

const piece = new Piece();

const vividOf = (ink: StrandInk, bits: number) => ((bits & 4) !== 0 ? ink.inhibit : ink.excite);
// Lines thinner than a pixel stay a pixel wide and pale instead.
const wideOf = (world: number, {scale}: StrandInk) => Math.max(world * scale, 1);
const paleOf = (world: number, {scale}: StrandInk) => clamp(world * scale, 0.12, 1);

/** Plain lines: neither dashes nor borders. */
export function drawLines(pixels: Pixels, batch: Batch, from: number, to: number, ink: StrandInk, pieces: number, opacity: number): void {
  const {values, width, height} = pixels;
  for (let item = from; item < to; item++) {
    const at = item * batch.stride;
    const world = batch.data[at + 8]!;
    const half = wideOf(world, ink) * 0.5;
    const reach = half + 0.75;
    curve.set(batch.data, at, ink);
    if (curve.misses(width, height, reach)) continue;
    const vivid = vividOf(ink, Math.round(batch.data[at + 11]!));
    const strength = paleOf(world, ink) * opacity * 0.9;
    curve.moveTo(0);
    piece.begin(reach);
    for (let next = 1; next <= pieces; next++) {
      curve.moveTo(next / pieces);
      piece.end(reach, pixels);
      const [red, green, blue] = mixed(vivid, ink.faded, smoothstep(0.05, 0.95, (next - 0.5) / pieces));
      for (let span = 0; span < spans.count * 3; span += 3) {
        const row = spans.rows[span]!;
        const end = spans.rows[span + 2]!;
        let column = spans.rows[span + 1]!;
        let across = piece.across + row * piece.acrossY + column * piece.acrossX;
        for (; column < end; column++) {
          const line = half + 0.5 - (across < 0 ? -across : across);
          if (line > 0) cover(values, row * width + column, red, green, blue, Math.min(line, 1) * strength);
          across += piece.acrossX;
        }
      }
    }
  }
}

/** Strands as they look from near: dashes, dots, borders of what was learned, and room for their heads. */
export function drawStrands(pixels: Pixels, batch: Batch, from: number, to: number, ink: StrandInk, pieces: number, opacity: number): void {
  const {values, width, height} = pixels;
  const {scale} = ink;
  for (let item = from; item < to; item++) {
    const at = item * batch.stride;
    const world = batch.data[at + 8]!;
    const learned = batch.data[at + 9]!;
    const bits = Math.round(batch.data[at + 11]!);
    const wide = wideOf(world, ink);
    const half = wide * 0.5;
    const border = Math.abs(learned) < 0.5 ? 0 : clamp((Math.abs(learned) / 127) * 5 + 0.8, 0.8, 3) * clamp(scale, 0.3, 2);
    const reach = half + border + 1;
    curve.set(batch.data, at, ink);
    if (curve.misses(width, height, reach)) continue;
    const {length} = curve;
    const isDashed = (bits & 3) === 1;
    const isDotted = (bits & 3) === 2;
    const period = isDashed ? Math.max(12, wide * 5) : Math.max(5, wide * 2.4);
    const dot = Math.max(half, 1.1);
    // The line ends where the arrow head or the ring of a modulator begins.
    const head = headSize(world, ink) * (isDashed ? 0.87 : (bits & 4) !== 0 ? 0 : 0.75);
    const vivid = vividOf(ink, bits);
    const strength = paleOf(world, ink) * opacity * ((bits & 8) !== 0 ? 0.62 : 0.92);
    const edge = learned > 0 ? ink.grown : ink.shrunk;
    curve.moveTo(0);
    piece.begin(reach);
    for (let next = 1; next <= pieces; next++) {
      curve.moveTo(next / pieces);
      piece.end(reach, pixels);
      const [red, green, blue] = (bits & 16) !== 0 ? vivid : mixed(vivid, ink.faded, smoothstep(0.05, 0.95, (next - 0.5) / pieces));
      for (let span = 0; span < spans.count * 3; span += 3) {
        const row = spans.rows[span]!;
        const end = spans.rows[span + 2]!;
        for (let column = spans.rows[span + 1]!; column < end; column++) {
          const across = piece.across + row * piece.acrossY + column * piece.acrossX;
          let away = Math.abs(across);
          const along = ((next - 1 + piece.part + row * piece.partY + column * piece.partX) / pieces) * length;
          let shown = clamp(length - along - head + 0.5, 0, 1);
          if (isDashed) {
            const place = Math.abs(along / period - Math.floor(along / period) - 0.5) * period;
            shown *= clamp(period * 0.31 + 0.5 - place, 0, 1);
          } else if (isDotted) {
            const place = (along / period - Math.floor(along / period) - 0.5) * period;
            away = Math.sqrt(place * place + across * across) - dot + half;
          }
          if (shown <= 0) continue;
          const line = clamp(half + 0.5 - away, 0, 1);
          const target = row * width + column;
          if (border > 0) {
            const around = clamp(half + border + 0.5 - away, 0, 1) - line;
            if (around > 0) cover(values, target, edge[0], edge[1], edge[2], around * strength * shown);
          }
          if (line > 0) cover(values, target, red, green, blue, line * strength * shown);
        }
      }
    }
  }
}

function headSize(world: number, {scale}: StrandInk): number {
  return clamp((4.2 + world * 0.9) * scale, 0, 40);
}

/** Excitation ends in an arrow, inhibition in a bar, modulation in an open ring. */
export function drawHeads({values, width, height}: Pixels, batch: Batch, from: number, to: number, ink: StrandInk): void {
  for (let item = from; item < to; item++) {
    const at = item * batch.stride;
    const size = headSize(batch.data[at + 8]!, ink);
    const opacity = clamp((size - 2) / 2, 0, 1);
    if (opacity <= 0) continue;
    const bits = Math.round(batch.data[at + 11]!);
    curve.set(batch.data, at, ink);
    curve.moveTo(1);
    const {x, y, slopeX, slopeY} = curve;
    const reach = (size + 1.5) * 1.42;
    const vivid = vividOf(ink, bits);
    const [red, green, blue] = (bits & 16) !== 0 ? vivid : mixed(vivid, ink.faded, 0.62);
    const toRow = Math.min(height, Math.ceil(y + reach));
    const toColumn = Math.min(width, Math.ceil(x + reach));
    for (let row = Math.max(0, Math.floor(y - reach)); row < toRow; row++) {
      for (let column = Math.max(0, Math.floor(x - reach)); column < toColumn; column++) {
        const dx = column + 0.5 - x;
        const dy = row + 0.5 - y;
        const along = dx * slopeX + dy * slopeY;
        const across = dy * slopeX - dx * slopeY;
        let away: number;
        if ((bits & 3) === 1) {
          const middle = along + size * 0.45;
          away = Math.abs(Math.sqrt(middle * middle + across * across) - size * 0.42) - size * 0.12;
        } else if ((bits & 4) !== 0) {
          away = Math.max(Math.abs(along + size * 0.12) - Math.max(size * 0.13, 0.8), Math.abs(across) - size * 0.85);
        } else {
          away = Math.max((Math.abs(across) + along * 0.52) * 0.887, -(along + size), along);
        }
        if (away < 0.5) cover(values, row * width + column, red, green, blue, Math.min(1, 0.5 - away) * opacity);
      }
    }
  }
}

/** Spikes under way, as glsl.ts draws them. */
export function drawPulses(pixels: Pixels, batch: Batch, from: number, to: number, ink: StrandInk, pieces: number): void {
  const {values, width, height} = pixels;
  const {scale, additive} = ink;
  const radius = clamp(3.2 * scale, 2, 9) * Math.SQRT2;
  const kept = 1 - 0.15 * additive;
  const bright = mixed(ink.accent, ink.accentBright, 0.3);
  const cold = mixed(ink.inhibit, white, 0.25 * additive);
  const tailPieces = pieces - 4;
  for (let item = from; item < to; item++) {
    const at = item * batch.stride;
    curve.set(batch.data, at, ink);
    if (curve.misses(width, height, radius + 4)) continue;
    const head = batch.data[at + 12]!;
    const tail = batch.data[at + 13]!;
    const arrived = head > 1;
    const length = Math.max(1, curve.length);
    const reach = arrived ? 0 : radius / length;
    const begin = clamp(head - tail * 4, 0, 1);
    const end = clamp(head + reach, 0, 1);
    const bend = arrived ? end : clamp(head - reach, begin, end);
    const half = wideOf(batch.data[at + 8]!, ink) * 0.5;
    const light = 2 * Math.sqrt(1 + half * half);
    const isFar = scale < 0.5 * ink.pixelRatio;
    const narrow = isFar ? half + 1.5 : light;
    const wide = isFar ? narrow : Math.max(light, radius);
    const beside = 1 / (light * light);
    const [red, green, blue] = (Math.round(batch.data[at + 11]!) & 4) !== 0 ? cold : bright;
    const lightAt = (t: number) => (head >= t ? Math.exp(-(head - t) / tail) : 0);
    let before = begin;
    curve.moveTo(begin);
    piece.begin(narrow);
    for (let next = 1; next <= pieces; next++) {
      const t = next <= tailPieces ? begin + ((bend - begin) * next) / tailPieces : bend + ((end - bend) * (next - tailPieces)) / 4;
      if (t <= before) continue;
      curve.moveTo(t);
      piece.end(next > tailPieces ? wide : narrow, pixels);
      const hasDot = !arrived && next > tailPieces;
      const lit = lightAt(before);
      const litMore = lightAt(t) - lit;
      const behind = (head - before) * length;
      const behindMore = (before - t) * length;
      before = t;
      for (let span = 0; span < spans.count * 3; span += 3) {
        const row = spans.rows[span]!;
        const last = spans.rows[span + 2]!;
        let column = spans.rows[span + 1]!;
        let across = piece.across + row * piece.acrossY + column * piece.acrossX;
        let part = piece.part + row * piece.partY + column * piece.partX;
        for (; column < last; column++) {
          const core = clamp(half + 0.8 - Math.abs(across), 0, 1) * 0.7;
          const near = Math.max(0, 1 - across * across * beside);
          let amount = (lit + litMore * clamp(part, 0, 1)) * Math.max(core, near * near * 0.35);
          let whitened = 0;
          if (hasDot) {
            const along = behind + behindMore * part;
            const away = (along * along + across * across) / (radius * radius);
            const spot = Math.max(0, 1 - away) ** 4;
            if (spot > amount) amount = spot;
            whitened = Math.max(0, 1 - away * 4.2) ** 4 * 0.8 * additive;
          }
          if (amount > 0.004) {
            const all = Math.min(1, amount);
            const rest = (1 - whitened) * all;
            const more = whitened * 255 * all;
            shine(
              values,
              row * width + column,
              (red * rest + more + 0.5) | 0,
              (green * rest + more + 0.5) | 0,
              (blue * rest + more + 0.5) | 0,
              (256.5 - 256 * all * kept) | 0,
            );
          }
          across += piece.acrossX;
          part += piece.partX;
        }
      }
    }
  }
}
