import {expect, test} from 'vitest';
import {neuron} from '../demo/synthetic';
import {Camera} from '../src/camera';
import {type Anchor, curveBox, distanceToCurve, pointOnCurve, writeCurve} from '../src/scene/edgeGeometry';
import {cellAt, cellGrid, cellOffset, gridOf, nodeSize} from '../src/scene/nodeShape';

const circle = (x: number, y: number): Anchor => ({x, y, halfWidth: 22, halfHeight: 22, round: true, side: 0});

function curveBetween(from: Anchor, to: Anchor, lane: number): Float32Array {
  const curve = new Float32Array(8);
  writeCurve(curve, 0, from, to, lane);
  return curve;
}

test('a curve starts and ends at the rims of its neurons', () => {
  const from = circle(0, 0);
  const to = circle(200, 80);
  for (const lane of [0, 1, -1, 3]) {
    const curve = curveBetween(from, to, lane);
    const start = pointOnCurve(curve, 0, 0);
    const end = pointOnCurve(curve, 0, 1);
    expect(Math.hypot(start.x, start.y)).toBeCloseTo(23, 3);
    expect(Math.hypot(end.x - 200, end.y - 80)).toBeCloseTo(24.5, 3);
  }
});

test('the way there, the way back and parallel connections keep apart', () => {
  const one = circle(0, 0);
  const other = circle(200, 0);
  const middles = [curveBetween(one, other, 0), curveBetween(other, one, 0), curveBetween(one, other, 1), curveBetween(one, other, -1)].map(
    curve => pointOnCurve(curve, 0, 0.5).y,
  );
  const sorted = [...middles].sort((a, b) => a - b);
  for (let place = 1; place < sorted.length; place++) expect(sorted[place]! - sorted[place - 1]!).toBeGreaterThan(4);
});

test('a connection to itself is a loop outside the neuron', () => {
  const self = circle(50, 50);
  const curve = curveBetween(self, self, 0);
  for (let part = 0; part <= 10; part++) {
    const {x, y} = pointOnCurve(curve, 0, part / 10);
    expect(Math.hypot(x - 50, y - 50)).toBeGreaterThan(21);
  }
  expect(pointOnCurve(curve, 0, 0.5).y).toBeLessThan(50 - 22 * 2);
});

test('a population is left at its outline, also at a corner', () => {
  const box: Anchor = {x: 0, y: 0, halfWidth: 100, halfHeight: 60, round: false, side: 0};
  const start = pointOnCurve(curveBetween(box, circle(500, 300), 0), 0, 0);
  expect(Math.max(Math.abs(start.x) / 100, Math.abs(start.y) / 60)).toBeGreaterThan(0.999);
  expect(Math.max(Math.abs(start.x) - 100, Math.abs(start.y) - 60)).toBeLessThan(2);
});

test('distances to a curve are right, and its box holds it', () => {
  const curve = curveBetween(circle(0, 0), circle(300, 100), 2);
  const box = curveBox(curve, 0);
  for (let part = 0; part <= 20; part++) {
    const {x, y} = pointOnCurve(curve, 0, part / 20);
    expect(distanceToCurve(curve, 0, x, y)).toBeLessThan(0.5);
    expect(x >= box.left && x <= box.right && y >= box.top && y <= box.bottom).toBe(true);
  }
  expect(distanceToCurve(curve, 0, 150, 400)).toBeGreaterThan(200);
});

test('the camera zooms at the pointer and converts both ways', () => {
  const camera = new Camera();
  Object.assign(camera, {width: 800, height: 600, x: 40, y: -20, zoom: 1.5});
  const pointer = {x: 123, y: 456};
  const before = camera.toWorld(pointer);
  camera.zoomAt(pointer, 2.5);
  const after = camera.toWorld(pointer);
  expect(after.x).toBeCloseTo(before.x, 9);
  expect(after.y).toBeCloseTo(before.y, 9);
  expect(camera.toScreen(before).x).toBeCloseTo(pointer.x, 9);
  const place = camera.placeFor({left: 0, top: 0, right: 1000, bottom: 100}, 50, 40);
  expect(place).toEqual({x: 500, y: 50, zoom: 0.7});
  const tall = {left: 0, top: 0, right: 10, bottom: 1000};
  Object.assign(camera, camera.placeFor(tall, 20, 40, [60, 40]));
  expect(camera.toScreen({x: 0, y: 0}).y, 'below what is covered').toBeCloseTo(80);
  expect(camera.toScreen({x: 0, y: 1000}).y).toBeCloseTo(camera.height - 60);
});

test('every neuron of a population has a cell of its own that is found again', () => {
  const node = {...neuron('p', 0, 0, 0), single: false, count: 1003, width: 0};
  const [width, height] = nodeSize(node);
  const grid = cellGrid(node, width, height)!;
  for (let index = 0; index < node.count; index++) {
    const {x, y} = cellOffset(grid, index);
    expect(cellAt(grid, node.count, x, y)).toBe(index);
    expect(Math.abs(x) < width / 2 && Math.abs(y) < height / 2).toBe(true);
  }
  expect(cellAt(grid, node.count, width, 0)).toBe(-1);
  expect(gridOf(12, 4, 1)).toEqual([4, 3]);
});

test.each([
  ['below', 80, 110, 400],
  ['above', 20, -10, 400],
  ['narrow', 55, 110, 30],
])('a connection between ports of one box goes round it: %s', (_, y, beyond, right) => {
  const box = {left: 0, top: 0, right, bottom: 100};
  const port = {halfWidth: 0, halfHeight: 0, round: true};
  const curve = new Float32Array(8);
  writeCurve(curve, 0, {...port, x: box.right, y, side: 1}, {...port, x: box.left, y, side: -1}, 0, box);
  const places = Array.from({length: 99}, (_, i) => pointOnCurve(curve, 0, (i + 1) / 100));
  expect(places.filter(({x, y}) => x > box.left && x < box.right && y > box.top && y < box.bottom)).toEqual([]);
  const {y: middle} = pointOnCurve(curve, 0, 0.5);
  expect(beyond > y ? middle > beyond : middle < beyond).toBe(true);
});
