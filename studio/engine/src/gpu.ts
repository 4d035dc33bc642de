// The browser's WebGPU as the engine asks for it: the imports that engine/core/webgpu/browser_device.cpp declares. Where they wait for the
// GPU, the browser suspends the module (JavaScript Promise Integration). Lives in the worker that has the module.

/** What TypeScript's libraries do not know of WebAssembly yet. */
interface PromiseIntegration {
  Suspending?: new (waiting: (...values: number[]) => Promise<number | undefined>) => WebAssembly.ImportValue;
  promising?: (called: unknown) => (...values: number[]) => Promise<number>;
}
const {Suspending, promising} = WebAssembly as PromiseIntegration;

/** A function of the module that may wait for a GPU, as one that returns a promise; undefined: this browser cannot. */
export const promisingExport = promising;

/** As device.h numbers it. */
enum Access {
  uniform,
  tickUniform,
  read,
  readWrite,
}
const BINDING_TYPES: GPUBufferBindingType[] = ['uniform', 'uniform', 'read-only-storage', 'storage'];
/** Bytes that a kernel sees of the constants of ticks: FLUX_UNIFORM_STRIDE. */
const TICK_BYTES = 256;
/** Staging buffers of one size that are kept to be used again, and the largest such size. */
const MOST_SPARE = 4;
const LARGEST_SPARE = 2 ** 26;

interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
  accesses: number[];
}
interface Group {
  group: GPUBindGroup;
  hasTick: boolean;
}
interface Read {
  staging: GPUBuffer;
  bytes: number;
  state: 'recorded' | 'mapping' | 'ready' | 'failed';
}

/** Numbered things: numbers count from 1 and are not used again. */
class Numbered<T> extends Map<number, T> {
  private last = 0;
  add(thing: T): number {
    this.set(++this.last, thing);
    return this.last;
  }
}

const roundUp = (bytes: number, unit: number) => Math.ceil(bytes / unit) * unit;
const stagingBytes = (bytes: number) => 2 ** Math.ceil(Math.log2(Math.max(bytes, 4096)));

/** A GPUDevice outlives the networks that use it, with the kernels compiled for it: by their code. */
interface KeptDevice {
  device: GPUDevice;
  info: GPUAdapterInfo;
  pipelines: Map<string, Pipeline>;
}
let kept: KeptDevice | undefined;

/** The device of this worker, made when it is first asked for; undefined: the browser has none that a page may use. */
async function keptDevice(): Promise<KeptDevice | undefined> {
  if (kept) return kept;
  const adapter = await navigator.gpu.requestAdapter({powerPreference: 'high-performance'});
  if (!adapter) return undefined;
  const {maxBufferSize, maxStorageBufferBindingSize} = adapter.limits;
  const device = await adapter.requestDevice({requiredLimits: {maxBufferSize, maxStorageBufferBindingSize}});
  const made = {device, info: adapter.info, pipelines: new Map<string, Pipeline>()};
  const forget = () => {
    if (kept === made) kept = undefined;
  };
  void device.lost.then(forget);
  device.addEventListener('uncapturederror', forget); // whoever comes next begins anew
  kept = made;
  return kept;
}

/** What the engine has made on a GPUDevice for one network. */
class BrowserDevice {
  /** What went wrong first; empty: nothing. */
  trouble = '';
  private readonly buffers = new Numbered<GPUBuffer>();
  private readonly pipelines = new Numbered<Pipeline>();
  private readonly groups = new Numbered<Group>();
  private readonly reads = new Numbered<Read>();
  private readonly spare = new Map<number, GPUBuffer[]>();
  /** Buffers that recorded commands may use: to be destroyed once these are submitted. */
  private readonly doomed: GPUBuffer[] = [];
  private encoder: GPUCommandEncoder | undefined;
  private pass: GPUComputePassEncoder | undefined;
  /** Reads that have come or failed since the last poll. */
  private settled = 0;
  private wake = () => {};

  readonly device: GPUDevice;
  private isOpen = true;

  constructor(private readonly kept: KeptDevice) {
    const {device} = kept;
    this.device = device;
    device.addEventListener('uncapturederror', ({error}) =>
      this.fail(error instanceof GPUOutOfMemoryError ? 'its memory ran out' : error.message),
    );
    void device.lost.then(({message}) => this.fail(`it was lost (${message || 'the browser does not say why'})`));
  }

  get info(): GPUAdapterInfo {
    return this.kept.info;
  }

  private fail(message: string): void {
    if (!this.isOpen) return;
    this.trouble ||= message;
    this.wake();
  }

  close(): void {
    this.isOpen = false;
    this.endPass();
    if (this.trouble !== '') this.device.destroy();
    for (const buffer of [...this.buffers.values(), ...this.doomed]) buffer.destroy();
    for (const {staging} of this.reads.values()) staging.destroy();
    for (const staging of [...this.spare.values()].flat()) staging.destroy();
  }

  createBuffer(bytes: number, isUniform: boolean): number {
    const usage = (isUniform ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE) | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.buffers.add(this.device.createBuffer({size: Math.max(16, roundUp(bytes, 16)), usage}));
  }
  /** Undefined: the engine has it no more. */
  buffer = (number: number) => this.buffers.get(number);
  destroyBuffer(number: number): void {
    const buffer = this.buffers.get(number);
    this.buffers.delete(number);
    if (this.encoder && buffer) this.doomed.push(buffer);
    else buffer?.destroy();
  }

  createPipeline(label: string, code: string, accesses: number[]): number {
    const {device, pipelines} = this.kept;
    const known = pipelines.get(code);
    if (known) return this.pipelines.add(known);
    const entries = accesses.map((access, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: {type: BINDING_TYPES[access]!, hasDynamicOffset: access === Access.tickUniform},
    }));
    const layout = device.createBindGroupLayout({entries});
    const pipeline = device.createComputePipeline({
      label,
      layout: device.createPipelineLayout({bindGroupLayouts: [layout]}),
      compute: {module: device.createShaderModule({label, code}), entryPoint: 'main'},
    });
    const made = {pipeline, layout, accesses};
    pipelines.set(code, made);
    return this.pipelines.add(made);
  }
  destroyPipeline = (number: number) => this.pipelines.delete(number);

  createGroup(pipeline: number, buffers: number[]): number {
    const {layout, accesses} = this.pipelines.get(pipeline)!;
    const entries: GPUBindGroupEntry[] = [];
    for (const [binding, number] of buffers.entries()) {
      const buffer = this.buffers.get(number);
      if (!buffer) return 0;
      const size = accesses[binding] === Access.tickUniform ? TICK_BYTES : buffer.size;
      entries.push({binding, resource: {buffer, size}});
    }
    const group = this.device.createBindGroup({layout, entries});
    return this.groups.add({group, hasTick: accesses.includes(Access.tickUniform)});
  }
  destroyGroup = (number: number) => this.groups.delete(number);

  write(buffer: number, offset: number, bytes: Uint8Array<ArrayBuffer>): void {
    const target = this.buffers.get(buffer);
    if (target && bytes.length > 0) this.device.queue.writeBuffer(target, offset, bytes);
  }

  // --- Commands

  private commands(): GPUCommandEncoder {
    this.encoder ??= this.device.createCommandEncoder();
    return this.encoder;
  }
  private endPass(): void {
    this.pass?.end();
    this.pass = undefined;
  }

  dispatch(pipeline: number, group: number, offset: number, workgroups: number): void {
    const called = this.pipelines.get(pipeline);
    const given = this.groups.get(group);
    if (!called || !given || workgroups === 0) return;
    this.pass ??= this.commands().beginComputePass();
    this.pass.setPipeline(called.pipeline);
    this.pass.setBindGroup(0, given.group, given.hasTick ? [offset] : []);
    this.pass.dispatchWorkgroups(workgroups);
  }
  copy(from: number, fromOffset: number, to: number, toOffset: number, bytes: number): void {
    const source = this.buffers.get(from);
    const target = this.buffers.get(to);
    if (!source || !target || bytes === 0) return;
    this.endPass();
    this.commands().copyBufferToBuffer(source, fromOffset, target, toOffset, bytes);
  }
  clear(number: number, offset: number, bytes: number): void {
    const buffer = this.buffers.get(number);
    if (!buffer || bytes === 0) return;
    this.endPass();
    this.commands().clearBuffer(buffer, offset, bytes);
  }
  read(number: number, offset: number, size: number): number {
    const bytes = roundUp(size, 4);
    const source = this.buffers.get(number);
    const staging =
      this.spare.get(stagingBytes(bytes))?.pop() ??
      this.device.createBuffer({size: stagingBytes(bytes), usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST});
    if (source && bytes > 0) {
      this.endPass();
      this.commands().copyBufferToBuffer(source, offset, staging, 0, bytes);
    }
    return this.reads.add({staging, bytes, state: 'recorded'});
  }
  submit(): void {
    this.endPass();
    if (this.encoder) this.device.queue.submit([this.encoder.finish()]);
    this.encoder = undefined;
    for (const buffer of this.doomed.splice(0)) buffer.destroy();
    for (const read of this.reads.values()) {
      if (read.state !== 'recorded') continue;
      read.state = 'mapping';
      const settle = (state: Read['state']) => {
        read.state = state;
        ++this.settled;
        this.wake();
      };
      read.staging.mapAsync(GPUMapMode.READ, 0, Math.max(4, read.bytes)).then(
        () => settle('ready'),
        () => settle('failed'),
      );
    }
  }

  // --- What comes back

  async poll(): Promise<void> {
    const isUnderWay = [...this.reads.values()].some(read => read.state === 'mapping');
    if (this.settled === 0 && isUnderWay && this.trouble === '') {
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
    }
    this.settled = 0;
  }
  async wait(): Promise<void> {
    this.device.pushErrorScope('validation');
    await this.device.queue.onSubmittedWorkDone();
    await this.device.popErrorScope().catch(() => null); // what failed before has been told by now
  }
  ready(number: number): number {
    const read = this.reads.get(number);
    return read?.state === 'ready' ? read.bytes + 1 : 0;
  }
  take(number: number, to: Uint8Array): void {
    const {staging, bytes} = this.reads.get(number)!;
    if (bytes > 0) to.set(new Uint8Array(staging.getMappedRange(0, bytes)));
    this.release(number);
  }
  drop(number: number): void {
    if (this.reads.has(number)) this.release(number);
  }
  private release(number: number): void {
    const {staging, bytes, state} = this.reads.get(number)!;
    this.reads.delete(number);
    const size = stagingBytes(bytes);
    const spare = this.spare.get(size) ?? [];
    if (state !== 'ready' || spare.length >= MOST_SPARE || size > LARGEST_SPARE) {
      staging.destroy();
      return;
    }
    staging.unmap();
    this.spare.set(size, [...spare, staging]);
  }
}

/** Names of the texts of a device, as browser_device.cpp numbers them. */
const NAME = 0;
const VENDOR = 1;
const DRIVER = 2;

export class BrowserGpu {
  private readonly devices = new Numbered<BrowserDevice>();
  /** Why there is no device. */
  private missing = '';
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder();

  constructor(private readonly memory: () => ArrayBuffer) {}

  /** Whether the engine has a device: functions that may wait for it must be called as promises. */
  get inUse(): boolean {
    return this.devices.size > 0;
  }

  /** For whoever draws from the buffers of a network. */
  deviceOf = (number: number) => this.devices.get(number)?.device;
  bufferOf = (device: number, buffer: number) => this.devices.get(device)?.buffer(buffer);

  /** Gives back what the engine has on its devices, which stay for the next: it is not used any more. */
  release(): void {
    for (const device of this.devices.values()) device.close();
    this.devices.clear();
  }

  /** Takes all devices away from the engine, which goes on without. */
  lose(): void {
    for (const {device} of this.devices.values()) device.destroy();
  }

  private async open(): Promise<number> {
    try {
      const device = await keptDevice();
      return device ? this.devices.add(new BrowserDevice(device)) : this.refuse('the browser has no GPU that a page may use');
    } catch (error) {
      return this.refuse(`the browser gives no GPU (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  private refuse(why: string): number {
    this.missing = why;
    return 0;
  }

  private text(number: number, which: number): string {
    const device = this.devices.get(number);
    if (!device) return this.missing;
    const {vendor, architecture, device: model, description} = device.info;
    if (which === NAME) return description || [vendor, model || architecture].filter(word => word !== '').join(' ');
    return which === VENDOR ? vendor : which === DRIVER ? architecture : device.trouble;
  }

  imports(): WebAssembly.ModuleImports {
    const of = (number: number) => this.devices.get(number)!;
    const bytes = (at: number, size: number) => new Uint8Array(this.memory(), at, size);
    const words = (at: number, count: number) => [...new Uint32Array(this.memory(), at, count)];
    const string = (at: number, size: number) => this.decoder.decode(bytes(at, size));
    const open = !globalThis.navigator?.gpu
      ? () => this.refuse('this browser has no WebGPU')
      : Suspending && promising
        ? new Suspending(() => this.open())
        : () => this.refuse('this browser cannot wait for a GPU: it has no JavaScript Promise Integration');
    const suspending = (waiting: (device: number) => Promise<void>) =>
      Suspending ? new Suspending(async device => void (await waiting(device!))) : () => {};
    return {
      open,
      close: (device: number) => {
        of(device).close();
        this.devices.delete(device);
      },
      describe: (device: number, at: number) => {
        const {info, device: gpu} = of(device);
        const limits = gpu.limits;
        const isSoftware = info.isFallbackAdapter || /swiftshader|llvmpipe/.test(info.architecture);
        const numbers = [
          isSoftware ? 1 : 0,
          limits.maxBufferSize,
          limits.maxStorageBufferBindingSize,
          limits.maxComputeInvocationsPerWorkgroup,
          limits.maxStorageBuffersPerShaderStage,
        ];
        new Float64Array(this.memory(), at, numbers.length).set(numbers);
      },
      text: (device: number, which: number, at: number, capacity: number) =>
        this.encoder.encodeInto(this.text(device, which), bytes(at, capacity)).written,
      failed: (device: number) => (of(device).trouble === '' ? 0 : 1),
      create_buffer: (device: number, size: number, isUniform: number) => of(device).createBuffer(size, isUniform !== 0),
      destroy_buffer: (device: number, buffer: number) => of(device).destroyBuffer(buffer),
      create_pipeline: (device: number, name: number, nameSize: number, wgsl: number, wgslSize: number, accesses: number, count: number) =>
        of(device).createPipeline(string(name, nameSize), string(wgsl, wgslSize), [...bytes(accesses, count)]),
      destroy_pipeline: (device: number, pipeline: number) => void of(device).destroyPipeline(pipeline),
      create_group: (device: number, pipeline: number, buffers: number, count: number) =>
        of(device).createGroup(pipeline, words(buffers, count)),
      destroy_group: (device: number, group: number) => void of(device).destroyGroup(group),
      write: (device: number, buffer: number, offset: number, at: number, size: number) =>
        of(device).write(buffer, offset, bytes(at, size)),
      dispatch: (device: number, pipeline: number, group: number, offset: number, workgroups: number) =>
        of(device).dispatch(pipeline, group, offset, workgroups),
      copy: (device: number, from: number, fromOffset: number, to: number, toOffset: number, size: number) =>
        of(device).copy(from, fromOffset, to, toOffset, size),
      clear: (device: number, buffer: number, offset: number, size: number) => of(device).clear(buffer, offset, size),
      read: (device: number, buffer: number, offset: number, size: number) => of(device).read(buffer, offset, size),
      submit: (device: number) => of(device).submit(),
      poll: suspending(device => of(device).poll()),
      wait: suspending(device => of(device).wait()),
      ready: (device: number, read: number) => of(device).ready(read),
      take: (device: number, read: number, at: number) => {
        const size = of(device).ready(read) - 1;
        of(device).take(read, bytes(at, size));
      },
      drop: (device: number, read: number) => of(device).drop(read),
      lose: (device: number) => of(device).device.destroy(),
    };
  }
}
