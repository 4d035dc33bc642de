// Drawing in the worker, straight from the buffers of a network that runs on a GPU, so that nobody has to read them back. The engine knows no
// renderer: whoever makes the worker gives one.
import type {EngineModule, GpuState} from './module';

/** Where a renderer reads the state of the neurons. */
export interface SimulationBuffers {
  neurons: GPUBuffer;
  types: GPUBuffer;
  /** Word in `types` from which on each neuron has its type. */
  typesAt: number;
  /** The last tick, modulo 2^32. */
  last: number;
}

export interface Renderer {
  /** Carries out what the page recorded of a frame. */
  draw(frame: unknown, buffers: SimulationBuffers): void;
  picture(): Promise<Blob>;
  destroy(): void;
}

/** `wgsl`: what gpu_state_wgsl() of the engine tells, to be put in front of shaders that read the buffers. */
export type MakeRenderer = (canvas: OffscreenCanvas, device: GPUDevice, wgsl: string) => Promise<Renderer>;

/** What the page sends to a drawing, and hears of it. */
export type DrawingRequest = {kind: 'frame'; frame: unknown} | {kind: 'picture'} | {kind: 'end'};
export type DrawingAnswer = {kind: 'drawn'} | {kind: 'picture'; blob: Blob} | {kind: 'ended'};

/** A canvas of the page that shows the network which runs on a GPU of this worker. Ends with that. */
export class Drawing {
  private hasEnded = false;
  /** Frames that came while the engine was making its buffers anew. */
  private readonly waiting: unknown[] = [];

  private constructor(
    private readonly module: EngineModule,
    private readonly gpu: GPUDevice,
    private readonly device: number,
    private readonly renderer: Renderer,
    private readonly port: MessagePort,
    private state: GpuState,
  ) {
    port.onmessage = (event: MessageEvent<DrawingRequest>) => this.receive(event.data);
  }

  /** Undefined: the network does not run on a GPU, or the GPU cannot draw. */
  static async begin(module: EngineModule, make: MakeRenderer, canvas: OffscreenCanvas, port: MessagePort): Promise<Drawing | undefined> {
    const state = module.gpuState();
    const device = state && module.gpuDevice(state.device);
    if (!state || !device) return undefined;
    const wgsl = await module.ask<string>('gpu_state_wgsl');
    try {
      return new Drawing(module, device, state.device, await make(canvas, device, wgsl), port, state);
    } catch (error) {
      console.warn('The GPU that computes cannot draw:', error);
      return undefined;
    }
  }

  /** To be called when the engine has done something: its buffers may be others. False: the network runs on this GPU no more. */
  look(): boolean {
    const state = this.module.gpuState();
    if (this.hasEnded || state?.device !== this.device) return false;
    this.state = state;
    for (const frame of this.waiting.splice(0)) this.draw(frame);
    return true;
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.renderer.destroy();
    this.answer({kind: 'ended'});
    this.port.close();
  }

  private receive(request: DrawingRequest): void {
    if (request.kind === 'frame') {
      this.draw(request.frame);
    } else if (request.kind === 'picture') {
      void this.renderer.picture().then(blob => this.answer({kind: 'picture', blob}));
    } else {
      this.end();
    }
  }

  private draw(frame: unknown): void {
    const {typesAt, last} = this.state;
    const neurons = this.module.gpuBuffer(this.device, this.state.neurons);
    const types = this.module.gpuBuffer(this.device, this.state.types);
    if (this.hasEnded) return;
    if (!neurons || !types) {
      this.waiting.push(frame);
      return;
    }
    // What goes wrong in drawing must not stop the computing on the same device.
    this.gpu.pushErrorScope('validation');
    try {
      this.renderer.draw(frame, {neurons, types, typesAt, last});
    } catch (error) {
      this.fail(error);
    }
    this.gpu.popErrorScope().then(
      error => error && this.fail(error),
      () => {}, // the device is lost: the engine notices
    );
    this.answer({kind: 'drawn'});
  }

  private fail(error: unknown): void {
    if (!this.hasEnded) console.warn('The GPU that computes cannot draw:', error);
    this.end();
  }

  private answer(answer: DrawingAnswer): void {
    this.port.postMessage(answer);
  }
}
