/** A picture in memory: opaque pixels, red in the lowest byte. */
export class Pixels {
  readonly values: Int32Array<ArrayBuffer>;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.values = new Int32Array(width * height);
  }
}

/** Red, green, blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

export function packed(red: number, green: number, blue: number): number {
  return -0x1000000 | (blue << 16) | (green << 8) | red;
}

export function packedRgb([red, green, blue]: Rgb): number {
  return packed(Math.round(red), Math.round(green), Math.round(blue));
}

export function mixed(one: Rgb, other: Rgb, part: number): Rgb {
  const rest = 1 - part;
  return [one[0] * rest + other[0] * part, one[1] * rest + other[1] * part, one[2] * rest + other[2] * part];
}

export function clamp(value: number, least: number, most: number): number {
  return value < least ? least : Math.min(value, most);
}

export function smoothstep(from: number, to: number, value: number): number {
  const part = clamp((value - from) / (to - from), 0, 1);
  return part * part * (3 - 2 * part);
}

/** Lays a colour over a pixel; `cover` from 0 to 1. */
export function cover(values: Int32Array, at: number, red: number, green: number, blue: number, cover: number): void {
  const part = (cover * 256 + 0.5) | 0;
  const rest = 256 - part;
  const below = values[at]!;
  const odd = (Math.imul(below & 0xff00ff, rest) + Math.imul((((blue + 0.5) | 0) << 16) | (red + 0.5), part) + 0x800080) >>> 8;
  const even = (Math.imul(below & 0xff00, rest) + Math.imul(((green + 0.5) | 0) << 8, part) + 0x8000) >>> 8;
  values[at] = -0x1000000 | (odd & 0xff00ff) | (even & 0xff00);
}

/** Adds light to a pixel of which `kept` (0 to 256) stays; colours are as bright as they are added. */
export function shine(values: Int32Array, at: number, red: number, green: number, blue: number, kept: number): void {
  const below = values[at]!;
  const r = (((below & 0xff) * kept + 128) >> 8) + red;
  const g = ((((below >>> 8) & 0xff) * kept + 128) >> 8) + green;
  const b = ((((below >>> 16) & 0xff) * kept + 128) >> 8) + blue;
  values[at] = -0x1000000 | (Math.min(b, 255) << 16) | (Math.min(g, 255) << 8) | Math.min(r, 255);
}

/** Spans of pixels inside a convex quadrangle: row, first column, column after the last. Neighbours that share an edge share no pixel. */
export class Spans {
  rows = new Int32Array(3 * 256);
  count = 0;

  /** Corners one after the other around the quadrangle, x and y. */
  ofQuad(corners: Float64Array, width: number, height: number): void {
    this.count = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let corner = 1; corner < 8; corner += 2) {
      const y = corners[corner]!;
      if (y < low) low = y;
      if (y > high) high = y;
    }
    const from = Math.max(0, Math.ceil(low - 0.5));
    const to = Math.min(height, Math.ceil(high - 0.5));
    if (to - from > this.rows.length / 3) this.rows = new Int32Array(3 * 2 ** Math.ceil(Math.log2(to - from)));
    const {rows} = this;
    for (let row = from; row < to; row++) {
      const y = row + 0.5;
      let left = Number.POSITIVE_INFINITY;
      let right = Number.NEGATIVE_INFINITY;
      for (let corner = 0; corner < 8; corner += 2) {
        const next = (corner + 2) & 7;
        let y0 = corners[corner + 1]!;
        let y1 = corners[next + 1]!;
        if (y0 <= y === y1 <= y) continue;
        let x0 = corners[corner]!;
        let x1 = corners[next]!;
        // Always from the upper end, so that both neighbours of an edge find the same place.
        if (y0 > y1) {
          [x0, x1] = [x1, x0];
          [y0, y1] = [y1, y0];
        }
        const x = x0 + ((x1 - x0) * (y - y0)) / (y1 - y0);
        if (x < left) left = x;
        if (x > right) right = x;
      }
      const first = Math.max(0, Math.ceil(left - 0.5));
      const end = Math.min(width, Math.ceil(right - 0.5));
      if (first >= end) continue;
      rows[this.count * 3] = row;
      rows[this.count * 3 + 1] = first;
      rows[this.count * 3 + 2] = end;
      this.count++;
    }
  }
}
