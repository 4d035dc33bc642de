import type {Box} from '../elements';
import type {Scene} from './scene';

/** Distance of the grid that nodes snap to, in world units. */
export const gridStep = 10;

/** A line that shows with what a dragged node is in line, in world units. */
export interface Guide {
  vertical: boolean;
  /** x of a vertical, y of a horizontal line. */
  place: number;
  from: number;
  to: number;
}

export interface Snapped {
  dx: number;
  dy: number;
  guides: Guide[];
}

/**
 * Moves a box that is dragged by (dx, dy) into line with the middles and edges of nodes nearby, and otherwise onto the grid. `moving` tells
 * which nodes move along and give no lines; `reach` is in world units.
 */
export function snap(scene: Scene, box: Box, dx: number, dy: number, moving: Set<number>, reach: number, grid: number): Snapped {
  const moved = {left: box.left + dx, right: box.right + dx, top: box.top + dy, bottom: box.bottom + dy};
  const around = 60 * reach;
  const best = {x: reach, y: reach};
  const snapped: Snapped = {dx, dy, guides: []};
  let vertical: Guide | null = null;
  let horizontal: Guide | null = null;
  const ownX = [(moved.left + moved.right) / 2, moved.left, moved.right];
  const ownY = [(moved.top + moved.bottom) / 2, moved.top, moved.bottom];
  let seen = 0;
  scene.nodeIndex.query(
    {left: moved.left - around, right: moved.right + around, top: moved.top - around, bottom: moved.bottom + around},
    number => {
      if (moving.has(number)) return true;
      const node = scene.nodeBox(number);
      const x = [(node.left + node.right) / 2, node.left, node.right];
      const y = [(node.top + node.bottom) / 2, node.top, node.bottom];
      for (let line = 0; line < 3; line++) {
        const offX = x[line]! - ownX[line]!;
        if (Math.abs(offX) < best.x) {
          best.x = Math.abs(offX);
          snapped.dx = dx + offX;
          vertical = {vertical: true, place: x[line]!, from: Math.min(node.top, moved.top), to: Math.max(node.bottom, moved.bottom)};
        }
        const offY = y[line]! - ownY[line]!;
        if (Math.abs(offY) < best.y) {
          best.y = Math.abs(offY);
          snapped.dy = dy + offY;
          horizontal = {vertical: false, place: y[line]!, from: Math.min(node.left, moved.left), to: Math.max(node.right, moved.right)};
        }
      }
      return ++seen < 500;
    },
  );
  if (vertical) snapped.guides.push(vertical);
  else snapped.dx = Math.round(ownX[0]! / grid) * grid - (box.left + box.right) / 2;
  if (horizontal) snapped.guides.push(horizontal);
  else snapped.dy = Math.round(ownY[0]! / grid) * grid - (box.top + box.bottom) / 2;
  return snapped;
}
