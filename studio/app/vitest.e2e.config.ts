import {defineConfig} from 'vitest/config';

// One browser for all files, one file after another: the machine has two cores.
export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: [process.argv.includes('pictures') ? 'e2e/pictures.ts' : 'e2e/*.e2e.ts'],
    globalSetup: 'e2e/serve.ts',
    fileParallelism: false,
    isolate: false,
    pool: 'threads',
    // Generous: on a machine that builds at the same time a page takes long to open.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // A machine that stalls for a moment loses a movement of the mouse; what fails twice is broken. The report names what was tried again.
    retry: 1,
  },
});
