import type {Color, Theme} from '../../theme';
import {atlasSize, type Batch, type DrawOptions, type Graphics, glowDecay, glowEnd, type NeuronState, type PixelView} from '../graphics';
import {piecesOf, stripPower} from '../strips';
import {drawDisc, drawDot, drawGlow, drawRing} from './discs';
import {copyMoved, drawBox, drawGlyph, drawGridDots} from './flats';
import {clamp, mixed, Pixels, packed, packedRgb, type Rgb, smoothstep} from './pixels';
import {drawHeads, drawLines, drawPulses, drawStrands, type StrandInk} from './strands';

/** Colours of a theme from 0 to 255. */
type Inks = Record<
  'background' | 'grid' | 'surface' | 'outlineStrong' | 'fill' | 'fillNegative' | 'accent' | 'accentBright' | 'shrunk' | 'modulation',
  Rgb
> &
  Pick<StrandInk, 'excite' | 'inhibit' | 'faded' | 'grown' | 'additive'>;

/** Steps in which the colours of dots are kept. */
const dotLevels = 32;
const dotLights = 127;

const rgb = ([red, green, blue]: Color): Rgb => [red * 255, green * 255, blue * 255];
const colorAt = (data: Float32Array, at: number): Rgb => [data[at]! * 255, data[at + 1]! * 255, data[at + 2]! * 255];

/**
 * The picture without a graphics card, drawn by the processor into memory and shown through a 2D canvas. Item by item it is what the shaders of
 * glsl.ts draw. Where a browser draws WebGL in software, this takes a fraction of the time: rows of one colour are filled, not computed, the
 * layer is copied as memory is, and nothing is emulated.
 */
export class SoftwareGraphics implements Graphics {
  readonly name = 'software';
  readonly lost = false;
  private screen = new Pixels(1, 1);
  private layers = [new Pixels(1, 1), new Pixels(1, 1)];
  private drawnLayer = 0;
  private aim = this.screen;
  private image = new ImageData(1, 1);
  private readonly atlas = new Uint8Array(atlasSize * atlasSize);
  private state: NeuronState | null = null;
  private inks: Inks | null = null;
  private pixelRatio = 1;
  private readonly dotColors = new Int32Array((2 * dotLevels + 1) * (dotLights + 1));

  static create(canvas: HTMLCanvasElement): SoftwareGraphics | null {
    const context = canvas.getContext('2d', {alpha: false});
    return context && new SoftwareGraphics(context);
  }

  private constructor(private readonly context: CanvasRenderingContext2D) {}

  resize(width: number, height: number, pixelRatio: number): void {
    this.pixelRatio = pixelRatio;
    if (width === this.screen.width && height === this.screen.height) return;
    this.screen = new Pixels(width, height);
    this.layers = [new Pixels(width, height), new Pixels(width, height)];
    this.image = new ImageData(new Uint8ClampedArray(this.screen.values.buffer), width, height);
  }

  setTheme(theme: Theme): void {
    const colors = Object.entries(theme).flatMap(([name, color]) => (Array.isArray(color) ? [[name, rgb(color as unknown as Color)]] : []));
    this.inks = {...Object.fromEntries(colors), additive: theme.glow} as Inks;
    this.fillDotColors();
  }

  uploadState(state: NeuronState): void {
    this.state = state;
    state.dirtyFrom = Number.POSITIVE_INFINITY;
    state.dirtyTo = -1;
  }

  uploadGlyph(x: number, y: number, width: number, height: number, pixels: Uint8Array): void {
    for (let row = 0; row < height; row++) this.atlas.set(pixels.subarray(row * width, (row + 1) * width), (y + row) * atlasSize + x);
  }

  target(where: 'screen' | 'layer', clear: Color | null): void {
    this.aim = where === 'screen' ? this.screen : this.layers[this.drawnLayer]!;
    if (clear) this.aim.values.fill(packed(...(rgb(clear).map(Math.round) as [number, number, number])));
  }

  drawGrid(view: PixelView, spacing: number, strength: number): void {
    const radius = 0.9 * Math.max(1, this.pixelRatio);
    drawGridDots(this.aim, view.offsetX, view.offsetY, spacing * view.scale, radius, packedRgb(this.inks!.grid), strength);
  }

  draw(batch: Batch, options: DrawOptions): void {
    const {from = 0, to = batch.count, view} = options;
    const kind = options.as ?? batch.kind;
    const ink: StrandInk = {...this.inks!, ...view, pixelRatio: this.pixelRatio};
    const pieces = piecesOf(stripPower(options.segments ?? 16));
    const opacity = options.opacity ?? 1;
    const {aim: pixels} = this;
    if (kind === 'line') drawLines(pixels, batch, from, to, ink, pieces, opacity);
    else if (kind === 'strand') drawStrands(pixels, batch, from, to, ink, pieces, opacity);
    else if (kind === 'head') drawHeads(pixels, batch, from, to, ink);
    else if (kind === 'pulse') drawPulses(pixels, batch, from, to, ink, pieces);
    else if (kind === 'shape') this.shapes(batch, from, to, view);
    else if (kind === 'glyph') this.glyphs(batch, from, to, view);
    else if (kind === 'glow') this.glows(batch, from, to, view);
    else if (kind === 'field') this.fields(batch, from, to, options);
    else if (kind === 'dot') this.dots(batch, from, to, options);
    else this.neurons(batch, from, to, options);
  }

  drawLayer(view: PixelView): void {
    const [red, green, blue] = this.inks!.background;
    copyMoved(this.aim, this.layers[1 - this.drawnLayer]!, view, packed(Math.round(red), Math.round(green), Math.round(blue)));
  }

  swapLayer(): void {
    this.drawnLayer = 1 - this.drawnLayer;
  }

  endFrame(): void {
    this.context.putImageData(this.image, 0, 0);
  }

  destroy(): void {}

  private shapes(batch: Batch, from: number, to: number, {scale, offsetX, offsetY}: PixelView): void {
    const {data, stride} = batch;
    for (let at = from * stride; at < to * stride; at += stride) {
      const softness = data[at + 11]!;
      let x = data[at]! * scale + offsetX + data[at + 4]!;
      let y = data[at + 1]! * scale + offsetY + data[at + 5]!;
      let halfWidth = data[at + 2]! * scale + data[at + 6]!;
      let halfHeight = data[at + 3]! * scale + data[at + 7]!;
      if (softness === 0) {
        // Crisp edges: both sides on whole pixels.
        const [left, right] = [Math.floor(x - halfWidth + 0.5), Math.floor(x + halfWidth + 0.5)];
        const [top, bottom] = [Math.floor(y - halfHeight + 0.5), Math.floor(y + halfHeight + 0.5)];
        [x, y] = [(left + right) / 2, (top + bottom) / 2];
        [halfWidth, halfHeight] = [Math.max((right - left) / 2, 0.5), Math.max((bottom - top) / 2, 0.5)];
      }
      drawBox(this.aim, {
        x,
        y,
        halfWidth,
        halfHeight,
        radius: Math.min(data[at + 8]! * scale + data[at + 9]!, halfWidth, halfHeight),
        border: data[at + 10]!,
        softness,
        fill: colorAt(data, at + 12),
        fillOpacity: data[at + 15]!,
        line: colorAt(data, at + 16),
        lineOpacity: data[at + 19]!,
      });
    }
  }

  private glyphs(batch: Batch, from: number, to: number, {scale, offsetX, offsetY}: PixelView): void {
    const {data, stride} = batch;
    for (let at = from * stride; at < to * stride; at += stride) {
      const left = Math.floor(data[at]! * scale + offsetX + 0.5) + data[at + 4]!;
      const top = Math.floor(data[at + 1]! * scale + offsetY + 0.5) + data[at + 5]!;
      const box = [left, top, data[at + 6]!, data[at + 7]!, data[at + 8]!, data[at + 9]!] as const;
      drawGlyph(this.aim, this.atlas, atlasSize, box, colorAt(data, at + 12), data[at + 15]!);
    }
  }

  private glows(batch: Batch, from: number, to: number, {scale, offsetX, offsetY}: PixelView): void {
    const {data, stride} = batch;
    const {additive} = this.inks!;
    const ratio = Math.max(1, this.pixelRatio);
    const strength = 0.45 + 0.3 * additive;
    for (let at = from * stride; at < to * stride; at += stride) {
      const disc = data[at + 2]! * scale;
      const radius = Math.min(disc * 2.7, disc + 60 * ratio);
      const [x, y] = [data[at]! * scale + offsetX, data[at + 1]! * scale + offsetY];
      drawGlow(this.aim, x, y, radius, disc / radius, colorAt(data, at + 4), data[at + 3]! * strength * data[at + 7]!, additive);
    }
  }

  /** Part of the threshold that is filled, -1..1. */
  private filledOf(neuron: number): number {
    const {levels, thresholds, base} = this.state!;
    if (!levels) return 0;
    const threshold = thresholds ? Math.max(1, thresholds[base + neuron] ?? 0) : 2032;
    return clamp((levels[base + neuron] ?? 0) / threshold, -1, 1);
  }

  /** Light of the last spike, 0..1. */
  private lightOf(neuron: number, now: number): number {
    const age = now - this.state!.spikeTimes[neuron]!;
    return age < glowEnd ? Math.exp(-Math.max(age, 0) / glowDecay) : 0;
  }

  private modulationOf(neuron: number): number {
    const {modulation, base} = this.state!;
    return modulation ? clamp((modulation[base + neuron] ?? 0) / 16384, -1, 1) : 0;
  }

  private shineOf(light: number): Rgb {
    const {accent, accentBright, additive} = this.inks!;
    return mixed(accent, accentBright, 0.25 * light * additive);
  }

  /** Of a neuron so small that neither rim nor surface of its level can be told; a packed colour. There are ten thousands of them in a frame. */
  private dotColor(filled: number, light: number): number {
    const lit = Math.round(light * dotLights);
    return this.dotColors[(Math.round(filled * dotLevels) + dotLevels) * (dotLights + 1) + lit]!;
  }

  private fillDotColors(): void {
    const {outlineStrong, fill, fillNegative} = this.inks!;
    for (let level = -dotLevels; level <= dotLevels; level++) {
      const resting = mixed(outlineStrong, level >= 0 ? fill : fillNegative, Math.abs(level) / dotLevels);
      for (let lit = 0; lit <= dotLights; lit++) {
        const light = lit / dotLights;
        this.dotColors[(level + dotLevels) * (dotLights + 1) + lit] = packedRgb(
          mixed(resting, this.shineOf(light), smoothstep(0, 0.6, light)),
        );
      }
    }
  }

  private ring(x: number, y: number, radius: number, marks: number): void {
    if ((marks & 3) === 0) return;
    const ratio = Math.max(1, this.pixelRatio);
    const selected = (marks & 1) !== 0;
    drawRing(this.aim, x, y, radius + 3.5 * ratio, (selected ? 1 : 0.6) * ratio, this.inks!.accent, selected ? 1 : 0.55);
  }

  private dots(batch: Batch, from: number, to: number, {view, now}: DrawOptions): void {
    const {data, stride} = batch;
    const {scale, offsetX, offsetY} = view;
    for (let at = from * stride; at < to * stride; at += stride) {
      const x = data[at]! * scale + offsetX;
      const y = data[at + 1]! * scale + offsetY;
      const radius = data[at + 2]! * scale;
      if (!this.isSeen(x, y, radius + 10 * this.pixelRatio)) continue;
      const neuron = data[at + 3]!;
      const marks = data[at + 4]!;
      const color = neuron >= 0 ? this.dotColor(this.filledOf(neuron), this.lightOf(neuron, now)) : this.dotColor(0, data[at + 5]!);
      drawDot(this.aim, x, y, radius, color, Math.min(1, radius) * ((marks & 4) !== 0 ? 0.28 : 1));
      this.ring(x, y, radius, marks);
    }
  }

  private neurons(batch: Batch, from: number, to: number, {view, now}: DrawOptions): void {
    const {data, stride} = batch;
    const {scale, offsetX, offsetY} = view;
    const {surface, outlineStrong, fill, fillNegative, accent, modulation, shrunk} = this.inks!;
    for (let at = from * stride; at < to * stride; at += stride) {
      const [x, y, radius] = [data[at]! * scale + offsetX, data[at + 1]! * scale + offsetY, data[at + 2]! * scale];
      if (!this.isSeen(x, y, radius + 10 * this.pixelRatio)) continue;
      const neuron = data[at + 3]!;
      const marks = data[at + 4]!;
      const filled = neuron >= 0 ? this.filledOf(neuron) : 0;
      const light = neuron >= 0 ? this.lightOf(neuron, now) : data[at + 5]!;
      const lit = smoothstep(0, 0.6, light);
      const shining = smoothstep(0, 0.75, light);
      const shine = this.shineOf(light);
      let line = clamp(radius * 0.075, 0, 2.2 * Math.max(1, this.pixelRatio));
      let dry = mixed(surface, shine, shining);
      let wet = Math.abs(filled) < 0.004 ? dry : mixed(filled >= 0 ? fill : fillNegative, shine, shining);
      if (line < 0.3) {
        // No rim: some of its colour everywhere.
        dry = mixed(mixed(outlineStrong, dry, 0.35), accent, lit);
        wet = mixed(mixed(outlineStrong, wet, 0.35), accent, lit);
        line = -1;
      }
      const opacity = Math.min(1, radius) * ((marks & 4) !== 0 ? 0.28 : 1);
      const rim = mixed(outlineStrong, accent, lit);
      drawDisc(this.aim, x, y, radius, {line, surface: radius * (1 - 2 * Math.abs(filled)), rim, dry, wet, opacity});
      const modulated = neuron >= 0 && radius > 6 ? this.modulationOf(neuron) : 0;
      if (Math.abs(modulated) > 0.01) {
        const color = modulated > 0 ? modulation : shrunk;
        const strength = (0.25 + 0.75 * Math.abs(modulated)) * opacity;
        drawRing(this.aim, x, y, radius * 0.84, Math.max(radius * 0.05, 0.8), color, strength);
      }
      this.ring(x, y, radius, marks);
    }
  }

  /** Populations: a grid of their neurons each. */
  private fields(batch: Batch, from: number, to: number, {view, now}: DrawOptions): void {
    const {data, stride} = batch;
    const {scale, offsetX, offsetY} = view;
    for (let at = from * stride; at < to * stride; at += stride) {
      const [halfWidth, halfHeight] = [data[at + 2]! * scale, data[at + 3]! * scale];
      const [left, top] = [data[at]! * scale + offsetX - halfWidth, data[at + 1]! * scale + offsetY - halfHeight];
      const [columns, rows, count, first] = [data[at + 4]!, data[at + 5]!, data[at + 6]!, data[at + 7]!];
      const pitch = (halfWidth * 2) / columns;
      const radius = pitch * data[at + 8]!;
      const dim = data[at + 9]! > 0.5 ? 0.28 : 1;
      const seen = (length: number, offset: number, all: number) =>
        [clamp(Math.floor(-offset / pitch), 0, all), clamp(Math.ceil((length - offset) / pitch), 0, all)] as const;
      const [fromColumn, toColumn] = seen(this.aim.width, left, columns);
      const [fromRow, toRow] = seen(this.aim.height, top, rows);
      for (let row = fromRow; row < toRow; row++) {
        for (let column = fromColumn; column < toColumn; column++) {
          const cell = row * columns + column;
          if (cell >= count) break;
          const filled = first >= 0 ? this.filledOf(first + cell) : 0;
          const light = first >= 0 ? this.lightOf(first + cell, now) : 0;
          this.cell(left + (column + 0.5) * pitch, top + (row + 0.5) * pitch, radius, pitch, filled, light, dim);
        }
      }
    }
  }

  private cell(x: number, y: number, radius: number, pitch: number, filled: number, light: number, dim: number): void {
    const {surface, outlineStrong, fill, fillNegative, accent, additive} = this.inks!;
    const opacity = Math.min(1, radius * 1.2) * dim;
    const lit = smoothstep(0, 0.6, light);
    const wetColor = filled >= 0 ? fill : fillNegative;
    if (light > 0.02 && radius > 1)
      drawGlow(this.aim, x, y, pitch / 2, (radius * 2) / pitch, accent, light * 0.4 * dim, 0.7 * additive, true);
    if (radius < 4) {
      drawDot(this.aim, x, y, radius, packedRgb(mixed(mixed(outlineStrong, wetColor, Math.abs(filled)), accent, lit)), opacity);
      return;
    }
    const shine = this.shineOf(light);
    const shining = smoothstep(0, 0.75, light);
    const dry = mixed(surface, shine, shining);
    const wet = Math.abs(filled) < 0.004 ? dry : mixed(wetColor, shine, shining);
    const rim = mixed(outlineStrong, accent, lit);
    const line = clamp(radius * 0.09, 0.6, 2);
    drawDisc(this.aim, x, y, radius, {line, surface: radius * (1 - 2 * Math.abs(filled)), rim, dry, wet, opacity});
  }

  private isSeen(x: number, y: number, reach: number): boolean {
    const {width, height} = this.aim;
    return x > -reach && y > -reach && x < width + reach && y < height + reach;
  }
}
