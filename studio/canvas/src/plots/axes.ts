import type {Painter} from '../export/painter';
import {numberText} from '../text/numbers';
import type {Theme} from '../theme';

/** What plots say, in the person's language. */
export interface PlotWords {
  milliseconds: string;
  seconds: string;
  mean: string;
  to: string;
}

export const englishWords: PlotWords = {milliseconds: 'ms', seconds: 's', mean: 'mean', to: 'to'};

/** What is left free to the right of a plot, in CSS pixels. */
export const roomAtRight = 12;

/** The inside of a plot, in CSS pixels. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Round numbers from .. to, about one every `pixels` of `length`: multiples of 1, 2 or 5 times a power of ten. */
export function niceSteps(from: number, to: number, length: number, pixels: number): number[] {
  const rough = ((to - from) / Math.max(1, length)) * pixels;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough)!;
  const steps: number[] = [];
  for (let value = Math.ceil(from / step) * step; value <= to + step * 1e-9; value += step) {
    // Nought has no sign: -0 would be written as such.
    steps.push(Math.round(value / step) * step + 0);
  }
  return steps;
}

/** Time below the plot; ticks as milliseconds, or seconds when the window is long. */
export function paintTimeAxis(
  painter: Painter,
  area: Area,
  theme: Theme,
  {from, to}: {from: number; to: number},
  millisecondsPerTick: number,
  words: PlotWords,
): void {
  for (const time of niceSteps(from * millisecondsPerTick, to * millisecondsPerTick, area.width, 90)) {
    if (time < 0) continue;
    const x = area.left + ((time / millisecondsPerTick - from) / (to - from)) * area.width;
    painter.line([x, area.top, x, area.top + area.height], {color: theme.outline, opacity: 0.35});
    const seconds = (to - from) * millisecondsPerTick >= 5000;
    paintBelow(
      painter,
      area,
      theme,
      x,
      seconds ? `${numberText(time / 1000)} ${words.seconds}` : `${numberText(time)} ${words.milliseconds}`,
    );
  }
}

/** A text of the axis below the plot: its middle at x, or so far to the left that the edge of the picture does not cut it. */
export function paintBelow(painter: Painter, area: Area, theme: Theme, x: number, text: string): void {
  const half = text.length * 3.2;
  painter.text(text, Math.min(x, area.left + area.width + roomAtRight - 2 - half), area.top + area.height + 14, {
    size: 10.5,
    color: theme.textSoft,
    align: 'center',
  });
}

export function paintValueAxis(painter: Painter, area: Area, theme: Theme, low: number, high: number, pixels = 34): void {
  for (const value of niceSteps(low, high, area.height, pixels)) {
    const y = area.top + area.height - ((value - low) / (high - low)) * area.height;
    painter.line([area.left, y, area.left + area.width, y], {color: theme.outline, opacity: value === 0 ? 0.7 : 0.3});
    painter.text(trimmed(value), area.left - 6, y + 3.5, {size: 10.5, color: theme.textSoft, align: 'right'});
  }
}

export function trimmed(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
