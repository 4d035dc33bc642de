import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {include: ['{engine,canvas,app}/{src,tests}/**/*.test.ts'], exclude: ['**/node_modules/**', '**/e2e/**']},
});
