// The few functions of WASI that the C and C++ libraries inside the module import: a clock, and a place for their last words.

const SUCCESS = 0;
const NOT_A_FILE = 8;

/** `buffer` gives the module's memory as it is at the time. */
export function wasiImports(buffer: () => ArrayBufferLike): WebAssembly.Imports {
  const decoder = new TextDecoder();
  let line = '';

  const imports: Record<string, (...values: never[]) => number> = {
    clock_time_get: (_clock: number, _precision: bigint, result: number) => {
      new DataView(buffer()).setBigUint64(result, BigInt(Math.round(performance.now() * 1000)) * 1000n, true);
      return SUCCESS;
    },
    fd_write: (_descriptor: number, vectors: number, count: number, result: number) => {
      const view = new DataView(buffer());
      let written = 0;
      for (let i = 0; i < count; ++i) {
        const pointer = view.getUint32(vectors + 8 * i, true);
        const size = view.getUint32(vectors + 8 * i + 4, true);
        line += decoder.decode(new Uint8Array(buffer(), pointer, size).slice());
        written += size;
      }
      view.setUint32(result, written, true);
      return SUCCESS;
    },
    environ_sizes_get: (count: number, size: number) => {
      const view = new DataView(buffer());
      view.setUint32(count, 0, true);
      view.setUint32(size, 0, true);
      return SUCCESS;
    },
    environ_get: () => SUCCESS,
    fd_close: () => NOT_A_FILE,
    fd_seek: () => NOT_A_FILE,
    fd_read: () => NOT_A_FILE,
    fd_fdstat_get: () => NOT_A_FILE,
    proc_exit: () => {
      throw new WebAssembly.RuntimeError(line.trim() || 'the engine ended');
    },
  };
  // What else the libraries may ask for (files, folders) is not there.
  return {
    wasi_snapshot_preview1: new Proxy(imports, {get: (known, name: string) => known[name] ?? (() => NOT_A_FILE)}),
  };
}
