import {TickRing} from './tickRing';

/** Spikes as they came, the oldest given up when full: pairs of tick and neuron with rising ticks. */
export class SpikeLog extends TickRing {
  private readonly neurons: Uint32Array;

  constructor(capacity = 1 << 19) {
    super(capacity);
    this.neurons = new Uint32Array(capacity);
  }

  /** Pairs (tick, neuron), as a frame carries them. Older ones than the last are taken as a step back in time. */
  add(pairs: Uint32Array): void {
    if (pairs.length >= 2 && this.length > 0 && pairs[0]! < this.tick(this.length - 1)) this.forgetFrom(pairs[0]!);
    for (let at = 0; at + 1 < pairs.length; at += 2) this.neurons[this.place(pairs[at]!)] = pairs[at + 1]!;
  }

  neuron(entry: number): number {
    return this.neurons[this.slot(entry)]!;
  }
}
