import {spawn} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    address: string;
  }
}

/** Milliseconds: the shell starts in a fraction of it. */
const PATIENCE = 20_000;

const shell = join(import.meta.dirname, '../../../build/release/flux');

/** Starts the studio as a person does; the address is the one that the shell prints. */
export async function startShell(files: string[] = []): Promise<{address: string; stop: () => void}> {
  const server = spawn(shell, ['studio', ...files, '--no-browser', '--port', '0'], {stdio: ['ignore', 'pipe', 'inherit']});
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`flux studio told no address: ${said}`)), PATIENCE);
    server.stdout.on('data', piece => {
      said += piece;
      const found = /(http:\/\/127\.0\.0\.1:\d+\/\S*)\s/.exec(said);
      if (!found) return;
      clearTimeout(late);
      resolve(found[1]!);
    });
    server.on('exit', code => reject(new Error(`flux studio ended with ${code}`)));
  });
  return {address, stop: () => server.kill()};
}

/** Serves the studio that the shell has inside for the time of the tests. */
export default async function serve(project: TestProject): Promise<() => void> {
  const page = join(import.meta.dirname, '../dist/index.html');
  if (!existsSync(shell) || !existsSync(page)) throw new Error('There is no built studio: run script/studio and build the shell first.');
  const {address, stop} = await startShell();
  if ((await (await fetch(address)).text()) !== readFileSync(page, 'utf8')) {
    stop();
    throw new Error('The studio inside the shell is not the one that was built last: build the shell again.');
  }
  project.provide('address', address);
  return stop;
}
