// The WebAssembly module of the engine, and calls of its C functions (apps/wasm/module.h says what they do). Runs in a worker, in Node and in
// tests alike: it knows neither messages nor documents of the page.
import {Lines} from './elements';
import {BrowserGpu, promisingExport} from './gpu';
import {EngineError, type Json, type Problem} from './types';
import {wasiImports} from './wasi';

type Export = (...values: number[]) => number;

/** Texts and arrays are copied into the module's memory for the call; numbers are passed as they are. */
type Argument = number | string | Uint8Array | Uint32Array | Int32Array;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a GPU has the state of the neurons; numbers of its device and buffers. */
export interface GpuState {
  device: number;
  neurons: number;
  types: number;
  typesAt: number;
  /** The last tick, modulo 2^32. */
  last: number;
}

export class EngineModule {
  private readonly exports: Record<string, Export>;
  private readonly memory: WebAssembly.Memory;
  /** The exports, once they were needed as promises. */
  private readonly waiting: Record<string, (...values: number[]) => Promise<number>> = {};

  private constructor(
    instance: WebAssembly.Instance,
    private readonly gpu: BrowserGpu,
  ) {
    this.exports = instance.exports as Record<string, Export>;
    this.memory = instance.exports.memory as unknown as WebAssembly.Memory;
    this.exports._initialize!();
  }

  static async instantiate(module: WebAssembly.Module): Promise<EngineModule> {
    let memory: WebAssembly.Memory | undefined;
    const gpu = new BrowserGpu(() => memory!.buffer);
    const imports = {...wasiImports(() => memory!.buffer), flux_gpu: gpu.imports()};
    const instance = await WebAssembly.instantiate(module, imports);
    memory = instance.exports.memory as WebAssembly.Memory;
    return new EngineModule(instance, gpu);
  }

  /** Gives back what it has on a GPU; nothing may be called after it. */
  releaseGpu = () => this.gpu.release();

  /** Takes the GPU away: the cpu core goes on. */
  loseGpu = () => this.gpu.lose();

  /** Null: a processor computes. */
  gpuState(): GpuState | null {
    if (!this.gpu.inUse) return null;
    const [device, neurons, types, typesAt, last] = this.viewUint32(this.call('gpu_state'), 5) as unknown as number[];
    return device ? {device, neurons: neurons!, types: types!, typesAt: typesAt!, last: last!} : null;
  }
  gpuDevice = (device: number) => this.gpu.deviceOf(device);
  gpuBuffer = (device: number, buffer: number) => this.gpu.bufferOf(device, buffer);

  /**
   * Calls flux_<name>; texts and arrays become (pointer, length). Returns the number it returns. Where a GPU computes, only for functions that
   * do not touch the network: they would have to wait.
   */
  call(name: string, ...values: Argument[]): number {
    const {numbers, allocated} = this.passed(values);
    const result = this.exported(name)(...numbers);
    this.free(allocated);
    return result;
  }

  /** The same for functions that may wait for a GPU; `mayOpen`: they may begin to use one. Until it has returned, nothing else may be called. */
  async wait(name: string, values: Argument[], mayOpen = false): Promise<number> {
    if (!promisingExport || !(mayOpen || this.gpu.inUse)) return this.call(name, ...values);
    const {numbers, allocated} = this.passed(values);
    this.waiting[name] ??= promisingExport(this.exported(name));
    const result = await this.waiting[name](...numbers);
    this.free(allocated);
    return result;
  }

  private exported(name: string): Export {
    const found = this.exports[`flux_${name}`];
    if (!found) throw new EngineError({what: `this engine cannot do "${name}"`, where: '', fix: 'reload the page to get the newest'});
    return found;
  }

  private passed(values: Argument[]): {numbers: number[]; allocated: number[]} {
    const numbers: number[] = [];
    const allocated: number[] = [];
    for (const value of values) {
      if (typeof value === 'number') {
        numbers.push(value);
        continue;
      }
      const array = typeof value === 'string' ? encoder.encode(value) : value;
      const pointer = this.exports.flux_allocate!(Math.max(1, array.byteLength));
      if (pointer === 0) throw new WebAssembly.RuntimeError('out of memory');
      new Uint8Array(this.memory.buffer, pointer, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      allocated.push(pointer);
      numbers.push(pointer, array.length);
    }
    return {numbers, allocated};
  }

  private free(allocated: number[]): void {
    for (const pointer of allocated) this.exports.flux_free!(pointer);
  }

  /** Calls a function that answers in JSON; rejects with its error as an EngineError. */
  async ask<T>(name: string, ...values: Argument[]): Promise<T> {
    await this.wait(name, values);
    return this.json();
  }
  /** The same of a function that may begin to use a GPU. */
  async askOpening<T>(name: string, ...values: Argument[]): Promise<T> {
    await this.wait(name, values, true);
    return this.json();
  }
  /** The same of a function whose answer holds long lists. */
  async askLines(name: string, ...values: Argument[]): Promise<Lines> {
    if ((await this.wait(name, values)) !== 0) this.throwAnswer();
    return new Lines(this.answer().slice());
  }
  private json<T>(): T {
    const answer = JSON.parse(decoder.decode(this.answer())) as {value: T} | {error: Problem};
    if ('error' in answer) throw new EngineError(answer.error);
    return answer.value;
  }

  /** Calls a function that returns 0, or 1 with an error in the answer. */
  async order(name: string, ...values: Argument[]): Promise<void> {
    if ((await this.wait(name, values)) !== 0) this.throwAnswer();
  }

  /** Calls a function that returns 0 with bytes in the answer, or 1 with an error. */
  async bytes(name: string, ...values: Argument[]): Promise<Uint8Array> {
    await this.order(name, ...values);
    return this.answer().slice();
  }

  /** Arrays in the module's memory, until the next call. */
  viewInt16(pointer: number, count: number): Int16Array {
    return new Int16Array(this.memory.buffer, pointer, count);
  }
  viewUint16(pointer: number, count: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, pointer, count);
  }
  viewInt32(pointer: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, pointer, count);
  }
  viewUint32(pointer: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, pointer, count);
  }
  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }

  private answer(): Uint8Array {
    return new Uint8Array(this.memory.buffer, this.exports.flux_answer!(), this.exports.flux_answer_size!());
  }
  private throwAnswer(): never {
    throw new EngineError((JSON.parse(decoder.decode(this.answer())) as {error: Problem}).error);
  }
}

/** Settings of a generator as the module takes them. */
export function settingLines(settings: Record<string, Json | undefined>): string {
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
