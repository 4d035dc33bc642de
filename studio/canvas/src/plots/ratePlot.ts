import type {Painter} from '../export/painter';
import type {Area} from './axes';
import {paintTimeAxis, paintValueAxis, trimmed} from './axes';
import type {PlotOptions} from './plot';
import type {SpikeLog} from './spikeLog';
import {TimePlot} from './timePlot';
import type {TimeWindow} from './timeWindow';

const barPixels = 4;

/** Mean rate of a selection of neurons over time, as a strip of bars; in spikes per second and neuron. */
export class RatePlot extends TimePlot {
  private neurons: Set<number> | null = null;
  private neuronCount = 1;
  private rates: number[] = [];
  private firstBin = 0;
  private binTicks = 1;

  constructor(
    canvas: HTMLCanvasElement,
    time: TimeWindow,
    private readonly log: SpikeLog,
    options: PlotOptions = {},
  ) {
    super(canvas, time, options);
  }

  /** null: all neurons, of which there are `count`. */
  setNeurons(neurons: Uint32Array | null, count = neurons?.length ?? 1): void {
    this.neurons = neurons && new Set(neurons);
    this.neuronCount = Math.max(1, count);
    this.redraw();
  }

  *table(): Iterable<(string | number)[]> {
    this.count(this.area());
    yield ['tick', 'spikes per second and neuron'];
    for (const [bin, rate] of this.rates.entries()) yield [(this.firstBin + bin) * this.binTicks, trimmed(rate)];
  }

  protected paint(painter: Painter, area: Area, live: boolean): void {
    const {theme, time} = this;
    this.count(area);
    const most = Math.max(1, ...this.rates);
    paintTimeAxis(painter, area, theme, time, this.millisecondsPerTick, this.words);
    paintValueAxis(painter, area, theme, 0, most, 26);
    painter.clip(area.left, area.top, area.width, area.height, () => {
      for (const [bin, rate] of this.rates.entries()) {
        const x = this.xOf((this.firstBin + bin) * this.binTicks);
        const width = this.xOf((this.firstBin + bin + 1) * this.binTicks) - x;
        const height = (rate / most) * area.height;
        painter.rectangle(x + 0.5, area.top + area.height - height, Math.max(1, width - 1), height, 0, theme.accent, null, 0.75);
      }
    });
    if (!live || !this.pointer) return;
    const bin = Math.floor(this.tickAt(this.pointer.x) / this.binTicks) - this.firstBin;
    const rate = this.rates[bin];
    if (rate !== undefined)
      this.paintReadout(painter, this.pointer.x, this.pointer.y, [
        `${trimmed(rate)} /s`,
        this.timeText((this.firstBin + bin) * this.binTicks),
      ]);
  }

  /** Bins lie at multiples of their width, so that bars do not dance while time goes on. */
  private count(area: Area): void {
    const {time, log} = this;
    this.binTicks = Math.max(1, 2 ** Math.ceil(Math.log2((time.span / area.width) * barPixels)));
    this.firstBin = Math.floor(time.from / this.binTicks);
    const bins = Math.ceil(time.to / this.binTicks) - this.firstBin;
    this.rates = new Array<number>(Math.max(0, bins)).fill(0);
    const perSpike = 1000 / (this.binTicks * this.millisecondsPerTick * this.neuronCount);
    for (let entry = log.firstFrom(this.firstBin * this.binTicks); entry < log.length; entry++) {
      const bin = Math.floor(log.tick(entry) / this.binTicks) - this.firstBin;
      if (bin >= bins) break;
      if (!this.neurons || this.neurons.has(log.neuron(entry))) this.rates[bin]! += perSpike;
    }
  }
}
