import {readFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {build} from 'vite';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {launch} from '../browser/chromium';
import {cases, modulePath} from './cases';
import type {Case, Hash} from './run';

declare global {
  var parity: typeof import('./run');
}

let server: Server;

/** `run.ts` as a script that a page can import. */
async function bundle(): Promise<string> {
  const entry = new URL('run.ts', import.meta.url).pathname;
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {write: false, target: 'es2022', minify: false, lib: {entry, formats: ['es'], fileName: 'run'}},
  });
  const first = (Array.isArray(output) ? output[0] : output) as {output: {code?: string}[]};
  return first.output[0]!.code!;
}

beforeAll(async () => {
  const script = await bundle();
  server = createServer((request, response) => {
    const answers: Record<string, [string, string | Buffer]> = {
      '/': [
        'text/html',
        '<!doctype html><title>parity</title><script type="module">import * as parity from "/run.js"; globalThis.parity = parity;</script>',
      ],
      '/run.js': ['text/javascript', script],
      '/flux.wasm': ['application/wasm', readFileSync(modulePath)],
    };
    const number = /^\/case\/(\d+)$/.exec(request.url ?? '')?.[1];
    const answer =
      number === undefined
        ? answers[request.url ?? '']
        : (['application/octet-stream', readFileSync(cases[Number(number)]!.file)] as const);
    response.writeHead(answer ? 200 : 404, {'Content-Type': answer?.[0] ?? 'text/plain'});
    response.end(answer?.[1] ?? '');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

test('the module gets the native engine’s spikes and state, in Chromium', async () => {
  const browser = await launch([]);
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => globalThis.parity !== undefined);
    const got = await page.evaluate(async (all: Case[]): Promise<Hash[]> => {
      const compiled = await WebAssembly.compileStreaming(fetch('/flux.wasm'));
      const hashes: Hash[] = [];
      for (const [number, one] of all.entries()) {
        const bytes = new Uint8Array(await (await fetch(`/case/${number}`)).arrayBuffer());
        hashes.push(await globalThis.parity.hashOf(await globalThis.parity.start(compiled), bytes, one));
      }
      return hashes;
    }, cases);
    expect(got).toEqual(cases.map(({spikes, state}) => ({spikes, state})));
  } finally {
    await browser.close();
  }
});
