// Chromium as tests and benchmarks start it. Without more it draws and computes in software, the same on every machine; with
// FLUX_GRAPHICS=hardware on the machine's graphics card.
import {existsSync} from 'node:fs';
import {type Browser, chromium} from 'playwright-core';

export const onHardware = process.env.FLUX_GRAPHICS === 'hardware';

/** WebGL in a GPU process, so that the page waits for no picture. */
export const webGl = onHardware
  ? ['--use-angle=vulkan', '--ignore-gpu-blocklist']
  : ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

/** As a person starts it on this machine: for figures of what a person sees. */
export const asInstalled: string[] = onHardware ? webGl : [];

/** WebGPU on a canvas that shows. */
export const webGpu = onHardware
  ? ['--enable-unsafe-webgpu', '--enable-features=Vulkan']
  : ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-vulkan=swiftshader'];

/** `flags`: of Chromium, beside those that every start has. */
export function launch(flags: string[]): Promise<Browser> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!executablePath) throw new Error('There is no Chromium: apt-get install chromium.');
  return chromium.launch({executablePath, args: ['--no-sandbox', ...flags]});
}
