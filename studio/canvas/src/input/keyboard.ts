import type {Scene} from '../scene/scene';

export type Direction = 'left' | 'right' | 'up' | 'down';

const directionOfKey: Record<string, Direction> = {ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down'};
export const vectorOf: Record<Direction, [number, number]> = {left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1]};

export type Command =
  | {do: 'go'; direction: Direction; extend: boolean}
  | {do: 'nudge'; direction: Direction}
  | {do: 'zoom'; factor: number}
  | {do: 'fit' | 'fit selection' | 'delete' | 'open' | 'escape' | 'select all' | 'fire' | 'connect' | 'menu'};

/** What a key means on the canvas, or null when it is not the canvas's. */
export function commandOf(event: {key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean}): Command | null {
  const {key, shiftKey} = event;
  const control = event.ctrlKey || event.metaKey;
  const direction = directionOfKey[key];
  if (direction) return control || event.altKey ? {do: 'nudge', direction} : {do: 'go', direction, extend: shiftKey};
  if (control && key.toLowerCase() === 'a') return {do: 'select all'};
  if (shiftKey && key === 'F10') return {do: 'menu'};
  if (control || event.altKey) return null;
  if (key === '+' || key === '=') return {do: 'zoom', factor: 1.25};
  if (key === '-' || key === '_') return {do: 'zoom', factor: 0.8};
  const simple: Record<string, Command> = {
    '0': {do: 'fit'},
    '1': {do: 'fit selection'},
    Delete: {do: 'delete'},
    Backspace: {do: 'delete'},
    Enter: {do: 'open'},
    Escape: {do: 'escape'},
    f: {do: 'fire'},
    c: {do: 'connect'},
    ContextMenu: {do: 'menu'},
  };
  return simple[key] ?? null;
}

/** The node that is next in the direction: near, and rather straight ahead than aside. -1: none. */
export function nextNode(scene: Scene, from: number, direction: Direction): number {
  const {x, y} = scene.nodes[from]!;
  const [ahead, aside] = vectorOf[direction];
  let best = -1;
  let bestCost = Number.POSITIVE_INFINITY;
  // Looks around in growing squares, so that it does not visit a large network.
  for (let reach = 200; reach < 1e7 && best < 0; reach *= 4) {
    scene.nodeIndex.query({left: x - reach, right: x + reach, top: y - reach, bottom: y + reach}, number => {
      const node = scene.nodes[number]!;
      const forward = (node.x - x) * ahead + (node.y - y) * aside;
      const sideways = Math.abs((node.x - x) * aside - (node.y - y) * ahead);
      if (number === from || forward <= 1 || sideways > forward * 2.5) return;
      const cost = forward + sideways * 2;
      if (cost < bestCost) {
        best = number;
        bestCost = cost;
      }
    });
  }
  return best;
}

/** The node nearest to the place. */
export function nearestNode(scene: Scene, x: number, y: number): number {
  let best = -1;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let reach = 200; reach < 1e7 && best < 0; reach *= 4) {
    scene.nodeIndex.query({left: x - reach, right: x + reach, top: y - reach, bottom: y + reach}, number => {
      const node = scene.nodes[number]!;
      const distance = Math.hypot(node.x - x, node.y - y);
      if (distance < bestDistance) {
        best = number;
        bestDistance = distance;
      }
    });
  }
  return best;
}
