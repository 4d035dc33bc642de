import {TickRing} from './tickRing';

/** Values of several lines at rising ticks, the oldest given up when full. */
export class Series extends TickRing {
  private readonly values: Float32Array[];

  constructor(
    readonly lines: number,
    capacity = 1 << 15,
  ) {
    super(capacity);
    this.values = Array.from({length: lines}, () => new Float32Array(capacity));
  }

  /** One sample of all lines. A tick that lies back forgets what came after it. */
  add(tick: number, values: ArrayLike<number>): void {
    if (this.length > 0 && tick <= this.tick(this.length - 1)) this.forgetFrom(tick);
    const slot = this.place(tick);
    for (let line = 0; line < this.lines; line++) this.values[line]![slot] = values[line]!;
  }

  value(line: number, entry: number): number {
    return this.values[line]![this.slot(entry)]!;
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
}
