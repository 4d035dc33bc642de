import type {ThemeName} from '../elements';
import {CanvasPainter, type Painter, SvgPainter} from '../export/painter';
import {numberText} from '../text/numbers';
import {type Theme, themeNamed} from '../theme';
import {type Area, englishWords, type PlotWords, roomAtRight} from './axes';

export interface PlotOptions {
  theme?: ThemeName;
  /** Length of a tick. */
  millisecondsPerTick?: number;
  words?: PlotWords;
}

/** A spike that was pointed at or clicked. */
export interface SpikeRef {
  tick: number;
  neuron: number;
}

export interface PlotEvents {
  hover: SpikeRef | null;
  select: SpikeRef;
}

/**
 * A diagram on a 2D canvas of its own (these are not limited in number, unlike WebGL contexts). Draws itself when something changed, at most
 * once per frame; the same drawing is exported as SVG.
 */
export abstract class Plot {
  protected theme: Theme;
  protected readonly millisecondsPerTick: number;
  protected readonly words: PlotWords;
  protected readonly context: CanvasRenderingContext2D;
  protected readonly stop = new AbortController();
  protected pixelRatio = 1;
  protected width = 1;
  protected height = 1;
  /** Pointer in CSS pixels, while it is over the plot. */
  protected pointer: {x: number; y: number} | null = null;
  private request = 0;
  private readonly resizeObserver: ResizeObserver;
  private readonly listeners: {[Name in keyof PlotEvents]: Set<(event: PlotEvents[Name]) => void>} = {hover: new Set(), select: new Set()};

  constructor(
    protected readonly canvas: HTMLCanvasElement,
    options: PlotOptions = {},
  ) {
    this.theme = themeNamed(options.theme ?? 'dark');
    this.millisecondsPerTick = options.millisecondsPerTick ?? 1;
    this.words = options.words ?? englishWords;
    this.context = canvas.getContext('2d', {alpha: false})!;
    this.resizeObserver = new ResizeObserver(() => this.measure());
    this.resizeObserver.observe(canvas);
    this.measure();
  }

  /** A place or length in ticks, as a time. */
  protected timeText(ticks: number): string {
    return `${numberText(ticks * this.millisecondsPerTick)} ${this.words.milliseconds}`;
  }

  /** Draws the plot, `live` on the screen with pointer and all, otherwise for a file. */
  protected abstract paint(painter: Painter, area: Area, live: boolean): void;

  /** Rows of a table, the first one names the columns. */
  abstract table(): Iterable<(string | number)[]>;

  on<Name extends keyof PlotEvents>(name: Name, callback: (event: PlotEvents[Name]) => void): () => void {
    this.listeners[name].add(callback);
    return () => this.listeners[name].delete(callback);
  }

  setTheme(name: ThemeName): void {
    this.theme = themeNamed(name);
    this.redraw();
  }

  redraw(): void {
    if (this.request === 0) this.request = requestAnimationFrame(() => this.draw());
  }

  toSvg(): string {
    const painter = new SvgPainter(this.width, this.height);
    painter.rectangle(0, 0, this.width, this.height, 0, this.theme.background, null);
    this.paint(painter, this.area(), false);
    return painter.finish();
  }

  toPng(): Promise<Blob | null> {
    this.draw();
    return new Promise(resolve => this.canvas.toBlob(resolve, 'image/png'));
  }

  toCsv(): string {
    let text = '';
    for (const row of this.table())
      text += `${row.map(cell => (typeof cell === 'string' && /[",\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)).join(',')}\n`;
    return text;
  }

  destroy(): void {
    cancelAnimationFrame(this.request);
    this.request = -1;
    this.stop.abort();
    this.resizeObserver.disconnect();
  }

  protected emit<Name extends keyof PlotEvents>(name: Name, event: PlotEvents[Name]): void {
    for (const listener of this.listeners[name]) listener(event);
  }

  /** Room for the axes is left around it. */
  protected area(): Area {
    return {left: 56, top: 8, width: Math.max(10, this.width - 56 - roomAtRight), height: Math.max(10, this.height - 30)};
  }

  /** A line of text in a box beside the pointer. */
  protected paintReadout(painter: Painter, x: number, y: number, lines: string[]): void {
    const width = Math.max(...lines.map(line => line.length)) * 6.4 + 16;
    const height = lines.length * 15 + 8;
    const left = x + 12 + width > this.width ? x - 12 - width : x + 12;
    const top = Math.min(Math.max(2, y - height / 2), this.height - height - 2);
    painter.rectangle(left, top, width, height, 6, this.theme.surfaceRaised, {color: this.theme.outline}, 0.96);
    lines.forEach((line, index) => {
      painter.text(line, left + 8, top + 16 + index * 15, {size: 11, color: index === 0 ? this.theme.text : this.theme.textSoft});
    });
  }

  private measure(): void {
    this.pixelRatio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth || 1;
    this.height = this.canvas.clientHeight || 1;
    const width = Math.round(this.width * this.pixelRatio);
    const height = Math.round(this.height * this.pixelRatio);
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, {width, height});
    this.redraw();
  }

  private draw(): void {
    this.request = 0;
    const {context} = this;
    context.setTransform(this.pixelRatio, 0, 0, this.pixelRatio, 0, 0);
    const painter = new CanvasPainter(context);
    painter.rectangle(0, 0, this.width, this.height, 0, this.theme.background, null);
    this.paint(painter, this.area(), true);
  }
}
