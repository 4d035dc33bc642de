// Builds the demo page, serves it and opens it in Chromium on software rendering: what pixel tests, benchmarks and pictures share.
import {existsSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium, type Page} from 'playwright-core';
import {build, preview} from 'vite';

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
/** Chromium's GPU process on software, so that the page waits for no picture: without the last flag it reads every one back itself. */
const flags = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];
/** WebGPU in software, on a canvas that shows. */
const webGpuFlags = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-vulkan=swiftshader'];

/** `webgpu`: the browser has WebGPU, in software. */
export async function startDemo({webgpu = false} = {}): Promise<Demo> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!executablePath) throw new Error('There is no Chromium: apt-get install chromium.');
  const outDir = await mkdtemp(join(tmpdir(), 'flux-canvas-'));
  const input = ['index.html', 'plots.html'].map(name => join(demo, name));
  await build({root: demo, base: './', logLevel: 'error', build: {outDir, emptyOutDir: true, target: 'es2023', rolldownOptions: {input}}});
  const server = await preview({root: demo, logLevel: 'error', build: {outDir}, preview: {port: 0, host: '127.0.0.1'}});
  const browser = await chromium.launch({executablePath, args: webgpu ? [...flags, ...webGpuFlags] : flags});
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
