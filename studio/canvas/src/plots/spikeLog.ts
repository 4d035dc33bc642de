/** Spikes as they came, the oldest given up when full: pairs of tick and neuron with rising ticks. */
export class SpikeLog {
  private readonly ticks: Float64Array;
  private readonly neurons: Uint32Array;
  /** Number of spikes added so far. */
  private added = 0;
  /** Number of those that were given up. */
  private forgotten = 0;

  constructor(readonly capacity = 1 << 19) {
    this.ticks = new Float64Array(capacity);
    this.neurons = new Uint32Array(capacity);
  }

  /** Pairs (tick, neuron), as a frame carries them. Older ones than the last are taken as a step back in time. */
  add(pairs: Uint32Array): void {
    if (pairs.length >= 2 && this.length > 0 && pairs[0]! < this.tick(this.length - 1)) this.forgetFrom(pairs[0]!);
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const slot = this.added++ % this.capacity;
      this.ticks[slot] = pairs[at]!;
      this.neurons[slot] = pairs[at + 1]!;
    }
    this.forgotten = Math.max(this.forgotten, this.added - this.capacity);
  }

  get length(): number {
    return this.added - this.forgotten;
  }

  /** Entry 0 is the oldest that is kept. */
  tick(entry: number): number {
    return this.ticks[this.slot(entry)]!;
  }

  neuron(entry: number): number {
    return this.neurons[this.slot(entry)]!;
  }

  /** First entry at or after the tick. */
  firstFrom(tick: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tick(middle) < tick) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets everything at and after the tick: another future follows. */
  forgetFrom(tick: number): void {
    this.added -= this.length - this.firstFrom(tick);
  }

  clear(): void {
    this.added = 0;
    this.forgotten = 0;
  }

  private slot(entry: number): number {
    return (this.forgotten + entry) % this.capacity;
  }
}
