import react from '@vitejs/plugin-react';
import {defineConfig} from 'vite';
import {offline} from './offline.ts';

// Shared memory between the page and the engine's worker needs cross-origin isolation.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), offline()],
  build: {target: 'es2022', outDir: 'dist', emptyOutDir: true},
  worker: {format: 'es'},
  // The examples lie beside the studio's folder.
  server: {headers: isolation, fs: {allow: ['../..']}},
  preview: {headers: isolation},
});
