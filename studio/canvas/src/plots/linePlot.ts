import type {Painter} from '../export/painter';
import {type Color, hex} from '../theme';
import type {Area} from './axes';
import {paintTimeAxis, paintValueAxis, trimmed} from './axes';
import type {Series} from './series';
import {TimePlot} from './timePlot';

export interface Line {
  name: string;
  series: Series;
  /** Line of the series. */
  line: number;
  color: Color;
  width?: number;
  dash?: number[];
  opacity?: number;
}

/** None is blue, which stands for inhibition. */
const colors = ['3ddc84', 'f2c744', 'e06c9f', 'b79cf2', '4fd1d9', 'ff9f5a', '9fb3bd', 'c9e265'].map(hex);

export function colorOfLine(number: number): Color {
  return colors[number % colors.length]!;
}

/** Lines over time with a common scale of values. */
export abstract class LinePlot extends TimePlot {
  /** Lines of now, in the order of drawing. */
  protected abstract lines(): Iterable<Line>;

  /** Lowest and highest value that the scale shows at least. */
  protected abstract leastRange(): [number, number];

  protected paint(painter: Painter, area: Area, live: boolean): void {
    const {theme, time} = this;
    const lines = [...this.lines()];
    const [low, high] = this.range(lines);
    const yOf = (value: number) => area.top + area.height - ((value - low) / (high - low)) * area.height;
    paintTimeAxis(painter, area, theme, time, this.millisecondsPerTick, this.words);
    paintValueAxis(painter, area, theme, low, high);
    painter.clip(area.left, area.top, area.width, area.height, () => {
      for (const {series, line, color, width, dash, opacity} of lines) {
        const points = series.points(line, time.from, time.to, Math.ceil(area.width), tick => this.xOf(tick), yOf);
        painter.line(points, {color, width: width ?? 1.5, opacity: opacity ?? 1, ...(dash && {dash})});
      }
      this.paintOver(painter, area, yOf);
    });
    this.paintLegend(painter, area, lines);
    if (!live || !this.pointer) return;
    const tick = Math.round(this.tickAt(this.pointer.x));
    const readout = lines.flatMap(({name, series, line}) => {
      const entry = series.firstFrom(tick);
      return entry < series.length && series.tick(entry) - tick < time.span / 50 ? [`${name}: ${trimmed(series.value(line, entry))}`] : [];
    });
    if (readout.length > 0) this.paintReadout(painter, this.pointer.x, this.pointer.y, [this.timeText(tick), ...readout.slice(0, 12)]);
  }

  /** What lies over the lines, such as spikes. */
  protected paintOver(_painter: Painter, _area: Area, _yOf: (value: number) => number): void {}

  /** What the whole lines are called, as far as there is room in a row; dashed ones accompany them. */
  private paintLegend(painter: Painter, area: Area, lines: Line[]): void {
    const named = lines.filter(({dash}) => !dash);
    let x = area.left + 8;
    const y = area.top + 22;
    for (const [number, {name, color}] of named.entries()) {
      const width = 20 + name.length * 6.2;
      const isLast = x + width + 40 > area.left + area.width;
      const text = isLast ? `+${named.length - number}` : name;
      painter.rectangle(x - 4, y - 9, isLast ? 36 : width + 4, 17, 4, this.theme.background, null, 0.75);
      if (!isLast) painter.line([x, y, x + 12, y], {color, width: 2});
      painter.text(text, isLast ? x : x + 17, y + 4, {size: 11, color: this.theme.textSoft});
      if (isLast) return;
      x += width + 12;
    }
  }

  private range(lines: Line[]): [number, number] {
    let [low, high] = this.leastRange();
    for (const {series, line} of lines) {
      const from = series.firstFrom(this.time.from);
      const to = series.firstFrom(this.time.to);
      const step = Math.max(1, Math.floor((to - from) / 2000));
      for (let entry = from; entry < to; entry += step) {
        low = Math.min(low, series.value(line, entry));
        high = Math.max(high, series.value(line, entry));
      }
    }
    const room = (high - low) * 0.06 || 1;
    return [low === 0 ? 0 : low - room, high + room];
  }
}
