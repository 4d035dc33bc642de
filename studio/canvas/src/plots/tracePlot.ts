import type {ProbeSamples} from '@flux/engine';
import type {Painter} from '../export/painter';
import type {Area} from './axes';
import {colorOfLine, type Line, LinePlot} from './linePlot';
import type {PlotOptions} from './plot';
import {Series} from './series';
import type {SpikeLog} from './spikeLog';
import type {TimeWindow} from './timeWindow';

/** 1/16 level in samples of levels and thresholds, 1/256 in those of modulation. */
const levelUnit = 16;
const modulationUnit = 256;
const [levelLine, thresholdLine, modulationLine] = [0, 1, 2];

/** Level, threshold and modulation of probed neurons over time, with their spikes marked. */
export class TracePlot extends LinePlot {
  private readonly traces = new Map<number, Series>();
  private shown: number[] = [];
  showThreshold = true;
  showModulation = true;

  constructor(
    canvas: HTMLCanvasElement,
    time: TimeWindow,
    private readonly log: SpikeLog,
    private readonly nameOf: (neuron: number) => string = String,
    options: PlotOptions = {},
  ) {
    super(canvas, time, options);
  }

  /** Neurons whose traces are drawn, and kept from now on. */
  setNeurons(neurons: number[]): void {
    this.shown = neurons;
    for (const neuron of neurons) if (!this.traces.has(neuron)) this.traces.set(neuron, new Series(3));
    for (const neuron of this.traces.keys()) if (!neurons.includes(neuron)) this.traces.delete(neuron);
    this.redraw();
  }

  /** What a frame carries of the probed neurons. */
  add({neurons, from, levels, thresholds, modulation}: ProbeSamples): void {
    const width = neurons.length;
    const rows = width === 0 ? 0 : Math.floor(levels.length / width);
    for (let column = 0; column < width; column++) {
      const trace = this.traces.get(neurons[column]!);
      if (!trace) continue;
      for (let row = 0; row < rows; row++) {
        const at = row * width + column;
        trace.add(from + row, [levels[at]! / levelUnit, thresholds[at]! / levelUnit, modulation[at]! / modulationUnit]);
      }
    }
    this.redraw();
  }

  *table(): Iterable<(string | number)[]> {
    yield ['tick', 'neuron', 'level', 'threshold', 'modulation'];
    for (const neuron of this.shown) {
      const trace = this.traces.get(neuron)!;
      for (let entry = trace.firstFrom(this.time.from); entry < trace.length && trace.tick(entry) <= this.time.to; entry++) {
        yield [
          trace.tick(entry),
          this.nameOf(neuron),
          ...[levelLine, thresholdLine, modulationLine].map(line => trace.value(line!, entry)),
        ];
      }
    }
  }

  colorOf(neuron: number) {
    return colorOfLine(Math.max(0, this.shown.indexOf(neuron)));
  }

  protected *lines(): Iterable<Line> {
    for (const neuron of this.shown) {
      const series = this.traces.get(neuron)!;
      const color = this.colorOf(neuron);
      const name = this.nameOf(neuron);
      if (this.showModulation)
        yield {
          name: `${name} modulation`,
          series,
          line: modulationLine!,
          color: this.theme.modulation,
          width: 1,
          opacity: 0.8,
          dash: [2, 3],
        };
      if (this.showThreshold) yield {name: `${name} threshold`, series, line: thresholdLine!, color, width: 1, opacity: 0.6, dash: [6, 4]};
      yield {name, series, line: levelLine!, color};
    }
  }

  protected leastRange(): [number, number] {
    return [0, 20];
  }

  protected override paintOver(painter: Painter, area: Area): void {
    for (const neuron of this.shown) {
      const corners: number[] = [];
      for (let entry = this.log.firstFrom(this.time.from); entry < this.log.length && this.log.tick(entry) <= this.time.to; entry++) {
        if (this.log.neuron(entry) === neuron) corners.push(this.xOf(this.log.tick(entry)) - 1, area.top);
      }
      painter.marks(corners, 2, 12, this.colorOf(neuron));
    }
  }
}
