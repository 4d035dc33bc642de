/** What part of time plots show, shared by those that move together. In ticks. */
export class TimeWindow {
  span: number;
  /** Last tick that is known. */
  latest = 0;
  /** Moves along with the latest tick. */
  follow = true;
  private end = 0;
  private readonly listeners = new Set<() => void>();

  constructor(span = 1000) {
    this.span = span;
  }

  get to(): number {
    return this.follow ? this.latest : this.end;
  }

  get from(): number {
    return this.to - this.span;
  }

  advance(tick: number): void {
    if (tick < this.latest) this.end = Math.min(this.end, tick);
    this.latest = tick;
    this.changed();
  }

  /** Moves by ticks; moving to the latest tick or beyond follows again. */
  panBy(ticks: number): void {
    this.show(this.to + ticks, this.span);
  }

  zoomAt(tick: number, factor: number): void {
    const span = Math.min(1e7, Math.max(10, this.span * factor));
    const part = (this.to - tick) / this.span;
    this.show(this.follow ? this.latest : tick + part * span, span);
  }

  show(to: number, span: number): void {
    this.span = span;
    this.follow = to >= this.latest;
    this.end = Math.max(to, Math.min(span, this.latest));
    this.changed();
  }

  onChange(callback: () => void): () => void {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
