import {colorOfLine, type Line, LinePlot} from './linePlot';
import {Series} from './series';

/** Effective weights of plastic synapses over time. */
export class WeightPlot extends LinePlot {
  private names: string[] = [];
  private weights = new Series(0);

  /** Names of the synapses whose weights follow. */
  setSynapses(names: string[]): void {
    this.names = names;
    this.weights = new Series(names.length);
    this.redraw();
  }

  /** Weights in the order of the names. */
  add(tick: number, weights: ArrayLike<number>): void {
    this.weights.add(tick, weights);
    this.redraw();
  }

  *table(): Iterable<(string | number)[]> {
    yield ['tick', ...this.names];
    for (
      let entry = this.weights.firstFrom(this.time.from);
      entry < this.weights.length && this.weights.tick(entry) <= this.time.to;
      entry++
    ) {
      yield [this.weights.tick(entry), ...this.names.map((_, line) => this.weights.value(line, entry))];
    }
  }

  protected *lines(): Iterable<Line> {
    for (const [line, name] of this.names.entries()) yield {name, series: this.weights, line, color: colorOfLine(line)};
  }

  protected leastRange(): [number, number] {
    return [0, 10];
  }
}
