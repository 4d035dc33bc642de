import type {Painter} from '../export/painter';
import type {Area} from './axes';
import {paintTimeAxis} from './axes';
import type {PlotOptions, SpikeRef} from './plot';
import type {SpikeLog} from './spikeLog';
import {TimePlot} from './timePlot';
import type {TimeWindow} from './timeWindow';

/** More spikes than this in view are counted into pixels instead of drawn one by one. */
const mostMarks = 12_000;
const pickReach = 7;

/** Spikes of a selection of neurons over time, one row each; thousands of rows. */
export class RasterPlot extends TimePlot {
  /** Row of each flat neuron; -1: not shown. */
  private rows = new Int32Array(0);
  private neurons: Uint32Array = new Uint32Array(0);
  private fromRow = 0;
  private rowsShown = 1;
  private hovered: SpikeRef | null = null;
  private selected: SpikeRef | null = null;
  private pixels: ImageData | null = null;
  private nameRoom = leastNameRoom;

  constructor(
    canvas: HTMLCanvasElement,
    time: TimeWindow,
    private readonly log: SpikeLog,
    /** Name of a neuron, for axis and readout. */
    private readonly nameOf: (neuron: number) => string = String,
    options: PlotOptions = {},
  ) {
    super(canvas, time, options);
  }

  /** Flat neurons, from the top row down. */
  setRows(neurons: Uint32Array): void {
    this.neurons = neurons;
    const last = neurons.reduce((most, neuron) => Math.max(most, neuron), -1);
    this.rows = new Int32Array(last + 1).fill(-1);
    for (const [row, neuron] of neurons.entries()) this.rows[neuron] = row;
    this.fromRow = 0;
    this.rowsShown = Math.max(1, neurons.length);
    this.redraw();
  }

  select(spike: SpikeRef | null): void {
    this.selected = spike;
    this.redraw();
  }

  *table(): Iterable<(string | number)[]> {
    yield ['tick', 'neuron', 'name'];
    for (
      let entry = this.log.firstFrom(Math.ceil(this.time.from));
      entry < this.log.length && this.log.tick(entry) <= this.time.to;
      entry++
    ) {
      const neuron = this.log.neuron(entry);
      if (this.rowOf(neuron) >= 0) yield [this.log.tick(entry), neuron, this.nameOf(neuron)];
    }
  }

  protected paint(painter: Painter, area: Area, live: boolean): void {
    const {theme, time} = this;
    this.nameRoom = this.roomForNames(area);
    area = this.area();
    paintTimeAxis(painter, area, theme, time, this.millisecondsPerTick, this.words);
    this.paintRowNames(painter, area);
    const from = this.log.firstFrom(Math.ceil(time.from));
    const to = this.log.firstFrom(Math.floor(time.to) + 1);
    const rowHeight = area.height / this.rowsShown;
    const width = Math.max(1.5, Math.min(4, (area.width / time.span) * 0.8));
    const height = Math.max(1, Math.min(rowHeight * 0.8, 14));
    if (live && to - from > mostMarks) this.countIntoPixels(area, from, to);
    else {
      const corners: number[] = [];
      for (let entry = from; entry < to; entry++) {
        const row = this.rowOf(this.log.neuron(entry));
        if (row < 0 || row < this.fromRow - 1 || row > this.fromRow + this.rowsShown) continue;
        corners.push(this.xOf(this.log.tick(entry)) - width / 2, this.yOf(row) - height / 2);
      }
      painter.clip(area.left, area.top, area.width, area.height, () => painter.marks(corners, width, height, theme.accent, 0.9));
    }
    for (const spike of [this.selected, live ? this.hovered : null])
      if (spike) this.paintSpike(painter, area, spike, spike === this.selected);
    if (live && this.hovered && this.pointer) {
      const {tick, neuron} = this.hovered;
      this.paintReadout(painter, this.pointer.x, this.pointer.y, [this.nameOf(neuron), this.timeText(tick)]);
    }
  }

  protected override area(): Area {
    const area = super.area();
    const more = Math.min(this.nameRoom, Math.max(leastNameRoom, this.width / 4)) - area.left;
    return {...area, left: area.left + more, width: Math.max(10, area.width - more)};
  }

  protected override pointed(): void {
    const before = this.hovered;
    this.hovered = this.pointer ? this.spikeAt(this.pointer.x, this.pointer.y) : null;
    if (before?.tick !== this.hovered?.tick || before?.neuron !== this.hovered?.neuron) this.emit('hover', this.hovered);
    this.canvas.style.cursor = this.hovered ? 'pointer' : 'default';
  }

  protected override clicked(x: number, y: number): void {
    const spike = this.spikeAt(x, y);
    if (!spike) return;
    this.select(spike);
    this.emit('select', spike);
  }

  protected override panVertically(pixels: number): void {
    this.fromRow = this.clampRow(this.fromRow - (pixels / this.area().height) * this.rowsShown);
  }

  protected override zoomVertically(y: number, factor: number): void {
    const {top, height} = this.area();
    const part = (y - top) / height;
    const row = this.fromRow + part * this.rowsShown;
    this.rowsShown = Math.min(Math.max(1, this.neurons.length), Math.max(3, this.rowsShown * factor));
    this.fromRow = this.clampRow(row - part * this.rowsShown);
  }

  /** The spike nearest to the place, if one is near. */
  private spikeAt(x: number, y: number): SpikeRef | null {
    let best: SpikeRef | null = null;
    let bestDistance = pickReach;
    const to = this.tickAt(x + pickReach);
    for (let entry = this.log.firstFrom(this.tickAt(x - pickReach)); entry < this.log.length && this.log.tick(entry) <= to; entry++) {
      const neuron = this.log.neuron(entry);
      const row = this.rowOf(neuron);
      if (row < 0) continue;
      const distance = Math.hypot(this.xOf(this.log.tick(entry)) - x, this.yOf(row) - y);
      if (distance < bestDistance) {
        best = {tick: this.log.tick(entry), neuron};
        bestDistance = distance;
      }
    }
    return best;
  }

  private rowOf(neuron: number): number {
    return neuron < this.rows.length ? this.rows[neuron]! : -1;
  }

  private yOf(row: number): number {
    const {top, height} = this.area();
    return top + ((row + 0.5 - this.fromRow) / this.rowsShown) * height;
  }

  private clampRow(row: number): number {
    return Math.max(0, Math.min(row, this.neurons.length - this.rowsShown));
  }

  private paintSpike(painter: Painter, area: Area, {tick, neuron}: SpikeRef, strong: boolean): void {
    const row = this.rowOf(neuron);
    const x = this.xOf(tick);
    if (row < 0 || x < area.left || x > area.left + area.width) return;
    const y = this.yOf(row);
    if (strong) painter.line([area.left, y, area.left + area.width, y], {color: this.theme.accent, opacity: 0.25});
    painter.circle(x, y, 5, null, {color: strong ? this.theme.text : this.theme.accent, width: 1.5});
  }

  private paintRowNames(painter: Painter, area: Area): void {
    const most = Math.floor((area.left - besideName) / letterWidth);
    for (const row of this.namedRows(area)) {
      painter.text(shortName(this.nameOf(this.neurons[row]!), most), area.left - 6, this.yOf(row) + 3.5, {
        size: 10,
        color: this.theme.textSoft,
        align: 'right',
      });
    }
  }

  /** As many rows as have room for a line of text. */
  private *namedRows(area: Area): Iterable<number> {
    const step = Math.max(1, Math.ceil((this.rowsShown * 11) / area.height));
    const end = Math.min(this.neurons.length, this.fromRow + this.rowsShown);
    for (let row = Math.ceil(this.fromRow / step) * step; row < end; row += step) yield row;
  }

  private roomForNames(area: Area): number {
    let longest = 0;
    for (const row of this.namedRows(area)) longest = Math.max(longest, this.nameOf(this.neurons[row]!).length);
    return Math.max(leastNameRoom, Math.min(mostNameRoom, longest * letterWidth + besideName));
  }

  /** Every pixel shines by the number of spikes in it: as fast for a million spikes as for a thousand rows. */
  private countIntoPixels(area: Area, from: number, to: number): void {
    const ratio = this.pixelRatio;
    const width = Math.max(1, Math.round(area.width * ratio));
    const height = Math.max(1, Math.round(area.height * ratio));
    if (this.pixels?.width !== width || this.pixels.height !== height) this.pixels = this.context.createImageData(width, height);
    const words = new Uint32Array(this.pixels.data.buffer);
    const pack = (red: number, green: number, blue: number) => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
    const [back, low, high] = [this.theme.background, this.theme.accent, this.theme.accentBright].map(color =>
      color.map(part => Math.round(part * 255)),
    );
    words.fill(pack(back![0]!, back![1]!, back![2]!));
    const one = pack(low![0]!, low![1]!, low![2]!);
    const many = pack(high![0]!, high![1]!, high![2]!);
    const perTick = width / this.time.span;
    const perRow = height / this.rowsShown;
    const start = this.time.from;
    for (let entry = from; entry < to; entry++) {
      const row = this.rowOf(this.log.neuron(entry));
      if (row < 0) continue;
      const x = Math.floor((this.log.tick(entry) - start) * perTick);
      const y = Math.floor((row + 0.5 - this.fromRow) * perRow);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const at = y * width + x;
      words[at] = words[at] === one || words[at] === many ? many : one;
    }
    this.context.putImageData(this.pixels, Math.round(area.left * ratio), Math.round(area.top * ratio));
  }
}

/** Left of the rows, in CSS pixels, and what of it a letter takes. */
const leastNameRoom = 56;
const mostNameRoom = 140;
const letterWidth = 6;
const besideName = 12;

/** A path is told by its end, a name by its beginning, one of many by its number too. */
export function shortName(name: string, most: number): string {
  if (name.length <= most) return name;
  if (name.includes('/')) return `…${name.slice(1 - most)}`;
  const number = /\[\d+\]$/.exec(name)?.[0] ?? '';
  const room = Math.max(1, most - 1 - number.length);
  return `${name.slice(0, room)}…${number}`;
}
