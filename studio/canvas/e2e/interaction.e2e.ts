// What a person does on the canvas with mouse, keys and fingers, and what the canvas says it meant.
import type {Page} from 'playwright-core';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import type {Point} from '../src/elements';
import {type Demo, startDemo} from './demoPage';

let demo: Demo;
let page: Page;

beforeAll(async () => {
  demo = await startDemo();
  page = await demo.open('scene=showcase&run=0', {width: 1200, height: 700});
});

afterAll(() => demo.close());

beforeEach(async () => {
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    window.canvas.setView(window.demoView);
    window.canvas.setSelection([]);
    window.canvas.setTool('hand');
    window.canvas.zoomTo('all', false);
    window.demoEvents.splice(0);
  });
});

/** Middle of a node on the screen. */
function at(id: string): Promise<Point> {
  return page.evaluate(id => {
    const scene = window.canvas.scene();
    return window.canvas.camera.toScreen(scene.nodes[scene.nodeNumber(id)]!);
  }, id);
}

function events(name: string): Promise<unknown[]> {
  return page.evaluate(name => window.demoEvents.filter(event => event.name === name).map(({event}) => event), name);
}

async function drag(from: Point, to: Point): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, {steps: 3});
  await page.mouse.move(to.x, to.y, {steps: 3});
  await page.mouse.up();
}

test('a click on a source and one on a target ask for a synapse', async () => {
  const [from, to] = [await at('skin'), await at('flexor')];
  await page.mouse.click(from.x, from.y);
  expect(await events('select')).toEqual([{elements: [{kind: 'node', id: 'skin'}]}]);
  await page.waitForTimeout(400);
  await page.mouse.click(to.x, to.y);
  expect(await events('connect')).toEqual([{from: {node: 'skin', neuron: 0}, to: {node: 'flexor', neuron: 3}}]);
});

test('dragging from a rim or a port connects, too', async () => {
  const [from, to] = [await at('relay'), await at('reward')];
  const radius = await page.evaluate(() => 22 * window.canvas.camera.zoom);
  await drag({x: from.x, y: from.y - radius - 1}, to);
  expect(await events('connect')).toEqual([{from: {node: 'relay', neuron: 1}, to: {node: 'reward', neuron: 6}}]);
});

test('dragging moves a node onto the grid and asks for it once; escape takes it back', async () => {
  const from = await at('posture');
  await drag(from, {x: from.x - 37, y: from.y + 41});
  const moves = (await events('move')) as {items: {position: [number, number]}[]}[];
  expect(moves).toHaveLength(1);
  const [x, y] = moves[0]!.items[0]!.position;
  expect([x, y]).not.toEqual([160, 230]);
  const before = await at('reward');
  await page.mouse.move(before.x, before.y);
  await page.mouse.down();
  await page.mouse.move(before.x + 80, before.y + 30, {steps: 4});
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect(await at('reward')).toEqual(before);
  expect(await events('move')).toHaveLength(1);
});

test('a marquee selects, shift adds, and all selected nodes move together', async () => {
  await page.evaluate(() => window.canvas.setTool('select'));
  const [one, other] = [await at('relay'), await at('inhibitor')];
  await drag({x: one.x - 25, y: one.y - 45}, {x: other.x + 25, y: other.y + 25});
  const ids = await page.evaluate(() => window.canvas.selection().map(element => (element.kind === 'node' ? element.id : '')));
  expect(ids.sort()).toEqual(['inhibitor', 'relay']);
  const reward = await at('reward');
  await page.keyboard.down('Shift');
  await page.mouse.click(reward.x, reward.y);
  await page.keyboard.up('Shift');
  await drag(one, {x: one.x + 30, y: one.y - 20});
  const moves = (await events('move')) as {items: unknown[]}[];
  expect(moves[0]!.items).toHaveLength(3);
});

test('a modifier fires the neuron under the pointer, also inside a population', async () => {
  const [skin, pool] = [await at('skin'), await at('pool')];
  await page.keyboard.down('Alt');
  await page.mouse.click(skin.x, skin.y);
  await page.mouse.click(pool.x + 3, pool.y + 3);
  await page.keyboard.up('Alt');
  const fired = (await events('fire')) as {node: string; neuron: number}[];
  expect(fired[0]).toEqual({node: 'skin', neuron: 0});
  expect(fired[1]!.node).toBe('pool');
  expect(fired[1]!.neuron).toBeGreaterThan(71);
});

test('keys alone walk, connect, move, fire, open and delete', async () => {
  const skin = await at('skin');
  await page.mouse.click(skin.x, skin.y);
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    window.canvas.setSelection([{kind: 'node', id: 'relay'}]);
    window.demoEvents.splice(0);
  });
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect(await events('connect')).toEqual([{from: {node: 'relay', neuron: 1}, to: {node: 'flexor', neuron: 3}}]);
  await page.keyboard.press('f');
  expect(await events('fire')).toEqual([{node: 'flexor', neuron: 3}]);
  await page.keyboard.press('Control+ArrowDown');
  expect(await events('move')).toEqual([{items: [{element: {kind: 'node', id: 'flexor'}, position: [340, -50]}]}]);
  await page.keyboard.press('Enter');
  expect(await events('open')).toEqual([{element: {kind: 'node', id: 'flexor'}}]);
  await page.keyboard.press('Delete');
  expect(await events('delete')).toEqual([{elements: [{kind: 'node', id: 'flexor'}]}]);
});

test('the wheel zooms at the pointer', async () => {
  const pool = await at('pool');
  await page.mouse.move(pool.x, pool.y);
  const before = await page.evaluate(() => window.canvas.camera.zoom);
  await page.mouse.wheel(0, -240);
  await page.waitForFunction(before => window.canvas.camera.zoom > before * 1.2, before);
  const after = await at('pool');
  expect(Math.hypot(after.x - pool.x, after.y - pool.y)).toBeLessThan(1);
});

test('a box is resized by its corner, and the right button asks for a menu', async () => {
  await page.evaluate(() => window.canvas.setSelection([{kind: 'node', id: 'reservoir'}]));
  await page.waitForTimeout(200);
  const corner = await page.evaluate(() => {
    const scene = window.canvas.scene();
    const box = scene.nodeBox(scene.nodeNumber('reservoir'));
    return window.canvas.camera.toScreen({x: box.right, y: box.bottom});
  });
  await drag(corner, {x: corner.x + 60, y: corner.y + 40});
  const [resized] = (await events('resize')) as {element: unknown; size: [number, number]}[];
  expect(resized!.element).toEqual({kind: 'node', id: 'reservoir'});
  expect(resized!.size[0]).toBeGreaterThan(200);
  const skin = await at('skin');
  await page.mouse.click(skin.x, skin.y, {button: 'right'});
  expect(await events('context-menu')).toMatchObject([{element: {kind: 'node', id: 'skin'}, neuron: 0}]);
});
