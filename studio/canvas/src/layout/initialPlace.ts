import type {Point} from '../elements';
import type {CircuitView} from '../types';

const pitch = 110;

/** A place for a node that has none yet: its cell in a square of all nodes, below those that have a place. */
export function initialPlace(view: CircuitView, number: number): Point {
  const columns = Math.max(1, Math.ceil(Math.sqrt(view.nodes.length)));
  let top = 0;
  for (const {position} of view.nodes.slice(0, 200)) if (position) top = Math.max(top, position[1] + pitch);
  return {x: (number % columns) * pitch, y: top + Math.floor(number / columns) * pitch};
}
