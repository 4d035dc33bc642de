import {createReadStream} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join, normalize} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {Studio} from './studio';

const built = join(import.meta.dirname, '../dist');
const types: Record<string, string> = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm'};

/** Serves the built studio as any host of static files does: without a header that it asks for. */
async function plainServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://here').pathname);
    const file = join(built, path.endsWith('/') ? `${path}index.html` : path);
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('where something is missing', () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = await plainServer();
    ({port} = server.address() as AddressInfo);
  });
  afterAll(() => void server.close());

  it('works without cross-origin isolation, from any host of static files: runs, edits, saves', async () => {
    const studio = await Studio.open({address: `http://127.0.0.1:${port}/`});
    expect(await studio.page.evaluate(() => [crossOriginIsolated, isSecureContext])).toEqual([false, true]);
    const since = await studio.tick();
    await studio.clickNode('relay', {modifiers: ['Alt']});
    await studio.untilSpikes('flexor', 'the reflex', {since});
    await studio.addNeuron('mine');
    await studio.page.getByText('Saved in this browser').waitFor();
    await studio.closeSound();
  });

  it('works without WebGPU, and the settings say why no GPU computes', async () => {
    const studio = await Studio.open({poor: true, locale: 'ru-RU'});
    await studio.page.getByRole('tab', {name: 'Настройки'}).click();
    const core = studio.page.getByRole('radiogroup', {name: 'Вычислительное ядро'});
    await core.getByRole('radio', {name: 'Видеокарта'}).click();
    await studio.page.getByText(/Считает процессор .+\. Этот браузер не даёт странице вычислять на видеокарте\./).waitFor();
    await studio.untilTicks(100, 'the clock');
    await studio.page.getByRole('radio', {name: 'English'}).click();
    await studio.page.getByText('This browser gives the page no GPU to compute with.').waitFor();
    await studio.closeSound();
  });

  it('says on an address that is not secure that nothing is kept, and copies and pastes all the same', async () => {
    const studio = await Studio.open({poor: true, address: `http://studio.test:${port}/`});
    expect(await studio.page.evaluate(() => [isSecureContext, navigator.clipboard === undefined])).toEqual([false, true]);
    await studio.addNeuron('mine');
    await studio.page.getByText('This browser keeps nothing for the studio').waitFor();
    await studio.page.getByText(/Open the studio over https, or on this machine/).waitFor();
    await studio.page.keyboard.press('Control+c');
    await studio.page.getByText('Copied 1 element as text.').waitFor();
    await studio.page.keyboard.press('Control+v');
    await studio.untilNodes(nodes => nodes.includes('mine 2'), 'pasted');
    await studio.close();
  });
});
