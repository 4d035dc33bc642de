// Builds the demo page, serves it and opens it in Chromium: what pixel tests, benchmarks and pictures share.
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {build, preview} from 'vite';
import {asInstalled, launch, webGl, webGpu} from '../../engine/browser/chromium';

export interface PageOptions {
  width?: number;
  height?: number;
  /** Device pixels per CSS pixel. */
  ratio?: number;
  /** File of the demo, '' for the canvas. */
  path?: string;
}

export interface Demo {
  /** A page on which `window.canvas` draws. */
  open(query: string, options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

const demo = join(import.meta.dirname, '../demo');

/** What the browser has: WebGL, emulated where there is no card; WebGPU too; or what it has as a person starts it. */
export type Browsing = 'webgl2' | 'webgpu' | 'as installed';

export async function startDemo(browsing: Browsing = 'webgl2'): Promise<Demo> {
  const outDir = await mkdtemp(join(tmpdir(), 'flux-canvas-'));
  const input = ['index.html', 'plots.html'].map(name => join(demo, name));
  await build({root: demo, base: './', logLevel: 'error', build: {outDir, emptyOutDir: true, target: 'es2023', rolldownOptions: {input}}});
  const server = await preview({root: demo, logLevel: 'error', build: {outDir}, preview: {port: 0, host: '127.0.0.1'}});
  const browser = await launch({webgl2: webGl, webgpu: [...webGl, ...webGpu], 'as installed': asInstalled}[browsing]);
  return {
    async open(query, {width = 1400, height = 900, ratio = 1, path = ''} = {}) {
      const page = await browser.newPage({viewport: {width, height}, deviceScaleFactor: ratio});
      page.on('console', message => message.type() === 'error' && console.error(message.text()));
      let errors = 0;
      page.on('pageerror', error => errors++ < 3 && console.error('page:', error.stack));
      await page.goto(`${server.resolvedUrls!.local[0]}${path}?${query}`, {timeout: 100_000});
      await page.waitForFunction(() => window.canvas?.figures.frames > 0, undefined, {timeout: 100_000});
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      await rm(outDir, {recursive: true, force: true});
    },
  };
}
