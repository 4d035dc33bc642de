import type {Painter} from '../export/painter';
import {numberText} from '../text/numbers';
import type {Area} from './axes';
import {niceSteps, paintBelow, paintValueAxis, trimmed} from './axes';
import {Plot, type PlotOptions} from './plot';
import type {SpikeLog} from './spikeLog';
import type {TimeWindow} from './timeWindow';

export interface IntervalStatistics {
  intervals: number;
  /** Ticks. */
  mean: number;
  deviation: number;
  /** Deviation over mean: 0 of a clock, about 1 of a random process. */
  variation: number;
}

const mostBars = 60;
/** The latest so many spikes are looked at. */
const mostSpikes = 60_000;
/** While time goes on the counts are made anew this often, in milliseconds. */
const refreshTime = 250;

/** How long a selection of neurons waits from spike to spike, within the time that the other plots show. */
export class IntervalPlot extends Plot {
  private neurons: Set<number> | null = null;
  private known: {at: number; intervals: number[]} | null = null;
  private readonly stopFollowing: () => void;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly time: TimeWindow,
    private readonly log: SpikeLog,
    options: PlotOptions = {},
  ) {
    super(canvas, options);
    this.stopFollowing = time.onChange(() => this.redraw());
    const {signal} = this.stop;
    canvas.addEventListener('pointermove', event => this.point({x: event.offsetX, y: event.offsetY}), {signal});
    canvas.addEventListener('pointerleave', () => this.point(null), {signal});
  }

  /** null: all neurons. */
  setNeurons(neurons: Uint32Array | null): void {
    this.neurons = neurons && new Set(neurons);
    this.known = null;
    this.redraw();
  }

  statistics(): IntervalStatistics {
    const intervals = this.intervals();
    const mean = intervals.reduce((sum, interval) => sum + interval, 0) / Math.max(1, intervals.length);
    const square = intervals.reduce((sum, interval) => sum + (interval - mean) ** 2, 0) / Math.max(1, intervals.length);
    const deviation = Math.sqrt(square);
    return {intervals: intervals.length, mean, deviation, variation: mean > 0 ? deviation / mean : 0};
  }

  *table(): Iterable<(string | number)[]> {
    yield ['interval in ticks', 'count'];
    const {bars, width} = this.bars();
    for (const [bar, count] of bars.entries()) yield [bar * width, count];
  }

  override destroy(): void {
    this.stopFollowing();
    super.destroy();
  }

  protected paint(painter: Painter, area: Area, live: boolean): void {
    const {theme} = this;
    const {bars, width} = this.bars();
    const most = Math.max(1, ...bars);
    const longest = bars.length * width;
    paintValueAxis(painter, area, theme, 0, most, 26);
    for (const interval of niceSteps(0, longest * this.millisecondsPerTick, area.width, 70)) {
      const x = area.left + (interval / (longest * this.millisecondsPerTick)) * area.width;
      paintBelow(painter, area, theme, x, `${numberText(interval)} ${this.words.milliseconds}`);
    }
    const step = area.width / Math.max(1, bars.length);
    for (const [bar, count] of bars.entries()) {
      const height = (count / most) * area.height;
      painter.rectangle(
        area.left + bar * step + 0.5,
        area.top + area.height - height,
        Math.max(1, step - 1),
        height,
        0,
        theme.accent,
        null,
        0.75,
      );
    }
    const {intervals, mean, variation} = this.statistics();
    if (intervals > 0) {
      const text = `n ${intervals}   ${this.words.mean} ${trimmed(Math.round(mean * this.millisecondsPerTick * 10) / 10)} ${this.words.milliseconds}   CV ${variation.toFixed(2)}`;
      painter.text(text, area.left + area.width - 4, area.top + 12, {size: 11, color: theme.textSoft, align: 'right'});
    }
    const bar = this.pointer ? Math.floor((this.pointer.x - area.left) / step) : -1;
    if (live && this.pointer && bars[bar] !== undefined) {
      const from = trimmed(bar * width * this.millisecondsPerTick);
      const to = trimmed((bar + 1) * width * this.millisecondsPerTick);
      this.paintReadout(painter, this.pointer.x, this.pointer.y, [
        `${bars[bar]}`,
        `${from} ${this.words.to} ${to} ${this.words.milliseconds}`,
      ]);
    }
  }

  private point(place: {x: number; y: number} | null): void {
    this.pointer = place;
    this.redraw();
  }

  private intervals(): number[] {
    const now = performance.now();
    if (!this.known || now - this.known.at > refreshTime) this.known = {at: now, intervals: this.measureIntervals()};
    return this.known.intervals;
  }

  private measureIntervals(): number[] {
    const before = new Map<number, number>();
    const intervals: number[] = [];
    const end = this.log.firstFrom(this.time.to + 1);
    for (let entry = Math.max(this.log.firstFrom(this.time.from), end - mostSpikes); entry < end; entry++) {
      const neuron = this.log.neuron(entry);
      if (this.neurons && !this.neurons.has(neuron)) continue;
      const last = before.get(neuron);
      if (last !== undefined) intervals.push(this.log.tick(entry) - last);
      before.set(neuron, this.log.tick(entry));
    }
    return intervals;
  }

  /** Counts, and the width of a bar in ticks: a whole number of ticks, so that no bar collects more of them than another. */
  private bars(): {bars: number[]; width: number} {
    const intervals = this.intervals();
    const longest = intervals.reduce((most, interval) => Math.max(most, interval), 0);
    const width = Math.max(1, Math.ceil((longest + 1) / mostBars));
    const bars = new Array<number>(Math.ceil((longest + 1) / width)).fill(0);
    for (const interval of intervals) bars[Math.floor(interval / width)]!++;
    return {bars, width};
  }
}
