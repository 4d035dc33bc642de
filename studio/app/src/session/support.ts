/** Whether the browser runs WebAssembly with 128-bit vectors, which the engine is made of: asked by a module of one such instruction. */
export function runsSimd(): boolean {
  const header = [0, 97, 115, 109, 1, 0, 0, 0];
  const types = [1, 5, 1, 96, 0, 1, 123];
  const functions = [3, 2, 1, 0];
  const code = [10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array([...header, ...types, ...functions, ...code]));
}
