// The engine on the browser's WebGPU, in CI on Chromium's software adapter: without an adapter these tests fail.
import type {Page} from 'playwright-core';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {webGpu} from '../browser/chromium';
import {Pages} from '../browser/page';
import {cases, SILENT} from './cases';
import type {Case, Hash} from './run';

/** Part of the time that tasks of over 50 ms may take: a page that computed itself would be blocked all the time. */
const MOST_BLOCKED = 0.2;

let pages: Pages;
let page: Page;

beforeAll(async () => {
  pages = await Pages.start(webGpu);
  page = await pages.open();
  await page.addScriptTag({type: 'module', content: 'import * as parity from "/parity/run.ts"; globalThis.parity = parity;'});
  await page.waitForFunction(() => globalThis.parity !== undefined);
});
afterAll(() => pages?.stop());

// A software GPU takes some milliseconds a tick and more for an answer: all circuits run, for a short while.
const shortened = cases.map(one => ({...one, ...one.early}));

test('the GPU gets the native engine’s spikes and state', async () => {
  const got = await page.evaluate(async (all: Case[]): Promise<Hash[]> => {
    // One after the other in one engine, which keeps the GPU and its compiled kernels.
    const engine = await globalThis.parity.start(await WebAssembly.compileStreaming(fetch('/generated/flux.wasm')));
    const hashes: Hash[] = [];
    for (const one of all) {
      const bytes = new Uint8Array(await (await fetch(`/@fs${one.file}`)).arrayBuffer());
      hashes.push(await globalThis.parity.hashOf(engine, bytes, one, true));
    }
    return hashes;
  }, shortened);
  expect(got).toEqual(shortened.map(({spikes, state}) => ({spikes, state})));
  expect(got.filter(({spikes}) => spikes !== SILENT).length).toBeGreaterThan(0.8 * got.length);
});

/** What a person may do with cores in the middle of a run; `onGpu`: false is the same with the cpu core alone. */
const journey = (onGpu: boolean) =>
  page.evaluate(async onGpu => {
    const engine = globalThis.engine.createEngine();
    const told: string[] = [];
    engine.onCore(({running, because}) => told.push(`${running} ${because}`));
    const use = async (choice: 'cpu' | 'gpu') => {
      const info = await engine.setCore(onGpu ? choice : 'cpu');
      if (onGpu && info.running !== choice) throw new Error(info.reason);
    };
    const hashes: unknown[] = [];
    const step = async (ticks: number) => {
      engine.step(ticks);
      for (let now = await engine.history(); ; now = await engine.history()) {
        if (now.to >= target + ticks) break;
      }
      target += ticks;
      hashes.push(await engine.hash());
    };
    let target = 0;
    await engine.open({example: 'classical_conditioning'});
    await use('cpu');
    await step(300);
    await use('gpu');
    await step(300);
    // An edit of a running network, and its undoing.
    const before = await engine.view('');
    const neuron = before.nodes.find(node => node.kind === 'neuron')!;
    await engine.apply([{op: 'set', node: neuron.id, properties: {threshold: 60}}]);
    engine.fire(neuron.first);
    await step(200);
    await engine.undo();
    await use('cpu');
    await step(100);
    // A state that one core saved goes on in the other, in both directions.
    for (const next of ['gpu', 'cpu'] as const) {
      const bytes = await engine.save('flx with state');
      await engine.open({bytes});
      await use(next);
      await step(200);
    }
    await use('gpu');
    await step(100);
    // The past, on the GPU.
    await engine.seek(target - 150);
    hashes.push(await engine.hash());
    await engine.seek(target);
    if (onGpu) engine.loseGpu();
    await step(300);
    const info = await engine.core();
    engine.close();
    return {hashes, told, info};
  }, onGpu);

test('cores change in the middle of a run, and a lost GPU does not end it', async () => {
  const onCpu = await journey(false);
  const onGpu = await journey(true);
  expect(onGpu.hashes).toEqual(onCpu.hashes);
  expect(new Set(onGpu.hashes.map(hash => JSON.stringify(hash))).size).toBeGreaterThan(6);
  expect(onGpu.info).toMatchObject({choice: 'gpu', running: 'cpu', because: 'failed'});
  expect(onGpu.info.reason).toContain('it was lost');
  expect(onGpu.told.at(-1)).toBe('cpu failed');
});

test('left to itself, the engine does not take a software GPU', async () => {
  const info = await page.evaluate(async () => {
    const engine = globalThis.engine.createEngine();
    await engine.open({example: 'reflex_arc'});
    await engine.open({text: await engine.generate('balanced', {neurons: 20_000, rate: 20})});
    engine.setSpeed(0);
    engine.run();
    let info = await engine.core();
    for (
      const end = performance.now() + 20_000;
      performance.now() < end && ['chosen', 'light'].includes(info.because);
      info = await engine.core()
    ) {
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    engine.close();
    return info;
  });
  expect(info).toMatchObject({choice: 'auto', running: 'cpu', because: 'software'});
});

test('the page stays responsive while the GPU computes', async () => {
  const {frames, blocked} = await page.evaluate(async () => {
    const engine = globalThis.engine.createEngine();
    await engine.open({example: 'central_pattern_generator'});
    const info = await engine.setCore('gpu');
    if (info.running !== 'gpu') throw new Error(info.reason);
    const tasks: number[] = [];
    const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)));
    observer.observe({type: 'longtask'});
    let frames = 0;
    let spikes = 0;
    engine.onFrame(frame => {
      ++frames;
      spikes += frame.spikeCount;
    });
    engine.watch({levels: true, probes: [0, 1]});
    engine.setSpeed(0);
    engine.run();
    const began = performance.now();
    for (let i = 0; i < 10 || (frames < 12 && i < 200); ++i) {
      await new Promise(resolve => setTimeout(resolve, 200));
      engine.fire(0);
    }
    const passed = performance.now() - began;
    observer.disconnect();
    engine.close();
    if (spikes === 0) throw new Error('a silent network proves nothing');
    return {frames, blocked: tasks.reduce((sum, task) => sum + task, 0) / passed};
  });
  expect(frames).toBeGreaterThan(10);
  expect(blocked).toBeLessThan(MOST_BLOCKED);
});
