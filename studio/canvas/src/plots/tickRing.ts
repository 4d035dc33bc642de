/** Places for things at rising ticks; the oldest are given up when it is full. Whoever extends it keeps the things in arrays of its own. */
export class TickRing {
  private readonly ticks: Float64Array;
  /** Number of those added so far. */
  private added = 0;
  /** Number of those that were given up. */
  private forgotten = 0;

  constructor(readonly capacity: number) {
    this.ticks = new Float64Array(capacity);
  }

  get length(): number {
    return this.added - this.forgotten;
  }

  /** Entry 0 is the oldest that is kept. */
  tick(entry: number): number {
    return this.ticks[this.slot(entry)]!;
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

  /** Makes room for a thing at a tick that lies behind none. Returns its slot. */
  protected place(tick: number): number {
    const slot = this.added++ % this.capacity;
    this.ticks[slot] = tick;
    this.forgotten = Math.max(this.forgotten, this.added - this.capacity);
    return slot;
  }

  protected slot(entry: number): number {
    return (this.forgotten + entry) % this.capacity;
  }
}
