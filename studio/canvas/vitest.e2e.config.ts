import {defineConfig} from 'vitest/config';

// Real pixels in a real Chromium: npx vitest run --config canvas/vitest.e2e.config.ts
export default defineConfig({
  root: import.meta.dirname,
  test: {include: ['e2e/**/*.e2e.ts'], fileParallelism: false, testTimeout: 60_000, hookTimeout: 90_000},
});
