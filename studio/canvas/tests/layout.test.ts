import {expect, test} from 'vitest';
import {cloud, neuron, random, showcase, synapse} from '../demo/synthetic';
import {nextNode} from '../src/input/keyboard';
import {align, autoLayout, distribute, type Place} from '../src/layout/arrange';
import {forceLayout, hilbertPlace} from '../src/layout/force';
import {layoutGraph} from '../src/layout/graph';
import type {Scene} from '../src/scene/scene';
import {build} from './build';

function overlaps(scene: Scene, places: Place[]): number {
  let count = 0;
  for (const [index, one] of places.entries()) {
    for (const other of places.slice(index + 1)) {
      const [first, second] = [scene.nodes[one.number]!, scene.nodes[other.number]!];
      const apartX = Math.abs(one.x - other.x) >= (first.width + second.width) / 2;
      const apartY = Math.abs(one.y - other.y) >= (first.height + second.height) / 2;
      if (!apartX && !apartY) count++;
    }
  }
  return count;
}

test('small circuits are layered: synapses lead to the right, nothing overlaps', async () => {
  const scene = build(showcase());
  const places = await autoLayout(scene, null);
  expect(places).toHaveLength(scene.nodes.length);
  expect(overlaps(scene, places)).toBe(0);
  const x = (id: string) => places.find(place => place.number === scene.nodeNumber(id))!.x;
  expect(x('skin')).toBeLessThan(x('relay'));
  expect(x('relay')).toBeLessThan(x('flexor'));
  expect(x('flexor')).toBeLessThan(x('left leg'));
});

test('circles of synapses do not hang the layout', async () => {
  const view = showcase();
  view.nodes = Array.from({length: 30}, (_, number) => neuron(`n${number}`, number, 0, 0));
  view.edges = view.nodes.map((_, number) => synapse(number, [`n${number}`, number], [`n${(number + 1) % 30}`, (number + 1) % 30]));
  const scene = build(view);
  expect(overlaps(scene, await autoLayout(scene, null))).toBe(0);
});

test('larger circuits: connected neurons come nearer than others, and none is lost', async () => {
  const view = cloud(600, 3);
  const next = random(9);
  for (const node of view.nodes) node.position = [next() * 5000, next() * 5000];
  const scene = build(view);
  const places = await autoLayout(scene, null);
  const at = new Map(places.map(place => [place.number, place]));
  const distance = (one: number, other: number) => Math.hypot(at.get(one)!.x - at.get(other)!.x, at.get(one)!.y - at.get(other)!.y);
  let connected = 0;
  let random_ = 0;
  for (let strand = 0; strand < scene.strandCount; strand++) {
    connected += distance(scene.sourceOfStrand[strand]!, scene.targetOfStrand[strand]!);
    random_ += distance(scene.sourceOfStrand[strand]!, Math.floor(next() * 600));
  }
  expect(connected).toBeLessThan(random_ * 0.75);
  expect(new Set(places.map(place => place.number)).size).toBe(600);
});

test('a layout works in slices, between which the page gets its turns', async () => {
  const scene = build(cloud(1003, 5));
  // Two slices and the pull of the edges in each of 120 rounds.
  expect([...forceLayout(layoutGraph(scene, null))].length).toBeGreaterThanOrEqual(360);
  let turns = 0;
  let running = true;
  const watch = () => {
    turns++;
    if (running) setImmediate(watch);
  };
  watch();
  const places = await autoLayout(scene, null);
  running = false;
  expect(places).toHaveLength(1003);
  expect(turns).toBeGreaterThan(2);
}, 60_000);

test('align and distribute', () => {
  const view = showcase();
  view.nodes = [neuron('a', 0, 0, 0), neuron('b', 1, 90, 30), neuron('c', 2, 300, 60)];
  view.edges = [];
  const scene = build(view);
  expect(align(scene, [0, 1, 2], 'top').map(place => place.y)).toEqual([0, 0, 0]);
  expect(align(scene, [0, 1, 2], 'center').map(place => place.x)).toEqual([150, 150, 150]);
  expect(distribute(scene, [2, 0, 1], 'horizontal')).toEqual([{number: 1, x: 150, y: 30}]);
});

test('a Hilbert curve visits every cell once, and neighbours in turn', () => {
  const seen = new Set<string>();
  let before: [number, number] | null = null;
  for (let index = 0; index < 256; index++) {
    const [x, y] = hilbertPlace(index, 16);
    seen.add(`${x} ${y}`);
    if (before) expect(Math.abs(x - before[0]) + Math.abs(y - before[1])).toBe(1);
    before = [x, y];
  }
  expect(seen.size).toBe(256);
});

test('arrow keys walk along the geometry', () => {
  const scene = build(showcase());
  const from = (id: string, direction: 'left' | 'right' | 'up' | 'down') =>
    scene.nodes[nextNode(scene, scene.nodeNumber(id), direction)]?.view.id;
  expect(from('relay', 'right')).toBe('flexor');
  expect(from('relay', 'down')).toBe('inhibitor');
  expect(from('extensor', 'left')).toBe('inhibitor');
  expect(from('wheel', 'right')).toBeUndefined();
});
