// The module's side of tests/parity_hashes.cpp: the same circuits, the same kicks, the same ticks. Runs in Node and, bundled, in a page.
import {EngineModule} from '../src/module';
import type {CoreInfo} from '../src/types';

const encoder = new TextEncoder();

export interface Case {
  file: string;
  /** Whether every third tick one neuron is fired by hand. */
  kicked: boolean;
  ticks: number;
  spikes: string;
  state: string;
  /** The same after fewer ticks. */
  early: {ticks: number; spikes: string; state: string};
}

export interface Hash {
  spikes: string;
  state: string;
}

export const start = (compiled: WebAssembly.Module) => EngineModule.instantiate(compiled);

/** `onGpu`: there must be one. */
export async function hashOf(engine: EngineModule, bytes: Uint8Array, {file, kicked, ticks}: Case, onGpu = false): Promise<Hash> {
  await engine.ask('open', bytes, file, 0);
  if (onGpu) await moveToGpu(engine);
  const size = engine.call('size');
  for (let tick = 0; tick < ticks; ) {
    if (kicked && size > 0) await engine.order('fire', (Math.imul(tick, 2654435761) >>> 0) % size);
    const next = kicked ? Math.min(3, ticks - tick) : ticks;
    await engine.wait('step', [next]);
    tick += next;
  }
  const hash = await engine.ask<Hash>('hash');
  const info = await engine.ask<CoreInfo>('core');
  if (onGpu && info.running !== 'gpu') throw new Error(info.reason);
  await engine.ask('open', encoder.encode('{"flux": 1}'), 'nothing', 0); // lets the network go
  return hash;
}

async function moveToGpu(engine: EngineModule): Promise<void> {
  const info = await engine.askOpening<CoreInfo>('set_core', 2);
  if (info.running !== 'gpu') throw new Error(info.reason);
}
