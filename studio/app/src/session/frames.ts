import {SpikeLog, TimeWindow} from '@flux/canvas';
import type {Frame, ProbeSamples} from '@flux/engine';

/** Frames of probe samples that are kept, so that a plot which opens later has a past. */
const keptSamples = 4000;

/**
 * What the last frames brought, for everything that draws by itself: plots, organs, live numbers. Nothing here goes through React;
 * a consumer subscribes and writes to its own element.
 */
export class FrameHub {
  readonly spikes = new SpikeLog(1 << 18);
  /** What part of time the plots of the dock show. */
  readonly time = new TimeWindow(1000);
  readonly probes: ProbeSamples[] = [];
  private readonly listeners = new Set<(frame: Frame) => void>();
  latest: Frame | null = null;
  /** The last levels that were watched, from neuron `levelsFrom` on, 1/16 level. */
  private levels: Int16Array | null = null;
  private thresholds: Uint16Array | null = null;
  /** 1/256 level. */
  private modulation: Int16Array | null = null;
  private levelsFrom = 0;

  subscribe = (listener: (frame: Frame) => void): (() => void) => {
    this.listeners.add(listener);
    if (this.latest) listener(this.latest);
    return () => this.listeners.delete(listener);
  };

  /** The next frame that fits; it is taken in full before this resolves. */
  until(fits: (frame: Frame) => boolean): Promise<void> {
    return new Promise(resolve => {
      const listener = (frame: Frame) => {
        if (!fits(frame)) return;
        this.listeners.delete(listener);
        resolve();
      };
      this.listeners.add(listener);
    });
  }

  push(frame: Frame): void {
    // Going back in time: what was recorded of later ticks happens again.
    if (this.latest && frame.tick < this.latest.tick) this.spikes.forgetFrom(frame.tick);
    this.latest = frame;
    if (frame.levels) {
      this.levels = frame.levels;
      this.levelsFrom = frame.levelsFrom ?? 0;
    }
    if (frame.thresholds) this.thresholds = frame.thresholds;
    if (frame.modulation) this.modulation = frame.modulation;
    this.spikes.add(frame.spikes);
    if (frame.probes && this.probes.push(frame.probes) > keptSamples) this.probes.shift();
    this.time.advance(frame.tick);
    for (const listener of this.listeners) {
      // One that fails must not stop the others, or the frames.
      try {
        listener(frame);
      } catch (error) {
        console.error(error);
      }
    }
  }

  /** The state of a neuron in levels, as far as it is watched; null: it is not. */
  stateOf(neuron: number): {level: number; threshold: number; modulation: number} | null {
    const at = neuron - this.levelsFrom;
    const level = this.levels?.[at];
    const threshold = this.thresholds?.[at];
    const modulation = this.modulation?.[at];
    if (level === undefined || threshold === undefined || modulation === undefined) return null;
    return {level: level / 16, threshold: threshold / 16, modulation: modulation / 256};
  }

  clear(): void {
    this.spikes.clear();
    this.probes.length = 0;
    this.latest = null;
    this.levels = null;
    this.thresholds = null;
    this.modulation = null;
  }

  /** Calls back for each kept spike of the ticks from..to-1, oldest first. */
  forEachSpike(from: number, to: number, callback: (tick: number, neuron: number) => void): void {
    const {spikes} = this;
    for (let entry = spikes.firstFrom(from); entry < spikes.length && spikes.tick(entry) < to; entry++) {
      callback(spikes.tick(entry), spikes.neuron(entry));
    }
  }

  /** The kept spikes of the ticks from..to-1 as pairs. */
  copy(from: number, to: number): Uint32Array {
    const pairs: number[] = [];
    this.forEachSpike(from, to, (tick, neuron) => pairs.push(tick, neuron));
    return Uint32Array.from(pairs);
  }

  /** Tick of the last kept spike of a neuron before `tick`, or null. */
  lastSpike(neuron: number, before = Number.POSITIVE_INFINITY): number | null {
    const {spikes} = this;
    for (let entry = spikes.firstFrom(before) - 1; entry >= 0; entry--) if (spikes.neuron(entry) === neuron) return spikes.tick(entry);
    return null;
  }
}
