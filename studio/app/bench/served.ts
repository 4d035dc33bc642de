import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Browser} from 'playwright-core';
import {asInstalled, launch} from '../../engine/browser/chromium';

/** The built studio, served by the shell as a person starts it, and a browser. */
export interface Served {
  address: string;
  browser: Browser;
  close(): Promise<void>;
}

export async function serveStudio(): Promise<Served> {
  const shell = join(import.meta.dirname, '../../../build/release/flux');
  if (!existsSync(shell)) throw new Error('There is no shell: run script/studio and build flux_cli first.');
  const server = spawn(shell, ['studio', '--no-browser', '--port', '0'], {stdio: ['ignore', 'pipe', 'inherit']});
  const address = await new Promise<string>((resolve, reject) => {
    server.stdout.on('data', piece => {
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(String(piece));
      if (found) resolve(found[0]);
    });
    server.on('exit', code => reject(new Error(`flux studio ended with ${code}`)));
  });
  const browser = await launch(asInstalled);
  return {
    address,
    browser,
    async close() {
      await browser.close();
      server.kill();
    },
  };
}
