/** Values of several lines at rising ticks, the oldest given up when full. */
export class Series {
  private readonly ticks: Float64Array;
  private readonly values: Float32Array[];
  private added = 0;
  /** Number of those that were given up. */
  private forgotten = 0;

  constructor(
    readonly lines: number,
    readonly capacity = 1 << 15,
  ) {
    this.ticks = new Float64Array(capacity);
    this.values = Array.from({length: lines}, () => new Float32Array(capacity));
  }

  get length(): number {
    return this.added - this.forgotten;
  }

  /** One sample of all lines. A tick that lies back forgets what came after it. */
  add(tick: number, values: ArrayLike<number>): void {
    if (this.length > 0 && tick <= this.tick(this.length - 1)) this.added -= this.length - this.firstFrom(tick);
    const slot = this.added++ % this.capacity;
    this.ticks[slot] = tick;
    for (let line = 0; line < this.lines; line++) this.values[line]![slot] = values[line]!;
    this.forgotten = Math.max(this.forgotten, this.added - this.capacity);
  }

  tick(entry: number): number {
    return this.ticks[this.slot(entry)]!;
  }

  value(line: number, entry: number): number {
    return this.values[line]![this.slot(entry)]!;
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

  /**
   * Points x y of a line between two ticks. Where several samples fall on one of `columns` only the lowest and the highest are kept, so that
   * the line costs by the width of the plot and still shows every peak.
   */
  points(line: number, from: number, to: number, columns: number, xOf: (tick: number) => number, yOf: (value: number) => number): number[] {
    const first = Math.max(0, this.firstFrom(from) - 1);
    const end = Math.min(this.length, this.firstFrom(to) + 1);
    const points: number[] = [];
    if (end - first <= columns * 2) {
      for (let entry = first; entry < end; entry++) points.push(xOf(this.tick(entry)), yOf(this.value(line, entry)));
      return points;
    }
    const each = (end - first) / columns;
    for (let column = 0; column < columns; column++) {
      const start = first + Math.floor(column * each);
      const stop = Math.min(end, first + Math.floor((column + 1) * each));
      let low = start;
      let high = start;
      for (let entry = start; entry < stop; entry++) {
        if (this.value(line, entry) < this.value(line, low)) low = entry;
        if (this.value(line, entry) > this.value(line, high)) high = entry;
      }
      for (const entry of low < high ? [low, high] : [high, low]) points.push(xOf(this.tick(entry)), yOf(this.value(line, entry)));
    }
    return points;
  }

  private slot(entry: number): number {
    return (this.forgotten + entry) % this.capacity;
  }
}
