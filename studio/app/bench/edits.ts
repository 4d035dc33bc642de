// How long the main thread is blocked while a running circuit of single neurons is opened and edited in the studio:
//   node canvas/bench/run.mjs app/bench/edits.ts [--neurons N] [--fanout K] [--rounds R]
// Prints the longest task of each kind of edit (tasks of 50 ms and more are all that a browser tells of), how many there were, the longest gap
// between two frames, and when the canvas showed the edit.
import type {Page} from 'playwright-core';
import type {Session} from '../src/session/session';
import {serveStudio} from './served';

declare global {
  var flux: Session;
}

interface Measured {
  longest: number;
  tasks: number;
  gap: number;
  /** Milliseconds until the edit was applied and handed to the canvas. */
  shown: number;
}

const kinds = ['move a node', 'change a property', 'add a neuron', 'add a synapse', 'delete a neuron', 'undo', 'redo'] as const;

export async function main(parameters: string[]): Promise<void> {
  const option = (name: string, otherwise: number) => {
    const at = parameters.indexOf(name);
    return at < 0 ? otherwise : Number(parameters[at + 1]);
  };
  const neurons = option('--neurons', 10_000);
  const rounds = option('--rounds', 3);
  const served = await serveStudio();
  const page = await served.browser.newPage({viewport: {width: 1400, height: 900}});
  page.on('pageerror', error => console.error('page:', error.stack));
  await page.goto(`${served.address}?example=reflex_arc`);
  await page.waitForFunction(() => (globalThis.flux?.frames.latest?.tick ?? 0) > 0);
  console.log(`${neurons} neurons, ${option('--fanout', 10)} synapses each, running\n`);
  console.log('| what | longest task ms | tasks over 50 ms | longest gap between frames ms | shown after ms |');
  console.log('| --- | --- | --- | --- | --- |');
  print('open', [await open(page, circuit(neurons, option('--fanout', 10)))]);
  await page.waitForTimeout(2000);
  for (const kind of kinds) {
    const measured: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(await edit(page, kind, round));
      await page.waitForTimeout(500);
    }
    print(kind, measured);
  }
  await served.close();
}

function print(what: string, rounds: Measured[]): void {
  const most = (of: (round: Measured) => number) => Math.max(...rounds.map(of)).toFixed(0);
  const tasks = rounds.reduce((sum, round) => sum + round.tasks, 0);
  console.log(`| ${what} | ${most(r => r.longest)} | ${tasks} | ${most(r => r.gap)} | ${most(r => r.shown)} |`);
}

/** A square of neurons that fire by themselves; most synapses are short. The same in every run. */
export function circuit(count: number, fanout: number): string {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const columns = Math.ceil(Math.sqrt(count));
  const neurons = Array.from({length: count}, (_, i) => ({
    id: `n${i}`,
    position: [(i % columns) * 90 + Math.round(next() * 40), Math.floor(i / columns) * 90 + Math.round(next() * 40)],
    autoFiringRate: 8,
  }));
  const synapses = Array.from({length: count * fanout}, (_, i) => {
    const source = Math.floor(i / fanout);
    const reach = 1 + Math.floor(next() * 8);
    const target = (source + (next() < 0.5 ? reach : reach * columns) + count) % count;
    return {
      from: `n${source}`,
      to: `n${target}`,
      weight: source % 5 === 4 ? -10 : 4 + Math.floor(next() * 4),
      length: 1 + Math.floor(next() * 16),
    };
  });
  return JSON.stringify({flux: 1, title: 'Many', neurons, synapses});
}

async function open(page: Page, text: string): Promise<Measured> {
  await watch(page);
  return page.evaluate(async text => {
    const start = performance.now();
    await globalThis.flux.open({text});
    return window.measured(start, globalThis.flux.state.get().view!.nodes.length);
  }, text);
}

async function edit(page: Page, kind: (typeof kinds)[number], round: number): Promise<Measured> {
  await watch(page);
  return page.evaluate(
    async ({kind, round}) => {
      const session = globalThis.flux;
      const id = `n${5000 + round}`;
      const label = {key: 'edit.paste'} as const;
      const start = performance.now();
      const apply = (operation: Parameters<Session['apply']>[0][0]) => session.apply([operation], label);
      switch (kind) {
        case 'move a node':
          await apply({op: 'set', node: id, properties: {position: [10 * round, -200]}});
          break;
        case 'change a property':
          await apply({op: 'set', node: id, properties: {threshold: 90 + round}});
          break;
        case 'add a neuron':
          await apply({op: 'add', list: 'neurons', value: {id: `added ${round}`, position: [200 * round, -100]}});
          break;
        case 'add a synapse':
          await apply({op: 'add', list: 'synapses', value: {from: `added ${round}`, to: id, weight: 20}});
          break;
        case 'delete a neuron':
          await apply({op: 'remove', node: id});
          break;
        case 'undo':
          await session.undo();
          break;
        case 'redo':
          await session.redo();
          break;
      }
      return window.measured(start, session.state.get().view!.nodes.length);
    },
    {kind, round},
  );
}

declare global {
  interface Window {
    /** Waits until the canvas has so many nodes and a second has passed. */
    measured(start: number, nodes: number): Promise<Measured>;
  }
}

async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const result = {longest: 0, tasks: 0, gap: 0, shown: 0};
    const observer = new PerformanceObserver(list => {
      for (const {duration} of list.getEntries()) {
        result.longest = Math.max(result.longest, duration);
        result.tasks++;
      }
    });
    observer.observe({type: 'longtask'});
    let last = performance.now();
    let watching = true;
    const frame = (now: number) => {
      result.gap = Math.max(result.gap, now - last);
      last = now;
      if (watching) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    window.measured = async (start, nodes) => {
      const wait = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));
      while (
        globalThis.flux.canvas!.scene().nodes.length !== nodes ||
        globalThis.flux.canvas!.scene().view !== globalThis.flux.state.get().view
      )
        await wait(2);
      result.shown = performance.now() - start;
      await wait(1500);
      watching = false;
      observer.disconnect();
      return result;
    };
  });
}
