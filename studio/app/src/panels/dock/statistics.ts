export interface Row {
  neuron: number;
  spikes: number;
  /** Spikes per tick. */
  rate: number;
  /** Mean interval between its spikes in ticks, and their standard deviation over it; null with fewer than two intervals. */
  interval: number | null;
  variation: number | null;
}

/** Spikes per tick and intervals of each neuron that fired in the last `length` ticks. */
export function statistics(
  frames: {
    latest: {tick: number} | null;
    forEachSpike: (from: number, to: number, callback: (tick: number, neuron: number) => void) => void;
  },
  length: number,
): Row[] {
  const to = frames.latest?.tick ?? 0;
  const from = Math.max(0, to - length);
  const trains = new Map<number, number[]>();
  frames.forEachSpike(from, to, (tick, neuron) => {
    const train = trains.get(neuron);
    if (train) train.push(tick);
    else trains.set(neuron, [tick]);
  });
  return [...trains].map(([neuron, ticks]) => {
    const intervals = ticks.slice(1).map((tick, i) => tick - ticks[i]!);
    const mean = intervals.reduce((sum, interval) => sum + interval, 0) / intervals.length;
    const variance = intervals.reduce((sum, interval) => sum + (interval - mean) ** 2, 0) / intervals.length;
    const hasIntervals = intervals.length > 1;
    return {
      neuron,
      spikes: ticks.length,
      rate: ticks.length / Math.max(1, to - from),
      interval: hasIntervals ? mean : null,
      variation: hasIntervals ? Math.sqrt(variance) / mean : null,
    };
  });
}
