import type {FrameHub} from './frames';
import type {Future} from './state';

export interface Difference {
  /** Spikes that only one of the two futures has. */
  count: number;
  first: number | null;
  /** How far both are known. */
  until: number;
}

/** Compares the spikes of the future that was with those of the one that runs, as far as both are known. */
export function compareFutures(future: Future, frames: FrameHub): Difference {
  const until = Math.min(future.to, frames.latest?.tick ?? 0);
  const before = new Set<string>();
  for (let i = 0; i < future.before.length; i += 2) {
    const tick = future.before[i]!;
    if (tick >= future.tick && tick < until) before.add(`${future.before[i]} ${future.before[i + 1]}`);
  }
  let count = 0;
  let first: number | null = null;
  const note = (tick: number) => {
    count++;
    first = first === null ? tick : Math.min(first, tick);
  };
  frames.forEachSpike(future.tick, until, (tick, neuron) => {
    if (!before.delete(`${tick} ${neuron}`)) note(tick);
  });
  for (const key of before) note(Number(key.slice(0, key.indexOf(' '))));
  return {count, first, until};
}
