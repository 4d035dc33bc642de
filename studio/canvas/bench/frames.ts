// Frame times of the canvas with live networks, and how soon it answers a person:
//   node bench/run.mjs bench/frames.ts [--seconds S] [--ratio R] [--graphics webgl2|webgpu|software] [SCENE:COUNT ...]
// Every neuron fires at about 8 spikes per second of model time, at the speed of real time; 10 synapses per neuron. Prints two tables.
import {readdirSync, readFileSync} from 'node:fs';
import type {Page} from 'playwright-core';
import {type Demo, startDemo} from '../e2e/demoPage';
import {type Latency, measureLatency} from './latency';

interface Result {
  /** Frames per second. */
  rate: number;
  /** Milliseconds between frames: median, and that which 95 of 100 do not exceed. */
  median: number;
  late: number;
  /** Milliseconds of the page's main thread per frame: median and longest. */
  script: number;
  longestScript: number;
  /** Tasks of 50 ms or more on the main thread. */
  longTasks: number;
  /** Milliseconds of processor time per frame, of all of Chromium's processes. */
  processor: number;
}

const standard = ['cloud:1000', 'cloud:10000', 'cloud:100000', 'populations:1000', 'populations:10000', 'populations:100000'];
/** Of the clock in which Linux counts processor time. */
const clockTicksPerSecond = 100;

export async function main(parameters: string[]): Promise<void> {
  const option = (name: string, otherwise: string) => {
    const at = parameters.indexOf(name);
    return at < 0 ? otherwise : parameters.splice(at, 2)[1]!;
  };
  const seconds = Number(option('--seconds', '5'));
  const ratio = Number(option('--ratio', '1'));
  const graphics = option('--graphics', '');
  const demo = await startDemo(graphics === 'webgpu' || graphics === 'webgl2' ? graphics : 'as installed');
  const scenes = parameters.length > 0 ? parameters : standard;
  const latencies: [scene: string, Latency][] = [];
  console.log(
    `1400 x 900 CSS pixels, device pixel ratio ${ratio}, ${seconds} s each, no graphics card, ${graphics || 'what the canvas chooses'}`,
  );
  console.log(
    '| network | camera | frames/s | ms between frames, median / 95% | main thread ms, median / longest | tasks over 50 ms | processor ms per frame |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const scene of scenes)
    latencies.push([scene, await measureScene(demo, scene, seconds, graphics ? `graphics=${graphics}` : '', ratio)]);
  await demo.close();
  console.log('\nWhile the network runs. To a frame: until the browser begins the frame after the one that shows it.\n');
  console.log('| network | pointer to frame ms, median / 95% | edit to effect ms, median / longest | longest task while editing, ms |');
  console.log('| --- | --- | --- | --- |');
  for (const [scene, {pointer, pointerLate, edit, editLongest, longestTask}] of latencies) {
    const both = (one: number, other: number) => `${one.toFixed(0)} / ${other.toFixed(0)}`;
    console.log(`| ${scene} | ${both(pointer, pointerLate)} | ${both(edit, editLongest)} | ${longestTask.toFixed(0)} |`);
  }
}

async function measureScene(demo: Demo, scene: string, seconds: number, query: string, ratio: number): Promise<Latency> {
  const [name, count] = scene.split(':') as [string, string];
  const page = await demo.open(`scene=${name}&count=${count}&run=0&${query}`, {ratio});
  await page.waitForFunction(
    nodes => window.canvas.scene().nodes.length === nodes && window.canvas.figures.strands > 0,
    name === 'cloud' ? Number(count) : 10,
    {timeout: 120_000},
  );
  for (const camera of ['whole', 'near', 'moving'] as const) {
    await page.evaluate(camera => {
      const {canvas} = window;
      if (camera === 'near') {
        const {x, y} = canvas.scene().nodes[Math.floor(canvas.scene().nodes.length / 2)]!;
        canvas.glideTo({x, y, zoom: 1}, false);
      } else canvas.zoomTo('all', false);
    }, camera);
    await page.waitForTimeout(1500);
    const {rate, median, late, script, longestScript, longTasks, processor} = await measure(page, seconds, camera === 'moving');
    const cells = [
      scene,
      camera,
      rate.toFixed(0),
      `${median.toFixed(0)} / ${late.toFixed(0)}`,
      `${script.toFixed(1)} / ${longestScript.toFixed(0)}`,
      longTasks,
      processor.toFixed(0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  const latency = await measureLatency(page);
  await page.close();
  return latency;
}

export async function measure(page: Page, seconds: number, moving: boolean): Promise<Result> {
  // Frames are made beforehand: what is measured is the canvas, not the network.
  await page.evaluate(
    count => {
      const {player} = window;
      const copy = (source: Int16Array) => new Int16Array(source);
      (window as unknown as {frames: unknown[]}).frames = Array.from({length: count}, () => {
        const frame = player.advance(16, 1);
        return count * frame.levels!.length < 4e7 ? {...frame, levels: copy(frame.levels!)} : frame;
      });
    },
    Math.ceil(seconds * 60),
  );
  const before = processorTime();
  const result = await page.evaluate(
    ({seconds, moving}) =>
      new Promise<Omit<Result, 'processor'> & {frames: number}>(resolve => {
        const {canvas} = window;
        const frames = (window as unknown as {frames: Parameters<typeof canvas.applyFrame>[0][]}).frames;
        const intervals: number[] = [];
        const scripts: number[] = [];
        let longTasks = 0;
        const observer = new PerformanceObserver(list => {
          longTasks += list.getEntries().length;
        });
        observer.observe({type: 'longtask'});
        const start = performance.now();
        const {x, y, zoom} = canvas.camera;
        let last = start;
        let next = 0;
        const step = () => {
          const now = performance.now();
          intervals.push(now - last);
          last = now;
          const begin = performance.now();
          canvas.applyFrame(frames[next++ % frames.length]!);
          if (moving) {
            const part = (now - start) / 1000;
            Object.assign(canvas.camera, {
              x: x + (Math.sin(part * 2) * 120) / zoom,
              y: y + (Math.cos(part * 3) * 60) / zoom,
              zoom: zoom * (1.3 + 0.3 * Math.sin(part)),
            });
            canvas.cameraMoved();
          }
          scripts.push(performance.now() - begin + canvas.figures.frameMilliseconds);
          if (now - start < seconds * 1000) {
            requestAnimationFrame(step);
            return;
          }
          observer.disconnect();
          const sorted = (values: number[]) => values.slice(2).sort((one, other) => one - other);
          const at = (values: number[], part: number) => values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
          const [gaps, times] = [sorted(intervals), sorted(scripts)];
          resolve({
            frames: next,
            rate: (next * 1000) / (now - start),
            median: at(gaps, 0.5),
            late: at(gaps, 0.95),
            script: at(times, 0.5),
            longestScript: at(times, 1),
            longTasks,
          });
        };
        requestAnimationFrame(step);
      }),
    {seconds, moving},
  );
  return {...result, processor: ((processorTime() - before) * 1000) / Math.max(1, result.frames)};
}

/** Seconds of processor time that the processes started by this one have used. */
function processorTime(): number {
  const processes = new Map<number, {parent: number; time: number}>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
      processes.set(Number(name), {parent: Number(fields[1]), time: Number(fields[11]) + Number(fields[12])});
    } catch {
      // It ended between the two calls.
    }
  }
  const isOurs = (id: number): boolean => id === process.pid || (processes.has(id) && id !== 1 && isOurs(processes.get(id)!.parent));
  let sum = 0;
  for (const [id, {time}] of processes) if (id !== process.pid && isOurs(id)) sum += time;
  return sum / clockTicksPerSecond;
}
