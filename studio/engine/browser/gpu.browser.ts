// The host on Chromium's software adapter, in a page of its own, where it can be watched.
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {EngineHost} from '../src/host';
import type {CoreInfo} from '../src/types';
import {webGpu} from './chromium';
import {Pages} from './page';

declare global {
  var Host: typeof EngineHost;
}

let pages: Pages;
beforeAll(async () => {
  pages = await Pages.start(webGpu);
});
afterAll(() => pages?.stop());

test('a GPU is opened once, however many documents are', async () => {
  const page = await pages.open();
  await page.addScriptTag({type: 'module', content: 'import {EngineHost} from "/src/host.ts"; globalThis.Host = EngineHost;'});
  await page.waitForFunction(() => globalThis.Host !== undefined);
  const seen = await page.evaluate(async () => {
    let devices = 0;
    const {requestDevice} = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = function (...values) {
      devices++;
      return requestDevice.apply(this, values);
    };
    const answers = new Map<number, (value: unknown) => void>();
    const host = new globalThis.Host(
      WebAssembly.compileStreaming(fetch('/generated/flux.wasm')),
      message => {
        if (message.kind === 'answer') answers.get(message.id)?.(message.value);
        else if (message.kind === 'error' || message.kind === 'crash') throw new Error(message.problem.what);
      },
      callback => setTimeout(callback),
    );
    let last = 0;
    const ask = <T>(call: string, ...values: unknown[]) =>
      new Promise<T>(resolve => {
        const id = ++last;
        answers.set(id, value => resolve(value as T));
        void host.receive({id, call, values} as never);
      });
    /** What a network has come to after 100 ticks. */
    const run = async (core: 'cpu' | 'gpu', threshold: number) => {
      const neurons = [
        {id: 'clock', autoFiringRate: 7},
        {id: 'other', count: 30, threshold},
      ];
      const fibers = [{from: ['clock'], to: ['other'], rule: 'all-to-all', weight: [10, 90], length: [1, 9]}];
      await ask('open', new TextEncoder().encode(JSON.stringify({flux: 1, neurons, fibers})), 'test.json');
      const {running} = await ask<CoreInfo>('setCore', core);
      await ask('step', 100);
      while ((await ask<{to: number}>('history')).to < 100) await new Promise(resolve => setTimeout(resolve, 5));
      const {running: still} = await ask<CoreInfo>('core');
      return {running, still, hash: await ask('hash')};
    };
    const onGpu = [await run('gpu', 30), await run('gpu', 60), await run('gpu', 30)];
    const onCpu = [await run('cpu', 30), await run('cpu', 60)];
    return {devices, onGpu, onCpu};
  });
  expect(seen.onGpu.map(({running, still}) => `${running} ${still}`)).toEqual(['gpu gpu', 'gpu gpu', 'gpu gpu']);
  expect(seen.onCpu[0]!.hash).not.toEqual(seen.onCpu[1]!.hash);
  expect(seen.onGpu.map(({hash}) => hash)).toEqual([seen.onCpu[0]!.hash, seen.onCpu[1]!.hash, seen.onCpu[0]!.hash]);
  expect(seen.devices).toBe(1);
  await page.close();
});
