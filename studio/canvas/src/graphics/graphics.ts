import type {Color, Theme} from '../theme';

/** Floats per item of each kind of picture element, a multiple of 4; glsl.ts and wgsl/ list their meaning. */
export const strides = {strand: 12, pulse: 16, shape: 20, neuron: 8, field: 12, glow: 8, glyph: 16} as const;
export type Kind = keyof typeof strides;

/** Items of one kind, collected in memory that is used again, and uploaded when they changed. */
export class Batch {
  data: Float32Array;
  count = 0;
  /** Counts changes: the graphics upload what they have not seen. */
  version = 0;
  readonly stride: number;

  constructor(
    readonly kind: Kind,
    capacity = 64,
  ) {
    this.stride = strides[kind];
    this.data = new Float32Array(wholeRows(capacity * this.stride));
  }

  clear(): void {
    this.count = 0;
    this.version++;
  }

  /** Index of the first float of a new item. */
  add(): number {
    const at = this.count * this.stride;
    if (at + this.stride > this.data.length) {
      const larger = new Float32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.count++;
    this.version++;
    return at;
  }
}

/** Items lie in rows of this many floats; rows are uploaded whole. */
export const itemRow = 2048 * 4;

function wholeRows(floats: number): number {
  return Math.ceil(floats / itemRow) * itemRow;
}

/** From world to device pixels: pixel = world * scale + offset. */
export interface PixelView {
  scale: number;
  offsetX: number;
  offsetY: number;
}

/** State of neurons as the shaders read it; flat neuron `base + i` is entry i. */
export interface NeuronState {
  base: number;
  count: number;
  /** 1/16 level. */
  levels: Int16Array | null;
  /** 1/16 level. */
  thresholds: Uint16Array | null;
  modulation: Int16Array | null;
  /** Display time of the last spike, in milliseconds. */
  spikeTimes: Float32Array;
  /** First and last entry whose spike time changed since the last upload. */
  dirtyFrom: number;
  dirtyTo: number;
  levelsVersion: number;
}

export function noNeuronState(): NeuronState {
  return {
    base: 0,
    count: 0,
    levels: null,
    thresholds: null,
    modulation: null,
    spikeTimes: new Float32Array(0),
    dirtyFrom: Number.POSITIVE_INFINITY,
    dirtyTo: -1,
    levelsVersion: 0,
  };
}

export interface DrawOptions {
  view: PixelView;
  /** Display time, in milliseconds. */
  now: number;
  /** Strands: pieces a curve is cut into. */
  segments?: number;
  /** Strands: 0..1, multiplies their opacity. */
  opacity?: number;
  /** Strands: what stands at their targets instead, or plain lines without dashes and borders. Neurons: points, for small ones, or dots without rim. */
  as?: 'head' | 'line' | 'point' | 'dot';
  /** Items from .. to-1 only. */
  from?: number;
  to?: number;
}

/** Milliseconds in which the light of a spike falls to 1/e. */
export const glowDecay = 130;
/** After so many milliseconds the light of a spike is out. */
export const glowEnd = 650;

/** software: the processor draws, into memory. */
export type GraphicsName = 'webgl2' | 'webgpu' | 'software';

/** What draws: one implementation per graphics interface of the browser, with the same picture. */
export interface Graphics {
  /** simulation: WebGPU on the device of a network that runs there, in a worker. */
  readonly name: GraphicsName | 'simulation';
  readonly lost: boolean;
  /** True: the frames before are still being drawn; the next one is to wait. */
  readonly busy?: boolean;
  /** In device pixels. */
  resize(width: number, height: number, pixelRatio: number): void;
  setTheme(theme: Theme): void;
  uploadState(state: NeuronState): void;
  /** Grows or rewrites a rectangle of the atlas of glyphs (one byte per pixel). */
  uploadGlyph(x: number, y: number, width: number, height: number, pixels: Uint8Array<ArrayBuffer>): void;
  /** Starts to draw the screen, or the layer of what stands still; `clear` null keeps what is there. */
  target(where: 'screen' | 'layer', clear: Color | null): void;
  /** Dots of the grid, `spacing` world units apart. */
  drawGrid(view: PixelView, spacing: number, strength: number): void;
  /** A batch keeps its items from its first draw of a frame to the end of that frame. */
  draw(batch: Batch, options: DrawOptions): void;
  /** Puts the finished layer on the screen: layer pixel = screen pixel * scale + offset. */
  drawLayer(view: PixelView): void;
  /** The layer being drawn becomes the finished one. */
  swapLayer(): void;
  endFrame(): void;
  destroy(): void;
}

export const atlasSize = 1024;
/** Neurons per row of the state textures. */
export const stateRow = 2048;
