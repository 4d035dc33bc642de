/** Hands out numbers in a row, and those again that were given back. */
export class FreeRuns {
  /** Numbers below it are or were in use. */
  end = 0;
  /** First of each run that was given back, by its length. */
  private readonly free = new Map<number, number[]>();

  /** The first of so many numbers in a row. */
  take(count: number): number {
    const again = this.free.get(count)?.pop();
    if (again !== undefined) return again;
    this.end += count;
    return this.end - count;
  }

  give(first: number, count: number): void {
    const alike = this.free.get(count);
    if (alike) alike.push(first);
    else this.free.set(count, [first]);
  }
}
