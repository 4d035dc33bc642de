// What the canvas really draws: pixels of a Chromium on software rendering.
import type {Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {onHardware} from '../../engine/browser/chromium';
import {neuron, synapse} from '../demo/synthetic';
import type {CircuitView, EdgeView, Frame, NodeView} from '../src/types';
import {type Demo, startDemo} from './demoPage';

type Pixel = [red: number, green: number, blue: number];

let demo: Demo;
let page: Page;

beforeAll(async () => {
  demo = await startDemo('webgpu');
});

afterAll(() => demo.close());

async function show(nodes: NodeView[], edges: EdgeView[] = [], zoom = 1, center: [number, number] = [0, 0]): Promise<void> {
  const view: CircuitView = {
    path: `test ${Math.random()}`,
    title: '',
    description: '',
    source: {kind: 'own', in: ''},
    nodes,
    edges,
    comments: [],
  };
  await page.evaluate(
    ({view, zoom, center}) => {
      window.canvas.setView(view);
      window.canvas.setSelection([]);
      window.canvas.glideTo({x: center[0], y: center[1], zoom}, false);
    },
    {view, zoom, center},
  );
}

/** A frame of a paused network, so that light and pulses stand still. */
async function frame(tick: number, spikes: number[], levels?: number[]): Promise<void> {
  await page.evaluate(
    ({tick, spikes, levels}) => {
      const frame: Frame = {tick, running: false, factor: 0, spikes: Uint32Array.from(spikes), spikeCount: spikes.length / 2};
      window.canvas.applyFrame(
        levels ? {...frame, levels: Int16Array.from(levels), thresholds: new Uint16Array(levels.length).fill(127 * 16)} : frame,
      );
    },
    {tick, spikes, levels},
  );
}

/** Colours at world places, of the picture when it is complete. */
async function pixels(places: [number, number][]): Promise<Pixel[]> {
  return page.evaluate(async places => {
    const {canvas} = window;
    const bitmap = await createImageBitmap((await canvas.toPng())!);
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const ratio = bitmap.width / canvas.camera.width;
    return places.map(([x, y]) => {
      const screen = canvas.camera.toScreen({x, y});
      return [...context.getImageData(Math.round(screen.x * ratio), Math.round(screen.y * ratio), 1, 1).data.slice(0, 3)] as Pixel;
    });
  }, places);
}

const isGreen = ([red, green, blue]: Pixel) => green > 110 && green > red * 1.4 && green > blue * 1.2;
const isBlue = ([red, green, blue]: Pixel) => blue > 110 && blue > red * 1.4 && blue > green * 1.2;
const brightness = ([red, green, blue]: Pixel) => red + green + blue;
const difference = (one: Pixel, other: Pixel) => one.reduce((sum, value, index) => sum + Math.abs(value - other[index]!), 0);

/** Places along an edge, from source to target. */
async function along(edge: number, count: number): Promise<[number, number][]> {
  return page.evaluate(
    ({edge, count}) => {
      const scene = window.canvas.scene();
      const at = scene.firstStrand[edge]! * 12;
      const curve = scene.strands.slice(at, at + 8);
      return Array.from({length: count}, (_, index) => {
        const t = (index + 0.5) / count;
        const s = 1 - t;
        const on = (axis: number) =>
          s ** 3 * curve[axis]! + 3 * s * s * t * curve[axis + 2]! + 3 * s * t * t * curve[axis + 4]! + t ** 3 * curve[axis + 6]!;
        return [on(0), on(1)] as [number, number];
      });
    },
    {edge, count},
  );
}

const pair = [neuron('a', 0, -150, 0), neuron('b', 1, 150, 0)];
const strong: Partial<EdgeView> = {weight: [127, 127]};

describe.each(['webgl2', 'webgpu', 'software'] as const)('%s', graphics => {
  beforeAll(async () => {
    page = await demo.open(`scene=showcase&run=0&graphics=${graphics}`, {width: 800, height: 500});
    expect(await page.evaluate(() => window.canvas.figures.graphics)).toBe(graphics);
  });

  afterAll(() => page.close());

  test('a neuron that fires turns green and glows; a silent one does neither', async () => {
    await show(pair);
    await frame(10, []);
    const before = await pixels([
      [-150, 0],
      [-150, 30],
      [150, 0],
    ]);
    expect(before.some(isGreen)).toBe(false);
    await frame(11, [10, 0]);
    const after = await pixels([
      [-150, 0],
      [-150, 30],
      [150, 0],
    ]);
    expect(isGreen(after[0]!)).toBe(true);
    expect(after[1]![1]).toBeGreaterThan(before[1]![1] + 15);
    expect(difference(after[2]!, before[2]!)).toBeLessThan(4);
  });

  test('a level fills its neuron from below', async () => {
    await show(pair);
    await frame(10, [], [64 * 16, 0]);
    const [low, high, empty] = await pixels([
      [-150, 10],
      [-150, -10],
      [150, 10],
    ]);
    expect(difference(low!, high!)).toBeGreaterThan(40);
    expect(difference(high!, empty!)).toBeLessThan(8);
  });

  test('excitation is green, inhibition blue, both fade to grey at the target', async () => {
    for (const [weight, isVivid] of [
      [127, isGreen],
      [-127, isBlue],
    ] as const) {
      await show(pair, [synapse(0, ['a', 0], ['b', 1], {weight: [weight, weight]})]);
      const places = await along(0, 20);
      const line = await pixels(places);
      expect(isVivid(line[2]!)).toBe(true);
      expect(isVivid(line[18]!)).toBe(false);
      expect(brightness(line[18]!)).toBeGreaterThan(120);
    }
  });

  test('direct synapses are solid, modulators dashed, electric ones dotted', async () => {
    const gaps: number[] = [];
    for (const type of ['direct', 'modulator', 'electric'] as const) {
      await show(pair, [synapse(0, ['a', 0], ['b', 1], {...strong, type})], 1.5);
      const line = await pixels((await along(0, 400)).slice(20, 360));
      const lit = line.map(value => brightness(value) > 130);
      gaps.push(lit.filter((value, index) => index > 0 && value !== lit[index - 1]).length / 2);
    }
    expect(gaps[0]).toBe(0);
    expect(gaps[1]).toBeGreaterThan(8);
    expect(gaps[2]).toBeGreaterThan(gaps[1]! * 1.5);
  });

  test('a heavier synapse is wider', async () => {
    const widths: number[] = [];
    for (const weight of [10, 127]) {
      await show(pair, [synapse(0, ['a', 0], ['b', 1], {weight: [weight, weight]})], 2);
      const [[x, y]] = (await along(0, 3)) as [[number, number]];
      const across = await pixels(Array.from({length: 41}, (_, index) => [x, y + (index - 20) / 4]));
      widths.push(across.filter(value => brightness(value) > 150).length);
    }
    expect(widths[1]).toBeGreaterThan(widths[0]! * 2);
  });

  test('what was learned is a border: white when grown, yellow when shrunk', async () => {
    for (const [learned, isEdge] of [
      [40, ([red, green, blue]: Pixel) => red > 150 && green > 150 && blue > 150],
      [-40, ([red, green, blue]: Pixel) => red > 150 && green > 120 && blue < 140],
    ] as const) {
      await show(pair, [synapse(0, ['a', 0], ['b', 1], {weight: [60, 60], learned: learned * 256})], 2);
      const [[x, y]] = (await along(0, 3)) as [[number, number]];
      const across = await pixels(Array.from({length: 61}, (_, index) => [x, y + (index - 30) / 4]));
      expect(across.some(isEdge)).toBe(true);
      expect(isEdge(across[30]!)).toBe(false);
    }
  });

  test('a spike travels: where it is on the synapse follows from tick and delay', async () => {
    await show(pair, [synapse(0, ['a', 0], ['b', 1], {weight: [20, 20], length: [100, 100]})], 1.5);
    await frame(999, []);
    const quarters = await along(0, 4);
    const rest = await pixels(quarters);
    // The picture of the synapse has to be there before a spike can be seen on it.
    await frame(1000, [999, 0]);
    for (const [tick, lit] of [
      [1012, 0],
      [1062, 2],
    ] as const) {
      await frame(tick, []);
      const now = await pixels(quarters);
      const brighter = now.map((value, index) => brightness(value) - brightness(rest[index]!));
      expect(brighter[lit]).toBe(Math.max(...brighter));
      expect(brighter[lit]!).toBeGreaterThan(80);
      expect(Math.abs(brighter[3]!)).toBeLessThan(30);
    }
  });

  test('names appear when they can be read, and not before', async () => {
    const textBelow = async (zoom: number) => {
      await show([neuron('abcdefgh', 0, 0, 0)], [], zoom);
      const places: [number, number][] = [];
      for (let x = -30; x <= 30; x++) for (let y = 12; y < 24; y++) places.push([x / zoom, 22 + (y - 8) / zoom]);
      return (await pixels(places)).filter(value => brightness(value) > 250).length;
    };
    expect(await textBelow(0.3)).toBe(0);
    expect(await textBelow(1)).toBeGreaterThan(30);
  });

  test('a selected neuron has a green ring', async () => {
    await show(pair);
    const ring: [number, number][] = Array.from({length: 16}, (_, index) => [
      -150 + 25.5 * Math.cos(index * 0.39),
      25.5 * Math.sin(index * 0.39),
    ]);
    expect((await pixels(ring)).filter(isGreen)).toHaveLength(0);
    await page.evaluate(() => window.canvas.setSelection([{kind: 'node', id: 'a'}]));
    expect((await pixels(ring)).filter(isGreen).length).toBeGreaterThan(11);
  });

  test('a population is a grid when near and one circle when far', async () => {
    const population = {...neuron('p', 0, 0, 0), single: false, count: 400};
    await show([population], [], 1.4);
    await frame(5, [4, 0]);
    const [fired, silent] = await pixels([
      [-133, -133],
      [-133 + 14, -133],
    ]);
    expect(isGreen(fired!)).toBe(true);
    expect(isGreen(silent!)).toBe(false);
    await page.evaluate(() => window.canvas.glideTo({x: 0, y: 0, zoom: 0.12}, false));
    const [corner, middle, outside] = await pixels([
      [-135, -135],
      [0, -60],
      [-400, 0],
    ]);
    expect(difference(corner!, outside!)).toBeLessThan(20);
    expect(difference(middle!, outside!)).toBeGreaterThan(15);
  });

  test('a quiet canvas does not draw', async () => {
    await show(pair);
    await frame(1, []);
    await page.waitForTimeout(300);
    const before = await page.evaluate(() => window.canvas.figures.frames);
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => window.canvas.figures.frames)).toBe(before);
  });

  test.skipIf(graphics === 'software')('lost graphics come back with the same picture', async () => {
    const {places, before} = await pictureOfPair();
    const events = await page.evaluate(async () => {
      const seen: boolean[] = [];
      const back = new Promise<void>(resolve => {
        window.canvas.on('context', ({lost}) => {
          seen.push(lost);
          if (!lost) resolve();
        });
      });
      const graphics = window.canvas.surface.graphics!;
      const lose = window.canvas.canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
      if (lose) {
        lose.loseContext();
        await new Promise(resolve => setTimeout(resolve, 200));
        lose.restoreContext();
      } else (graphics as unknown as {device: GPUDevice}).device.destroy();
      await back;
      return seen;
    });
    expect(events).toEqual([true, false]);
    expect(await page.evaluate(() => window.canvas.figures.graphics)).toBe(graphics);
    for (const [index, value] of (await pixels(places)).entries()) expect(difference(value, before[index]!)).toBeLessThan(12);
  });
});

/** Two neurons, a level, a spike and a synapse; and colours of it. */
async function pictureOfPair(): Promise<{places: [number, number][]; before: Pixel[]}> {
  await show(pair, [synapse(0, ['a', 0], ['b', 1], strong)]);
  await frame(11, [10, 0], [0, 64 * 16]);
  const places: [number, number][] = [[-150, 0], [150, 10], [150, -10], ...(await along(0, 5))];
  return {places, before: await pixels(places)};
}

test('the page draws where WebGPU is lost for good, under the same pointer', async () => {
  page = await demo.open('scene=showcase&run=0&graphics=webgpu', {width: 800, height: 500});
  const {places, before} = await pictureOfPair();
  await page.evaluate(async () => {
    navigator.gpu.requestAdapter = async () => null;
    const back = new Promise<void>(resolve => window.canvas.on('context', ({lost}) => lost || resolve()));
    (window.canvas.surface.graphics as unknown as {device: GPUDevice}).device.destroy();
    await back;
  });
  expect(await page.evaluate(() => window.canvas.figures.graphics)).toBe(onHardware ? 'webgl2' : 'software');
  for (const [index, value] of (await pixels(places)).entries()) expect(difference(value, before[index]!)).toBeLessThan(12);
  const [x, y] = await page.evaluate(() => {
    const {x, y} = window.canvas.camera.toScreen({x: -150, y: 0});
    return [x, y] as const;
  });
  await page.mouse.click(x, y);
  expect(await page.evaluate(() => window.canvas.selection())).toEqual([{kind: 'node', id: 'a'}]);
  await page.close();
});

test.skipIf(onHardware)('by itself the canvas takes neither WebGPU nor WebGL2 in software: the processor is faster', async () => {
  page = await demo.open('scene=showcase&run=0', {width: 800, height: 500});
  expect(await page.evaluate(async () => (await navigator.gpu.requestAdapter())?.info.isFallbackAdapter)).toBe(true);
  expect(await page.evaluate(() => window.canvas.figures.graphics)).toBe('software');
  await page.close();
});

test.each([
  ['showcase', 'dark', 1, 10],
  ['showcase', 'light', 1.5, 10],
  ['cloud&count=300', 'dark', 1, 100],
  // Too far for spikes on their way: neurons are dots.
  ['cloud&count=1500', 'light', 1, 0],
] as const)('all graphics draw the same picture: %s, %s, ratio %f', async (scene, theme, ratio, leastPulses) => {
  const pictures: string[] = [];
  for (const graphics of ['webgl2', 'webgpu', 'software']) {
    if (pictures.length > 0) await page.close();
    page = await demo.open(`scene=${scene}&theme=${theme}&run=0&graphics=${graphics}`, {width: 600, height: 400, ratio});
    // Large scenes are built between frames.
    await page.waitForFunction(() => window.canvas.figures.strands > 0);
    const {picture, pulses} = await page.evaluate(async () => {
      const {canvas, player} = window;
      canvas.setSelection([{kind: 'node', id: 'skin'}]);
      await canvas.toPng();
      // Steps of a paused network: light and spikes stand where the ticks put them.
      for (let step = 0; step < 6; step++) canvas.applyFrame({...player.advance(4, 1), running: false});
      const png = canvas.toPng();
      // Of the picture: frames after it have as many as their time allows.
      const {pulses} = canvas.figures;
      const reader = new FileReader();
      reader.readAsDataURL((await png)!);
      await new Promise(resolve => reader.addEventListener('load', resolve));
      return {picture: reader.result as string, pulses};
    });
    expect(pulses, 'without pulses this compares too little').toBeGreaterThanOrEqual(leastPulses);
    pictures.push(picture);
  }
  const counts = await page.evaluate(async pictures => {
    const [one, ...others] = await Promise.all(
      pictures.map(async picture => {
        const bitmap = await createImageBitmap(await (await fetch(picture)).blob());
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
      }),
    );
    return others.map(other => {
      const counts = {drawn: 0, mean: 0, far: 0};
      for (let at = 0; at < one!.length; at++) {
        const away = Math.abs(one![at]! - other[at]!);
        counts.mean += away / one!.length;
        if (away > 24) counts.far += 1 / one!.length;
        if (Math.abs(one![at]! - one![at & 3]!) > 24) counts.drawn += 1 / one!.length;
      }
      return counts;
    });
  }, pictures);
  await page.close();
  // In software what a line covers of a pixel is rounded to 1/256, and thousands of pale lines lie on one another.
  for (const [index, {drawn, mean, far}] of counts.entries()) {
    expect(drawn).toBeGreaterThan(0.01);
    expect(mean).toBeLessThan(index === 0 ? 0.15 : 0.5);
    expect(far).toBeLessThan(0.0005);
  }
});
