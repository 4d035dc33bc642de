import {atlasSize, type Batch, type Graphics} from '../graphics/graphics';
import type {Color} from '../theme';

interface Glyph {
  /** In the atlas. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Of the picture's corner from the pen, in pixels; y down from the baseline. */
  left: number;
  top: number;
  advance: number;
}

export interface TextStyle {
  /** Device pixels. */
  size: number;
  color: Color;
  opacity?: number;
  bold?: boolean;
  align?: 'left' | 'center' | 'right';
  /** Device pixels; longer text ends in an ellipsis. */
  maxWidth?: number;
}

const family = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
/** Pictures of a glyph at different fractions of a pixel, so that letters stay evenly spaced. */
const phases = 4;

/**
 * Atlas of glyphs drawn by the browser itself at exactly the size they are shown, so that text is as crisp as on the rest of the page, in
 * any script the system has fonts for.
 */
export class Glyphs {
  private readonly context: OffscreenCanvasRenderingContext2D;
  private readonly fonts = new Map<string, Map<string, Glyph>>();
  private readonly widths = new Map<string, Map<string, number>>();
  private x = 1;
  private y = 1;
  private rowHeight = 0;
  /** Counts how often the atlas was emptied: text laid out before has to be laid out again. */
  generation = 0;

  constructor(private graphics: Graphics) {
    this.context = new OffscreenCanvas(128, 128).getContext('2d', {willReadFrequently: true})!;
  }

  /** Starts over, in a new context of the graphics. */
  reset(graphics: Graphics = this.graphics): void {
    this.graphics = graphics;
    this.fonts.clear();
    this.x = 1;
    this.y = 1;
    this.rowHeight = 0;
    this.generation++;
  }

  /** Width of the text, in device pixels. */
  measure(text: string, size: number, bold = false): number {
    const font = fontOf(size, bold);
    let width = 0;
    for (const character of text) width += this.advance(font, character);
    return width;
  }

  /** Adds the text: its anchor is a world point, from which the baseline starts at (offsetX, offsetY) device pixels. Returns its width. */
  add(batch: Batch, text: string, x: number, y: number, offsetX: number, offsetY: number, style: TextStyle): number {
    const size = Math.max(6, Math.round(style.size));
    const bold = style.bold ?? false;
    const font = fontOf(size, bold);
    const shown = style.maxWidth ? this.shorten(text, font, style.maxWidth) : text;
    const width = this.measure(shown, size, bold);
    let pen = offsetX - (style.align === 'center' ? width / 2 : style.align === 'right' ? width : 0);
    const baseline = Math.round(offsetY);
    const [red, green, blue] = style.color;
    for (const character of shown) {
      const advance = this.advance(font, character);
      const quarter = Math.floor(pen * phases + 0.5);
      const whole = Math.floor(quarter / phases);
      const glyph = this.glyph(font, character, quarter - whole * phases);
      if (glyph.width > 0) {
        const at = batch.add();
        const {data} = batch;
        data[at] = x;
        data[at + 1] = y;
        data[at + 4] = whole + glyph.left;
        data[at + 5] = baseline + glyph.top;
        data[at + 6] = data[at + 10] = glyph.width;
        data[at + 7] = data[at + 11] = glyph.height;
        data[at + 8] = glyph.x;
        data[at + 9] = glyph.y;
        data[at + 12] = red;
        data[at + 13] = green;
        data[at + 14] = blue;
        data[at + 15] = style.opacity ?? 1;
      }
      pen += advance;
    }
    return width;
  }

  private shorten(text: string, font: string, maxWidth: number): string {
    let width = 0;
    for (const character of text) width += this.advance(font, character);
    if (width <= maxWidth) return text;
    const room = maxWidth - this.advance(font, '…');
    let kept = '';
    width = 0;
    for (const character of text) {
      width += this.advance(font, character);
      if (width > room) break;
      kept += character;
    }
    return `${kept.trimEnd()}…`;
  }

  private advance(font: string, character: string): number {
    let widths = this.widths.get(font);
    if (!widths) {
      widths = new Map();
      this.widths.set(font, widths);
    }
    let width = widths.get(character);
    if (width === undefined) {
      this.context.font = font;
      width = this.context.measureText(character).width;
      widths.set(character, width);
    }
    return width;
  }

  private glyph(font: string, character: string, phase: number): Glyph {
    let glyphs = this.fonts.get(font);
    if (!glyphs) {
      glyphs = new Map();
      this.fonts.set(font, glyphs);
    }
    const key = `${phase}${character}`;
    const known = glyphs.get(key);
    if (known) return known;
    const glyph = this.draw(font, character, phase);
    // Emptying the atlas forgets the font as well.
    (this.fonts.get(font) ?? this.fonts.set(font, new Map()).get(font)!).set(key, glyph);
    return glyph;
  }

  private draw(font: string, character: string, phase: number): Glyph {
    const {context} = this;
    context.font = font;
    const box = context.measureText(character);
    const left = Math.floor(-box.actualBoundingBoxLeft) - 1;
    const top = -Math.ceil(box.actualBoundingBoxAscent) - 1;
    const width = Math.ceil(box.actualBoundingBoxRight) - left + 2;
    const height = Math.ceil(box.actualBoundingBoxDescent) - top + 1;
    if (character.trim() === '' || width <= 0 || height <= 0) return {x: 0, y: 0, width: 0, height: 0, left: 0, top: 0, advance: box.width};
    const canvas = context.canvas;
    if (canvas.width < width || canvas.height < height) {
      canvas.width = Math.max(canvas.width, width);
      canvas.height = Math.max(canvas.height, height);
    }
    context.font = font;
    context.fillStyle = '#fff';
    context.clearRect(0, 0, width, height);
    context.fillText(character, -left + phase / phases, -top);
    const colors = context.getImageData(0, 0, width, height).data;
    const pixels = new Uint8Array(width * height);
    for (let pixel = 0; pixel < pixels.length; pixel++) pixels[pixel] = colors[pixel * 4 + 3]!;
    const [x, y] = this.place(width, height);
    this.graphics.uploadGlyph(x, y, width, height, pixels);
    return {x, y, width, height, left, top, advance: box.width};
  }

  private place(width: number, height: number): [number, number] {
    if (this.x + width + 1 > atlasSize) {
      this.x = 1;
      this.y += this.rowHeight + 1;
      this.rowHeight = 0;
    }
    if (this.y + height + 1 > atlasSize) this.reset();
    const place: [number, number] = [this.x, this.y];
    this.x += width + 1;
    this.rowHeight = Math.max(this.rowHeight, height);
    return place;
  }
}

function fontOf(size: number, bold: boolean): string {
  return `${bold ? '600 ' : ''}${size}px ${family}`;
}
