import {defineConfig} from 'vitest/config';

// Compares the module with the native engine: script/test wasm makes what it compares with and names the folder in FLUX_PARITY.
export default defineConfig({
  root: import.meta.dirname,
  test: {include: ['parity/*.parity.ts'], testTimeout: 240_000, hookTimeout: 60_000, fileParallelism: false},
});
