/** What was uploaded of an array, to tell what has changed since. */
export class UploadedCopy {
  private values: Int16Array | Uint16Array = new Int16Array(0);
  private count = 0;

  forget(): void {
    this.count = 0;
  }

  /** Takes over the `count` values from `base` on. Returns from where to where they differ, counted from `base`; null: nowhere. */
  update(values: Int16Array | Uint16Array, base: number, count: number): {from: number; to: number} | null {
    const end = Math.min(count, values.length - base);
    const {values: before} = this;
    let from = 0;
    let to = end;
    const known = Math.min(end, this.count);
    while (from < known && before[from] === values[base + from]) from++;
    if (from === end) return null;
    if (end <= this.count) while (before[to - 1] === values[base + to - 1]) to--;
    if (before.length < end || before.constructor !== values.constructor) this.values = values.slice(base, base + end);
    else before.set(values.subarray(base + from, base + to), from);
    this.count = end;
    return {from, to};
  }
}
