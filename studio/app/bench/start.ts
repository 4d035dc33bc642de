// How soon the built studio shows a running network, and what its first page weighs:
//   node canvas/bench/run.mjs app/bench/start.ts [--rounds R]
// From the start of the navigation until the canvas has drawn neurons of a network that has run, and the browser begins the next frame.
// Cold: a browser that has started and has never been here. Warm: the same browser, a second time. Median of R rounds.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import type {Page} from 'playwright-core';
import {asInstalled, launch} from '../../engine/browser/chromium';
import type {Session} from '../src/session/session';
import {serveStudio} from './served';

declare global {
  var flux: Session;
}

const folder = join(import.meta.dirname, '../../../build/release/studio');

/** Milliseconds since the navigation began. */
interface Start {
  /** The browser has shown something of the page. */
  painted: number;
  /** The engine has run the network for a tick. */
  running: number;
  /** The canvas shows it. */
  shown: number;
}

export async function main(parameters: string[]): Promise<void> {
  const at = parameters.indexOf('--rounds');
  const rounds = at < 0 ? 5 : Number(parameters[at + 1]);
  const served = await serveStudio();
  await served.browser.close();
  const cold: Start[] = [];
  const warm: Start[] = [];
  const files = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const browser = await launch(asInstalled);
    const context = await browser.newContext({viewport: {width: 1400, height: 900}});
    const page = await context.newPage();
    // The browser's own start is not ours.
    await page.waitForTimeout(4000);
    page.on('response', response => response.url().startsWith(served.address) && files.add(new URL(response.url()).pathname));
    cold.push(await start(page, served.address));
    // What a first visit leaves for the next one.
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.close();
    const again = await context.newPage();
    warm.push(await start(again, served.address));
    await browser.close();
  }
  await served.close();
  console.log(`Median of ${rounds}, ms since the navigation began\n`);
  console.log('| visit | first paint | the network runs | the canvas shows it | slowest round |');
  console.log('| --- | --- | --- | --- | --- |');
  print('cold', cold);
  print('warm', warm);
  weigh([...files]);
}

async function start(page: Page, address: string): Promise<Start> {
  await page.addInitScript(() => {
    const times = {running: 0, shown: 0};
    Object.assign(globalThis, {startTimes: times});
    const look = () => {
      const {flux} = globalThis;
      if (!times.running && (flux?.frames.latest?.tick ?? 0) > 0) times.running = performance.now();
      const isDrawn = times.running > 0 && (flux.canvas?.figures.neurons ?? 0) > 0;
      // The frame that was drawn is with the browser when the next one begins.
      if (isDrawn) requestAnimationFrame(() => Object.assign(times, {shown: performance.now()}));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(address, {waitUntil: 'commit'});
  await page.waitForFunction(() => (globalThis as unknown as {startTimes: Start}).startTimes.shown > 0);
  return page.evaluate(() => ({
    ...(globalThis as unknown as {startTimes: Start}).startTimes,
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }));
}

function print(visit: string, rounds: Start[]): void {
  const median = (values: number[]) => values.sort((one, other) => one - other)[values.length >> 1]!.toFixed(0);
  const cells = (['painted', 'running', 'shown'] as const).map(name => median(rounds.map(round => round[name])));
  console.log(`| ${visit} | ${cells.join(' | ')} | ${Math.max(...rounds.map(round => round.shown)).toFixed(0)} |`);
}

/** Prints what the files that a page took weigh with gzip -9. */
function weigh(paths: string[]): void {
  console.log('\n| file | bytes | gzip -9 |');
  console.log('| --- | --- | --- |');
  let sum = 0;
  for (const path of paths.sort()) {
    const file = join(folder, path === '/' ? 'index.html' : path);
    if (!existsSync(file)) continue;
    const bytes = readFileSync(file);
    const packed = gzipSync(bytes, {level: 9}).length;
    sum += packed;
    console.log(`| ${path} | ${bytes.length} | ${packed} |`);
  }
  console.log(`| all | | ${sum} |`);
}
