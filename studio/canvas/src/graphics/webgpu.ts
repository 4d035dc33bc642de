import type {Color, Theme} from '../theme';
import {atlasSize, Batch, type DrawOptions, type Graphics, glowDecay, glowEnd, type NeuronState, type PixelView} from './graphics';
import {cornersOf, indexedItems, piecesOf, stripIndices, stripPower} from './strips';
import nodes from './wgsl/nodes.wgsl?raw';
import screen from './wgsl/screen.wgsl?raw';
import simulation from './wgsl/simulation.wgsl?raw';
import state from './wgsl/state.wgsl?raw';
import strands from './wgsl/strands.wgsl?raw';
import tools from './wgsl/tools.wgsl?raw';

/** Entry points are the names with 'Vertex' and 'Fragment'. Points have no size here: small neurons are drawn as large ones are. */
const kinds = ['strand', 'head', 'line', 'pulse', 'shape', 'neuron', 'dot', 'field', 'glow', 'glyph', 'grid', 'copy', 'layer'] as const;
type Pipelines = Record<(typeof kinds)[number], GPURenderPipeline>;

/** Draw calls of one frame, at most; there are some thirty. */
const mostDraws = 64;
/** Bytes from one draw's values to the next: what every device can bind. */
const drawStride = 256;
/** In the order of `Theme` in tools.wgsl. */
const themeColors = [
  'surface',
  'outlineStrong',
  'fill',
  'fillNegative',
  'accent',
  'accentBright',
  'excite',
  'inhibit',
  'faded',
  'grown',
  'shrunk',
  'modulation',
  'grid',
  'background',
] as const;

/** Bound where a shader reads no items. */
const noItems = new Batch('glow', 1);

/** The state of neurons where a simulation on the same device has it, in place of uploaded levels. */
export interface SimulationBuffers {
  neurons: GPUBuffer;
  types: GPUBuffer;
  typesAt: number;
  last: number;
}

/** A batch's items as the device has them. */
interface Uploaded {
  buffer: GPUBuffer;
  bindings: GPUBindGroup;
  version: number;
}

interface Layouts {
  frame: GPUBindGroupLayout;
  draw: GPUBindGroupLayout;
  layer: GPUBindGroupLayout;
}

/**
 * The picture through WebGPU: per frame one buffer of commands, with one pass for the layer when it is drawn and one for the screen. Each draw
 * call has a place in `draws`, which is written before the commands run; so a batch may be changed between frames, not within one.
 */
export class WebGpuGraphics implements Graphics {
  readonly name = 'webgpu';
  /** Resolves when the device is gone for another reason than `destroy`. */
  readonly whenLost: Promise<void>;
  lost = false;
  private destroyed = false;
  private readonly context: GPUCanvasContext;
  private readonly theme: GPUBuffer;
  private readonly draws: GPUBuffer;
  private readonly drawValues = new ArrayBuffer(mostDraws * drawStride);
  private drawCount = 0;
  private readonly atlas: GPUTexture;
  private readonly sampler: GPUSampler;
  /** Levels, thresholds, modulation, times of spikes. */
  private stateBuffers: GPUBuffer[] = [];
  private stateCapacity = 0;
  private levelsSeen = -1;
  /** Which of levels (1), thresholds (2) and modulation (4) are known. */
  private known = 0;
  private frameBindings!: GPUBindGroup;
  private readonly uploaded = new Map<Batch, Uploaded>();
  /** By the power of two of vertices per item. */
  private readonly indices = new Map<number, {buffer: GPUBuffer; items: number}>();
  private layers: {view: GPUTextureView; bindings: GPUBindGroup; texture: GPUTexture}[] = [];
  private drawnLayer = 0;
  private encoder: GPUCommandEncoder | null = null;
  private pass: GPURenderPassEncoder | null = null;
  private width = 1;
  private height = 1;
  private pixelRatio = 1;

  /**
   * Rejects when the device refuses the shaders. `readers`: WGSL that reads the buffers of a simulation; where it is given, neurons look as
   * `showSimulation` says, and the device is another's.
   */
  static async create(canvas: HTMLCanvasElement | OffscreenCanvas, device: GPUDevice, readers?: string): Promise<WebGpuGraphics> {
    const format = navigator.gpu.getPreferredCanvasFormat();
    const layouts = layoutsOf(device);
    const pipelines = await pipelinesOf(device, format, layouts, readers === undefined ? state : readers + simulation);
    return new WebGpuGraphics(canvas, device, format, layouts, pipelines, readers !== undefined);
  }

  private constructor(
    canvas: HTMLCanvasElement | OffscreenCanvas,
    private readonly device: GPUDevice,
    private readonly format: GPUTextureFormat,
    private readonly layouts: Layouts,
    private readonly pipelines: Pipelines,
    private readonly isGuest: boolean,
  ) {
    this.whenLost = device.lost.then(() => {
      this.lost = true;
      return this.destroyed ? new Promise<never>(() => {}) : undefined;
    });
    this.context = canvas.getContext('webgpu') as GPUCanvasContext;
    this.context.configure({device, format, alphaMode: 'opaque'});
    const uniform = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.theme = device.createBuffer({size: themeColors.length * 16, usage: uniform});
    this.draws = device.createBuffer({size: mostDraws * drawStride, usage: uniform});
    this.atlas = device.createTexture({
      size: [atlasSize, atlasSize],
      format: 'r8unorm',
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
    });
    this.sampler = device.createSampler({magFilter: 'linear', minFilter: 'linear'});
    this.reserveState(1);
    this.makeLayers();
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.pixelRatio = pixelRatio;
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.makeLayers();
  }

  setTheme(theme: Theme): void {
    const values = new Float32Array(themeColors.length * 4);
    for (const [number, name] of themeColors.entries()) values.set(theme[name], number * 4);
    values[values.length - 1] = theme.glow;
    this.device.queue.writeBuffer(this.theme, 0, values);
  }

  uploadState(state: NeuronState): void {
    const {queue} = this.device;
    const grown = state.count > this.stateCapacity;
    if (grown) this.reserveState(2 ** Math.ceil(Math.log2(state.count)));
    const [levels, thresholds, modulation, spikes] = this.stateBuffers as [GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer];
    const from = grown ? 0 : state.dirtyFrom;
    const to = grown ? state.count : state.dirtyTo + 1;
    if (to > from) queue.writeBuffer(spikes, from * 4, state.spikeTimes, from, to - from);
    state.dirtyFrom = Number.POSITIVE_INFINITY;
    state.dirtyTo = -1;
    if (this.isGuest) return;
    this.known = (state.levels ? 1 : 0) | (state.thresholds ? 2 : 0) | (state.modulation ? 4 : 0);
    if (state.levelsVersion === this.levelsSeen && !grown) return;
    this.levelsSeen = state.levelsVersion;
    this.writeHalves(levels, state.levels, state);
    this.writeHalves(thresholds, state.thresholds, state);
    this.writeHalves(modulation, state.modulation, state);
  }

  /** To be called before a frame is begun; `base`: as of the state that was uploaded. */
  showSimulation({neurons, types, typesAt, last}: SimulationBuffers, base: number): void {
    const [, , place, times] = this.stateBuffers as [GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer];
    this.device.queue.writeBuffer(place, 0, Uint32Array.of(base, typesAt, last, 0));
    this.known = 7;
    if (this.stateBuffers[0] === neurons && this.stateBuffers[1] === types) return;
    this.stateBuffers = [neurons, types, place, times];
    this.bindState();
  }

  uploadGlyph(x: number, y: number, width: number, height: number, pixels: Uint8Array<ArrayBuffer>): void {
    this.device.queue.writeTexture({texture: this.atlas, origin: [x, y]}, pixels, {bytesPerRow: width}, [width, height]);
  }

  target(where: 'screen' | 'layer', clear: Color | null): void {
    this.encoder ??= this.device.createCommandEncoder();
    this.pass?.end();
    const view = where === 'screen' ? this.context.getCurrentTexture().createView() : this.layers[this.drawnLayer]!.view;
    const attachment: GPURenderPassColorAttachment = clear
      ? {view, loadOp: 'clear', clearValue: [...clear, 1], storeOp: 'store'}
      : {view, loadOp: 'load', storeOp: 'store'};
    this.pass = this.encoder.beginRenderPass({colorAttachments: [attachment]});
    this.pass.setBindGroup(0, this.frameBindings);
  }

  drawGrid(view: PixelView, spacing: number, strength: number): void {
    this.begin('grid', view).set([spacing, strength], 13);
    this.pass!.setBindGroup(1, this.upload(noItems).bindings, [this.drawOffset()]);
    this.pass!.draw(3);
  }

  draw(batch: Batch, options: DrawOptions): void {
    const from = options.from ?? 0;
    const count = (options.to ?? batch.count) - from;
    if (count <= 0) return;
    const kind = options.as === 'point' ? 'neuron' : (options.as ?? batch.kind);
    const isStrip = kind === 'strand' || kind === 'line' || kind === 'pulse';
    const power = isStrip ? stripPower(options.segments ?? 16) : 2;
    const values = this.begin(kind, options.view, options.now, options.opacity);
    new Uint32Array(values.buffer, values.byteOffset).set([power, from, batch.stride / 4, piecesOf(power), this.known], 8);
    const pass = this.pass!;
    pass.setBindGroup(1, this.upload(batch).bindings, [this.drawOffset()]);
    pass.setIndexBuffer(this.indicesFor(power, count), 'uint32');
    pass.drawIndexed(count * cornersOf(power));
  }

  drawLayer(view: PixelView): void {
    const standsStill = view.scale === 1 && view.offsetX === 0 && view.offsetY === 0;
    this.begin(standsStill ? 'copy' : 'layer', view);
    const pass = this.pass!;
    pass.setBindGroup(1, this.upload(noItems).bindings, [this.drawOffset()]);
    pass.setBindGroup(2, this.layers[1 - this.drawnLayer]!.bindings);
    pass.draw(3);
  }

  swapLayer(): void {
    this.drawnLayer = 1 - this.drawnLayer;
  }

  endFrame(): void {
    if (!this.encoder) return;
    this.pass?.end();
    this.device.queue.writeBuffer(this.draws, 0, this.drawValues, 0, this.drawCount * drawStride);
    this.device.queue.submit([this.encoder.finish()]);
    this.encoder = null;
    this.pass = null;
    this.drawCount = 0;
  }

  destroy(): void {
    this.destroyed = true;
    this.context.unconfigure();
    if (this.isGuest) this.release();
    else this.device.destroy();
  }

  /** Gives back what was made on a device that others go on using. */
  private release(): void {
    const [, , place, times] = this.stateBuffers;
    const buffers = [
      this.theme,
      this.draws,
      place,
      times,
      ...[...this.uploaded.values(), ...this.indices.values()].map(({buffer}) => buffer),
    ];
    for (const buffer of buffers) buffer?.destroy();
    for (const {texture} of this.layers) texture.destroy();
    this.atlas.destroy();
  }

  /** Takes the next place among the draws of the frame and returns its values, as `Draw` in tools.wgsl has them. */
  private begin(kind: keyof Pipelines, view: PixelView, now = 0, opacity = 1): Float32Array {
    if (this.drawCount === mostDraws) throw new Error(`A frame has more than ${mostDraws} draw calls.`);
    const values = new Float32Array(this.drawValues, this.drawCount * drawStride, drawStride / 4);
    this.drawCount++;
    values.set([view.scale, view.offsetX, view.offsetY, this.pixelRatio, this.width, this.height, now, opacity]);
    this.pass!.setPipeline(this.pipelines[kind]);
    return values;
  }

  private drawOffset(): number {
    return (this.drawCount - 1) * drawStride;
  }

  /** Brings the batch's items on the device up to date. */
  private upload(batch: Batch): Uploaded {
    let uploaded = this.uploaded.get(batch);
    if (!uploaded || uploaded.buffer.size < batch.data.byteLength) {
      uploaded?.buffer.destroy();
      const buffer = this.device.createBuffer({size: batch.data.byteLength, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST});
      const bindings = this.device.createBindGroup({
        layout: this.layouts.draw,
        entries: [
          {binding: 0, resource: {buffer: this.draws, size: drawStride}},
          {binding: 1, resource: {buffer}},
        ],
      });
      uploaded = {buffer, bindings, version: -1};
      this.uploaded.set(batch, uploaded);
    }
    if (uploaded.version !== batch.version) {
      uploaded.version = batch.version;
      this.device.queue.writeBuffer(uploaded.buffer, 0, batch.data, 0, batch.count * batch.stride);
    }
    return uploaded;
  }

  private indicesFor(power: number, items: number): GPUBuffer {
    const known = this.indices.get(power);
    if (known && known.items >= items) return known.buffer;
    known?.buffer.destroy();
    const made = indexedItems(items);
    const values = stripIndices(power, made);
    const buffer = this.device.createBuffer({size: values.byteLength, usage: GPUBufferUsage.INDEX | GPUBufferUsage.COPY_DST});
    this.device.queue.writeBuffer(buffer, 0, values);
    this.indices.set(power, {buffer, items: made});
    return buffer;
  }

  /** Writes the entries of 16 bits that the state covers; the device takes whole words. */
  private writeHalves(buffer: GPUBuffer, values: Int16Array | Uint16Array | null, {base, count}: NeuronState): void {
    if (!values || count === 0) return;
    const end = Math.min(values.length, base + count);
    const whole = (end - base) & ~1;
    if (whole > 0) this.device.queue.writeBuffer(buffer, 0, values as Int16Array<ArrayBuffer>, base, whole);
    if (end - base > whole) this.device.queue.writeBuffer(buffer, whole * 2, Int16Array.of(values[end - 1]!, 0));
  }

  private reserveState(capacity: number): void {
    const {device} = this;
    for (const buffer of this.isGuest ? this.stateBuffers.slice(2) : this.stateBuffers) buffer.destroy();
    this.stateCapacity = capacity;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const entryBytes = this.isGuest ? [0, 0, 0, 4] : [2, 2, 2, 4];
    this.stateBuffers = entryBytes.map(bytes => device.createBuffer({size: Math.max(16, capacity * bytes), usage}));
    device.queue.writeBuffer(this.stateBuffers[3]!, 0, new Float32Array(capacity).fill(-1e9));
    this.bindState();
  }

  private bindState(): void {
    this.frameBindings = this.device.createBindGroup({
      layout: this.layouts.frame,
      entries: [
        {binding: 0, resource: {buffer: this.theme}},
        {binding: 1, resource: this.atlas.createView()},
        ...this.stateBuffers.map((buffer, number) => ({binding: number + 2, resource: {buffer}})),
      ],
    });
  }

  private makeLayers(): void {
    for (const {texture} of this.layers) texture.destroy();
    this.layers = [0, 1].map(() => {
      const texture = this.device.createTexture({
        size: [this.width, this.height],
        format: this.format,
        usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
      });
      const view = texture.createView();
      const bindings = this.device.createBindGroup({
        layout: this.layouts.layer,
        entries: [
          {binding: 0, resource: view},
          {binding: 1, resource: this.sampler},
        ],
      });
      return {texture, view, bindings};
    });
  }
}

function layoutsOf(device: GPUDevice): Layouts {
  const visibility = GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT;
  const storage = (binding: number) => ({binding, visibility, buffer: {type: 'read-only-storage'}}) as const;
  return {
    frame: device.createBindGroupLayout({
      entries: [
        {binding: 0, visibility, buffer: {}},
        {binding: 1, visibility, texture: {sampleType: 'unfilterable-float'}},
        ...[2, 3, 4, 5].map(storage),
      ],
    }),
    draw: device.createBindGroupLayout({entries: [{binding: 0, visibility, buffer: {hasDynamicOffset: true}}, storage(1)]}),
    layer: device.createBindGroupLayout({
      entries: [
        {binding: 0, visibility, texture: {}},
        {binding: 1, visibility, sampler: {}},
      ],
    }),
  };
}

async function pipelinesOf(device: GPUDevice, format: GPUTextureFormat, layouts: Layouts, neuronState: string): Promise<Pipelines> {
  const light = `const glowDecay = ${glowDecay}.0;\nconst glowEnd = ${glowEnd}.0; // milliseconds\n`;
  const module = device.createShaderModule({code: [tools, light, neuronState, strands, nodes, screen].join('\n')});
  const layout = device.createPipelineLayout({bindGroupLayouts: [layouts.frame, layouts.draw]});
  const layerLayout = device.createPipelineLayout({bindGroupLayouts: [layouts.frame, layouts.draw, layouts.layer]});
  const over: GPUBlendComponent = {srcFactor: 'one', dstFactor: 'one-minus-src-alpha'};
  const made = kinds.map(async kind => {
    const isLayer = kind === 'copy' || kind === 'layer';
    const vertex = isLayer || kind === 'grid' ? 'screenVertex' : `${kind}Vertex`;
    const pipeline = await device.createRenderPipelineAsync({
      layout: isLayer ? layerLayout : layout,
      vertex: {module, entryPoint: vertex},
      fragment: {module, entryPoint: `${kind}Fragment`, targets: [isLayer ? {format} : {format, blend: {color: over, alpha: over}}]},
    });
    return [kind, pipeline] as const;
  });
  return Object.fromEntries(await Promise.all(made)) as Pipelines;
}
