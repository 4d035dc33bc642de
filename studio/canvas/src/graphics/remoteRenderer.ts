import {Batch, noNeuronState} from './graphics';
import type {RecordedFrame} from './remote';
import {type SimulationBuffers, WebGpuGraphics} from './webgpu';

/** Draws in a worker what `RemoteGraphics` has recorded on the page; neurons look as a simulation on the same device has them. */
export class RemoteRenderer {
  private readonly batches: Batch[] = [];
  private readonly state = noNeuronState();

  private constructor(
    private readonly canvas: OffscreenCanvas,
    private readonly graphics: WebGpuGraphics,
  ) {}

  /** `readers`: WGSL that reads the buffers of the simulation. Rejects when the device refuses the shaders. */
  static async create(canvas: OffscreenCanvas, device: GPUDevice, readers: string): Promise<RemoteRenderer> {
    return new RemoteRenderer(canvas, await WebGpuGraphics.create(canvas, device, readers));
  }

  draw(frame: RecordedFrame, buffers: SimulationBuffers): void {
    const {graphics} = this;
    if (frame.size) this.resize(frame.size);
    if (frame.theme) graphics.setTheme(frame.theme);
    for (const {x, y, width, height, pixels} of frame.glyphs) graphics.uploadGlyph(x, y, width, height, pixels);
    this.takeSpikes(frame.spikes);
    graphics.uploadState(this.state);
    graphics.showSimulation(buffers, this.state.base);
    for (const {batch: number, kind, items} of frame.batches) this.takeItems(number, kind, items);
    for (const call of frame.calls) {
      if (call.call === 'target') graphics.target(call.where, call.clear);
      else if (call.call === 'grid') graphics.drawGrid(call.view, call.spacing, call.strength);
      else if (call.call === 'draw') graphics.draw(this.batches[call.batch]!, call.options);
      else if (call.call === 'layer') graphics.drawLayer(call.view);
      else graphics.swapLayer();
    }
    graphics.endFrame();
  }

  picture(): Promise<Blob> {
    return this.canvas.convertToBlob({type: 'image/png'});
  }

  destroy(): void {
    this.graphics.destroy();
  }

  private resize({width, height, pixelRatio}: NonNullable<RecordedFrame['size']>): void {
    this.canvas.width = width;
    this.canvas.height = height;
    this.graphics.resize(width, height, pixelRatio);
  }

  private takeSpikes({base, count, from, times}: RecordedFrame['spikes']): void {
    const {state} = this;
    if (base !== state.base || count !== state.count) {
      Object.assign(state, {base, count, spikeTimes: new Float32Array(count).fill(-1e9), dirtyFrom: 0, dirtyTo: count - 1});
    }
    if (times.length === 0) return;
    state.spikeTimes.set(times, from);
    state.dirtyFrom = Math.min(state.dirtyFrom, from);
    state.dirtyTo = Math.max(state.dirtyTo, from + times.length - 1);
  }

  private takeItems(number: number, kind: Batch['kind'], items: Float32Array<ArrayBuffer>): void {
    this.batches[number] ??= new Batch(kind, 1);
    const batch = this.batches[number];
    if (batch.data.length < items.length) batch.data = new Batch(kind, items.length / batch.stride).data;
    batch.data.set(items);
    batch.count = items.length / batch.stride;
    batch.version++;
  }
}
