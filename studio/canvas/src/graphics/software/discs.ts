import {clamp, cover, mixed, type Pixels, packed, type Rgb} from './pixels';

/** How a disc looks; places and lengths in pixels, y down. */
export interface DiscLook {
  /** Width of the rim; below 0: none. */
  line: number;
  /** y of the surface of the liquid, from the middle. */
  surface: number;
  rim: Rgb;
  dry: Rgb;
  wet: Rgb;
  opacity: number;
}

/** A disc of one colour. */
export function drawDot({values, width, height}: Pixels, x: number, y: number, radius: number, color: number, opacity: number): void {
  const reach = radius + 0.5;
  const solid = opacity >= 1 ? Math.max(0, radius - 0.5) : -1;
  const solidSquared = solid < 0 ? -1 : solid * solid;
  const [red, green, blue] = [color & 0xff, (color >>> 8) & 0xff, (color >>> 16) & 0xff];
  const toRow = Math.min(height, Math.ceil(y + reach));
  const fromColumn = Math.max(0, Math.floor(x - reach));
  const toColumn = Math.min(width, Math.ceil(x + reach));
  for (let row = Math.max(0, Math.floor(y - reach)); row < toRow; row++) {
    const dy = row + 0.5 - y;
    for (let column = fromColumn; column < toColumn; column++) {
      const dx = column + 0.5 - x;
      const squared = dx * dx + dy * dy;
      if (squared >= reach * reach) continue;
      const at = row * width + column;
      if (squared <= solidSquared) values[at] = color;
      else cover(values, at, red, green, blue, Math.min(1, reach - Math.sqrt(squared)) * opacity);
    }
  }
}

/** A disc with a rim, filled to the surface of its liquid. */
export function drawDisc({values, width, height}: Pixels, x: number, y: number, radius: number, look: DiscLook): void {
  const {line, surface, rim, dry, wet, opacity} = look;
  const reach = radius + 0.5;
  const core = radius - line - 0.5;
  const toRow = Math.min(height, Math.ceil(y + reach));
  for (let row = Math.max(0, Math.floor(y - reach)); row < toRow; row++) {
    const dy = row + 0.5 - y;
    const half = Math.sqrt(Math.max(0, reach * reach - dy * dy));
    const from = Math.max(0, Math.floor(x - half));
    const to = Math.min(width, Math.ceil(x + half));
    if (from >= to) continue;
    const [red, green, blue] = mixed(dry, wet, clamp(dy - surface + 0.5, 0, 1));
    // Between these columns nothing is to be blended.
    const inside = opacity >= 1 && core > Math.abs(dy) ? Math.sqrt(core * core - dy * dy) : 0;
    const solidFrom = clamp(Math.ceil(x - inside - 0.5), from, to);
    const solidTo = inside > 0 ? clamp(Math.floor(x + inside + 0.5), solidFrom, to) : solidFrom;
    const start = row * width;
    if (solidTo > solidFrom) values.fill(packed(Math.round(red), Math.round(green), Math.round(blue)), start + solidFrom, start + solidTo);
    for (let column = from; column < to; column++) {
      if (column === solidFrom) column = solidTo;
      if (column >= to) break;
      const dx = column + 0.5 - x;
      const away = Math.sqrt(dx * dx + dy * dy);
      const outside = clamp(reach - away, 0, 1) * opacity;
      if (outside <= 0) continue;
      const part = clamp(reach - line - away, 0, 1);
      const rest = 1 - part;
      cover(values, start + column, rim[0] * rest + red * part, rim[1] * rest + green * part, rim[2] * rest + blue * part, outside);
    }
  }
}

export function drawRing(
  {values, width, height}: Pixels,
  x: number,
  y: number,
  radius: number,
  halfWidth: number,
  [red, green, blue]: Rgb,
  opacity: number,
): void {
  const reach = radius + halfWidth + 0.5;
  const hole = Math.max(0, radius - halfWidth - 0.5);
  const toRow = Math.min(height, Math.ceil(y + reach));
  for (let row = Math.max(0, Math.floor(y - reach)); row < toRow; row++) {
    const dy = row + 0.5 - y;
    const half = Math.sqrt(Math.max(0, reach * reach - dy * dy));
    const gap = hole > Math.abs(dy) ? Math.sqrt(hole * hole - dy * dy) : 0;
    const to = Math.min(width, Math.ceil(x + half));
    const gapFrom = Math.ceil(x - gap - 0.5);
    const gapTo = Math.floor(x + gap + 0.5);
    for (let column = Math.max(0, Math.floor(x - half)); column < to; column++) {
      if (gap > 0 && column >= gapFrom && column < gapTo) {
        column = gapTo - 1;
        continue;
      }
      const dx = column + 0.5 - x;
      const ring = clamp(halfWidth + 0.5 - Math.abs(Math.sqrt(dx * dx + dy * dy) - radius), 0, 1) * opacity;
      if (ring > 0) cover(values, row * width + column, red, green, blue, ring);
    }
  }
}

const steps = 1024;
/** Light by the square of the distance from the middle, 0..256, around discs of `tableRim` of its reach. */
const table = new Float64Array(steps + 1);
let tableRim = -1;
let tableInCell = false;

function fillTable(rim: number, inCell: boolean): void {
  tableRim = rim;
  tableInCell = inCell;
  for (let step = 0; step <= steps; step++) {
    const away = Math.sqrt(step / steps);
    // The disc itself is lit already.
    const fall = inCell ? clamp((1 - away) / (1 - rim), 0, 1) : 1 - away;
    table[step] = fall * fall * (inCell ? 1 : clamp(1 + (away - rim) * 14, 0.18, 1)) * 256;
  }
}

/** A colour by how much of it is added, 0..256: red and blue, then green. */
const lightOdd = new Int32Array(257);
const lightEven = new Int32Array(257);
let lightColor: Rgb | null = null;

function fillLight(color: Rgb): void {
  lightColor = color;
  const [red, green, blue] = color;
  for (let amount = 0; amount <= 256; amount++) {
    lightOdd[amount] = (((blue * amount + 128) >> 8) << 16) | ((red * amount + 128) >> 8);
    lightEven[amount] = ((green * amount + 128) >> 8) << 8;
  }
}

/** Light around a disc that is `rim` of the radius wide; `additive` 1: it adds, 0: it covers; `inCell`: it begins at the disc at full strength. */
export function drawGlow(
  {values, width, height}: Pixels,
  x: number,
  y: number,
  radius: number,
  rim: number,
  color: Rgb,
  strength: number,
  additive: number,
  inCell = false,
): void {
  if (rim !== tableRim || inCell !== tableInCell) fillTable(rim, inCell);
  if (color[0] !== lightColor?.[0] || color[1] !== lightColor[1] || color[2] !== lightColor[2]) fillLight(color);
  const covers = 1 - additive;
  const scale = steps / (radius * radius);
  // Where it falls below the least that can be shown nothing is drawn.
  const least = Math.sqrt(1 / Math.max(1, 256 * strength));
  const reach = radius * (inCell ? 1 - least * (1 - rim) : 1 - least);
  const toRow = Math.min(height, Math.ceil(y + reach));
  for (let row = Math.max(0, Math.floor(y - reach)); row < toRow; row++) {
    const dy = row + 0.5 - y;
    const half = Math.sqrt(Math.max(0, reach * reach - dy * dy));
    const start = row * width;
    const to = Math.min(width, Math.ceil(x + half));
    for (let column = Math.max(0, Math.floor(x - half)); column < to; column++) {
      const dx = column + 0.5 - x;
      const amount = (table[((dx * dx + dy * dy) * scale) | 0]! * strength + 0.5) | 0;
      const at = start + column;
      const below = values[at]!;
      let odd = below & 0xff00ff;
      let even = below & 0xff00;
      if (covers > 0) {
        const kept = (256.5 - amount * covers) | 0;
        odd = (Math.imul(odd, kept) >>> 8) & 0xff00ff;
        even = (Math.imul(even, kept) >>> 8) & 0xff00;
      }
      odd += lightOdd[amount]!;
      even += lightEven[amount]!;
      if ((odd & 0x1000100) !== 0) odd = (odd & 0x1000000 ? 0xff0000 : odd & 0xff0000) | (odd & 0x100 ? 0xff : odd & 0xff);
      values[at] = -0x1000000 | (odd & 0xff00ff) | Math.min(even, 0xff00);
    }
  }
}
