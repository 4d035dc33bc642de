import {defineConfig} from 'vitest/config';

// What only a browser has: workers, the origin-private file system, locks between tabs.
export default defineConfig({
  root: import.meta.dirname,
  test: {include: ['browser/*.browser.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false},
});
