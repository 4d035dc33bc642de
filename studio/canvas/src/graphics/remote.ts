import type {Color, Theme} from '../theme';
import type {Batch, DrawOptions, Graphics, Kind, NeuronState, PixelView} from './graphics';

/** Items of a batch that changed since they were last sent. */
export interface SentBatch {
  batch: number;
  kind: Kind;
  items: Float32Array<ArrayBuffer>;
}

export type Call =
  | {call: 'target'; where: 'screen' | 'layer'; clear: Color | null}
  | {call: 'grid'; view: PixelView; spacing: number; strength: number}
  | {call: 'draw'; batch: number; count: number; options: DrawOptions}
  | {call: 'layer'; view: PixelView}
  | {call: 'swap'};

/** All that a frame asks of graphics, recorded, so that it can be carried out elsewhere. */
export interface RecordedFrame {
  size?: {width: number; height: number; pixelRatio: number};
  theme?: Theme;
  glyphs: {x: number; y: number; width: number; height: number; pixels: Uint8Array<ArrayBuffer>}[];
  /** Display times of spikes of the entries from `from` on. */
  spikes: {base: number; count: number; from: number; times: Float32Array<ArrayBuffer>};
  batches: SentBatch[];
  calls: Call[];
}

/** Frames that may be under way: one is drawn while the next is recorded. */
const mostUnderWay = 2;

/**
 * Graphics in a worker: what a frame asks for is recorded and posted, and drawn by a `RemoteRenderer` at the other end of the port, which has
 * the levels of neurons at hand.
 */
export class RemoteGraphics implements Graphics {
  readonly name = 'simulation';
  lost = false;
  private underWay = 0;
  private frame = emptyFrame();
  private readonly numbers = new Map<Batch, {number: number; version: number}>();
  private known = {base: -1, count: -1};
  private readonly pictures: ((blob: Blob) => void)[] = [];

  /** `ended`: the worker draws no more. */
  constructor(
    private readonly port: MessagePort,
    private readonly ended: () => void,
    private readonly drawn: () => void,
  ) {
    port.onmessage = ({data}) => this.receive(data);
  }

  get busy(): boolean {
    return this.underWay >= mostUnderWay;
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.frame.size = {width, height, pixelRatio};
  }

  setTheme(theme: Theme): void {
    this.frame.theme = theme;
  }

  uploadState(state: NeuronState): void {
    const {base, count} = state;
    const isOther = base !== this.known.base || count !== this.known.count;
    this.known = {base, count};
    const from = isOther ? 0 : Math.min(state.dirtyFrom, count);
    const to = isOther ? count : state.dirtyTo + 1;
    this.frame.spikes = {base, count, from, times: state.spikeTimes.slice(from, Math.max(from, to))};
    state.dirtyFrom = Number.POSITIVE_INFINITY;
    state.dirtyTo = -1;
  }

  uploadGlyph(x: number, y: number, width: number, height: number, pixels: Uint8Array<ArrayBuffer>): void {
    this.frame.glyphs.push({x, y, width, height, pixels: pixels.slice()});
  }

  target(where: 'screen' | 'layer', clear: Color | null): void {
    this.frame.calls.push({call: 'target', where, clear});
  }
  drawGrid(view: PixelView, spacing: number, strength: number): void {
    this.frame.calls.push({call: 'grid', view: {...view}, spacing, strength});
  }
  draw(batch: Batch, options: DrawOptions): void {
    if ((options.to ?? batch.count) <= (options.from ?? 0)) return;
    this.frame.calls.push({call: 'draw', batch: this.send(batch), count: batch.count, options: {...options, view: {...options.view}}});
  }
  drawLayer(view: PixelView): void {
    this.frame.calls.push({call: 'layer', view: {...view}});
  }
  swapLayer(): void {
    this.frame.calls.push({call: 'swap'});
  }

  endFrame(): void {
    const {frame} = this;
    this.frame = emptyFrame(frame.spikes);
    this.underWay++;
    const transfer = [
      frame.spikes.times.buffer,
      ...frame.batches.map(({items}) => items.buffer),
      ...frame.glyphs.map(g => g.pixels.buffer),
    ];
    this.port.postMessage({kind: 'frame', frame}, transfer);
  }

  destroy(): void {
    this.lost = true;
    this.port.postMessage({kind: 'end'});
    this.port.close();
  }

  /** What is on the screen, as a PNG file. */
  picture(): Promise<Blob> {
    this.port.postMessage({kind: 'picture'});
    return new Promise(resolve => this.pictures.push(resolve));
  }

  /** Number by which the worker knows the batch, whose items go with the frame when they changed. */
  private send(batch: Batch): number {
    let known = this.numbers.get(batch);
    if (!known) {
      known = {number: this.numbers.size, version: -1};
      this.numbers.set(batch, known);
    }
    if (known.version !== batch.version) {
      known.version = batch.version;
      this.frame.batches.push({batch: known.number, kind: batch.kind, items: batch.data.slice(0, batch.count * batch.stride)});
    }
    return known.number;
  }

  private receive(answer: {kind: 'drawn'} | {kind: 'picture'; blob: Blob} | {kind: 'ended'}): void {
    if (answer.kind === 'drawn') {
      this.underWay--;
      this.drawn();
    } else if (answer.kind === 'picture') {
      this.pictures.shift()?.(answer.blob);
    } else if (!this.lost) {
      this.lost = true;
      this.ended();
    }
  }
}

function emptyFrame({base, count} = {base: 0, count: 0}): RecordedFrame {
  return {glyphs: [], spikes: {base, count, from: 0, times: new Float32Array(0)}, batches: [], calls: []};
}
