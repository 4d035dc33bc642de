import type {Box} from '../elements';
import {Background} from '../live/background';
import {joinBoxes, type Scene} from '../scene/scene';
import {gridStep} from '../scene/snapping';
import {forceLayout, gridLayout} from './force';
import {layoutGraph} from './graph';
import {layeredLayout} from './layered';

export type Alignment = 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom';
export type Place = {number: number; x: number; y: number};

const largestLayered = 300;
const largestForce = 3000;

/** New places for the nodes (numbers in the scene), or for all; the middle of them all stays where it is. Never blocks the page. */
export async function autoLayout(scene: Scene, chosen: number[] | null): Promise<Place[]> {
  const graph = layoutGraph(scene, chosen);
  if (graph.nodes.length === 0) return [];
  const before = boxOf(scene, graph.nodes);
  const count = graph.nodes.length;
  const work = count <= largestLayered ? layeredLayout(graph) : count <= largestForce ? forceLayout(graph) : gridLayout(graph);
  await new Background(work).result;
  let after: Box | null = null;
  for (let node = 0; node < count; node++) {
    const [x, y, halfWidth, halfHeight] = [graph.x[node]!, graph.y[node]!, graph.width[node]! / 2, graph.height[node]! / 2];
    after = joinBoxes(after, {left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight});
  }
  const dx = (before.left + before.right - after!.left - after!.right) / 2;
  const dy = (before.top + before.bottom - after!.top - after!.bottom) / 2;
  return graph.nodes.map((number, node) => ({number, x: onGrid(graph.x[node]! + dx), y: onGrid(graph.y[node]! + dy)}));
}

/** Places in line with the outermost edge, or with the middle of all. */
export function align(scene: Scene, nodes: number[], how: Alignment): Place[] {
  if (nodes.length < 2) return [];
  const box = boxOf(scene, nodes);
  return nodes.map(number => {
    const {x, y, width, height} = scene.nodes[number]!;
    if (how === 'left') return {number, x: box.left + width / 2, y};
    if (how === 'right') return {number, x: box.right - width / 2, y};
    if (how === 'center') return {number, x: (box.left + box.right) / 2, y};
    if (how === 'top') return {number, x, y: box.top + height / 2};
    if (how === 'bottom') return {number, x, y: box.bottom - height / 2};
    return {number, x, y: (box.top + box.bottom) / 2};
  });
}

/** Places with equal gaps between neighbours; the outermost two stay. */
export function distribute(scene: Scene, nodes: number[], direction: 'horizontal' | 'vertical'): Place[] {
  if (nodes.length < 3) return [];
  const across = direction === 'horizontal';
  const place = (number: number) => (across ? scene.nodes[number]!.x : scene.nodes[number]!.y);
  const size = (number: number) => (across ? scene.nodes[number]!.width : scene.nodes[number]!.height);
  const sorted = [...nodes].sort((one, other) => place(one) - place(other));
  const first = sorted[0]!;
  const last = sorted.at(-1)!;
  const inside = sorted.slice(1, -1);
  const room = place(last) - size(last) / 2 - (place(first) + size(first) / 2) - inside.reduce((sum, number) => sum + size(number), 0);
  const gap = room / (sorted.length - 1);
  let edge = place(first) + size(first) / 2;
  return inside.map(number => {
    const middle = edge + gap + size(number) / 2;
    edge = middle + size(number) / 2;
    const {x, y} = scene.nodes[number]!;
    return across ? {number, x: middle, y} : {number, x, y: middle};
  });
}

function boxOf(scene: Scene, nodes: number[]): Box {
  let box: Box | null = null;
  for (const number of nodes) box = joinBoxes(box, scene.nodeBox(number));
  return box!;
}

function onGrid(value: number): number {
  return Math.round(value / gridStep) * gridStep;
}
