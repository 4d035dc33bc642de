import type {PixelView} from '../graphics';
import {drawDot} from './discs';
import {clamp, cover, type Pixels, packed, type Rgb} from './pixels';

/** A rounded rectangle; places and lengths in pixels. */
export interface RoundedBox {
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
  radius: number;
  border: number;
  /** Pixels over which a shadow fades; 0: crisp. */
  softness: number;
  fill: Rgb;
  fillOpacity: number;
  line: Rgb;
  lineOpacity: number;
}

export function drawBox({values, width, height}: Pixels, box: RoundedBox): void {
  const {x, y, halfWidth, halfHeight, radius, border, softness, fill, line} = box;
  const margin = 1 + softness;
  const from = Math.max(0, Math.floor(x - halfWidth - margin));
  const to = Math.min(width, Math.ceil(x + halfWidth + margin));
  const toRow = Math.min(height, Math.ceil(y + halfHeight + margin));
  const core = packed(Math.round(fill[0]), Math.round(fill[1]), Math.round(fill[2]));
  /** So far from every side nothing but the inside is seen. */
  const edge = Math.max(radius, border + 1, softness);
  for (let row = Math.max(0, Math.floor(y - halfHeight - margin)); row < toRow; row++) {
    const beyondY = Math.abs(row + 0.5 - y) - halfHeight + radius;
    const isCore = Math.abs(row + 0.5 - y) < halfHeight - edge;
    const start = row * width;
    const coreFrom = isCore ? clamp(Math.ceil(x - halfWidth + edge), from, to) : to;
    const coreTo = isCore ? clamp(Math.floor(x + halfWidth - edge), coreFrom, to) : to;
    for (let column = from; column < to; column++) {
      if (column === coreFrom && coreTo > coreFrom) {
        if (box.fillOpacity >= 1) values.fill(core, start + coreFrom, start + coreTo);
        else if (box.fillOpacity > 0)
          for (let inside = coreFrom; inside < coreTo; inside++) cover(values, start + inside, fill[0], fill[1], fill[2], box.fillOpacity);
        column = coreTo - 1;
        continue;
      }
      const beyondX = Math.abs(column + 0.5 - x) - halfWidth + radius;
      const outX = Math.max(beyondX, 0);
      const outY = Math.max(beyondY, 0);
      const away = Math.sqrt(outX * outX + outY * outY) + Math.min(Math.max(beyondX, beyondY), 0) - radius;
      const at = start + column;
      if (softness > 0) {
        const soft = clamp(0.5 - (away / softness) * 0.5, 0, 1);
        if (soft > 0) cover(values, at, fill[0], fill[1], fill[2], soft * soft * box.fillOpacity);
        continue;
      }
      const outside = clamp(0.5 - away, 0, 1);
      if (outside <= 0) continue;
      const inside = clamp(0.5 - (away + border), 0, 1);
      const [filled, lined] = [inside * box.fillOpacity, (outside - inside) * box.lineOpacity];
      const sum = filled + lined;
      if (sum <= 0) continue;
      const mix = (channel: 0 | 1 | 2) => (fill[channel] * filled + line[channel] * lined) / sum;
      cover(values, at, mix(0), mix(1), mix(2), sum);
    }
  }
}

/** Part of an atlas (one byte per pixel, `atlasWidth` wide) in a colour; (left, top) is the first pixel. */
export function drawGlyph(
  {values, width, height}: Pixels,
  atlas: Uint8Array,
  atlasWidth: number,
  [left, top, glyphWidth, glyphHeight, atlasX, atlasY]: readonly [number, number, number, number, number, number],
  [red, green, blue]: Rgb,
  opacity: number,
): void {
  const toRow = Math.min(height, top + glyphHeight);
  const to = Math.min(width, left + glyphWidth);
  for (let row = Math.max(0, top); row < toRow; row++) {
    const source = (atlasY + row - top) * atlasWidth + atlasX - left;
    for (let column = Math.max(0, left); column < to; column++) {
      const ink = atlas[source + column]!;
      if (ink > 0) cover(values, row * width + column, red, green, blue, (ink / 255) * opacity);
    }
  }
}

/** Dots `pitch` pixels apart, one of them at (x, y). */
export function drawGridDots(pixels: Pixels, x: number, y: number, pitch: number, radius: number, color: number, strength: number): void {
  const first = (offset: number) => (((offset % pitch) + pitch) % pitch) - pitch;
  for (let dotY = first(y); dotY < pixels.height + radius + 1; dotY += pitch)
    for (let dotX = first(x); dotX < pixels.width + radius + 1; dotX += pitch)
      drawDot(pixels, dotX, dotY, radius, color, strength * 0.9999);
}

/** Copies a picture of the same size; source pixel = pixel * scale + offset. What it leaves free becomes `free`. */
export function copyMoved(to: Pixels, from: Pixels, {scale, offsetX, offsetY}: PixelView, free: number): void {
  if (scale === 1) copyShifted(to, from, Math.round(offsetX), Math.round(offsetY), free);
  else copyScaled(to, from, scale, offsetX, offsetY, free);
}

function copyShifted(to: Pixels, from: Pixels, shiftX: number, shiftY: number, free: number): void {
  if (shiftX === 0 && shiftY === 0) {
    to.values.set(from.values);
    return;
  }
  const {width, height} = to;
  const left = clamp(-shiftX, 0, width);
  const right = clamp(width - shiftX, left, width);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const source = row + shiftY;
    if (source < 0 || source >= height) {
      to.values.fill(free, start, start + width);
      continue;
    }
    to.values.fill(free, start, start + left);
    to.values.set(from.values.subarray(source * width + left + shiftX, source * width + right + shiftX), start + left);
    to.values.fill(free, start + right, start + width);
  }
}

/** Columns of the source for each column, and how much of the next one is in it, in 1/256. */
let columns = new Int32Array(0);
let parts = new Int32Array(0);
/** Two rows of the source, stretched to the width they are shown in. */
let upper = {row: -1, values: new Int32Array(0)};
let lower = {row: -1, values: new Int32Array(0)};

function copyScaled(to: Pixels, from: Pixels, scale: number, offsetX: number, offsetY: number, free: number): void {
  const {width, height} = to;
  if (columns.length < width) {
    [columns, parts] = [new Int32Array(width), new Int32Array(width)];
    for (const stretched of [upper, lower]) stretched.values = new Int32Array(width);
  }
  let left = width;
  let right = 0;
  for (let column = 0; column < width; column++) {
    const place = (column + 0.5) * scale + offsetX;
    if (place < 0 || place > width) continue;
    left = Math.min(left, column);
    right = column + 1;
    const clamped = clamp(place - 0.5, 0, width - 1.001);
    columns[column] = clamped;
    parts[column] = (clamped - Math.floor(clamped)) * 256;
  }
  if (left >= right) left = right = 0;
  upper.row = lower.row = -1;
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const place = (row + 0.5) * scale + offsetY;
    if (place < 0 || place > height) {
      to.values.fill(free, start, start + width);
      continue;
    }
    const clamped = clamp(place - 0.5, 0, height - 1.001);
    const source = Math.floor(clamped);
    if (lower.row === source) [upper, lower] = [lower, upper];
    if (upper.row !== source) stretch(upper, from, source, left, right);
    if (lower.row !== source + 1) stretch(lower, from, source + 1, left, right);
    to.values.fill(free, start, start + left);
    to.values.fill(free, start + right, start + width);
    blendRows(to.values, start, upper.values, lower.values, left, right, ((clamped - source) * 256) | 0);
  }
}

function stretch(to: {row: number; values: Int32Array}, from: Pixels, row: number, left: number, right: number): void {
  to.row = row;
  const start = row * from.width;
  const [target, source, fromColumn, part] = [to.values, from.values, columns, parts];
  for (let column = left; column < right; column++) {
    const at = start + fromColumn[column]!;
    target[column] = between(source[at]!, source[at + 1]!, part[column]!);
  }
}

function blendRows(target: Int32Array, start: number, one: Int32Array, other: Int32Array, left: number, right: number, part: number): void {
  for (let column = left; column < right; column++) target[start + column] = between(one[column]!, other[column]!, part);
}

/** A colour between two, `part` / 256 of the way; red and blue at once, then green. */
function between(one: number, other: number, part: number): number {
  if (one === other) return one;
  const odd = one & 0xff00ff;
  const even = one & 0xff00;
  const mixedOdd = ((odd << 8) + Math.imul((other & 0xff00ff) - odd, part)) >>> 8;
  const mixedEven = ((even << 8) + Math.imul((other & 0xff00) - even, part)) >>> 8;
  return -0x1000000 | (mixedOdd & 0xff00ff) | (mixedEven & 0xff00);
}
