import type {Page} from 'playwright-core';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type * as Engine from '../src/index';
import {Pages} from './page';

let pages: Pages;
let page: Page;

beforeAll(async () => {
  pages = await Pages.start();
  page = await pages.open();
});
afterAll(() => pages.stop());

/** Saves a document of this text in the page and returns its id. */
async function saved(text: string): Promise<string> {
  return page.evaluate(async content => {
    const {DocumentStore} = engine;
    const document = await (await DocumentStore.open()).create(() => undefined);
    await document.save(new TextEncoder().encode(content), 'A reflex');
    document.close();
    return document.id;
  }, text);
}

test('a document is there again after the page was left, with the steps since it was saved', async () => {
  const id = await saved('{"flux": 1}');
  await page.evaluate(async name => {
    const {DocumentStore} = engine;
    const document = (await (await DocumentStore.open()).openDocument(name, false, () => undefined))!;
    document.journal({operations: [{op: 'add', list: 'neurons', value: {id: 'a'}}], merge: ''});
    document.journal('undo');
  }, id);
  await page.reload();
  await page.waitForFunction(() => globalThis.engine !== undefined);
  const found = await page.evaluate(async name => {
    const {DocumentStore} = engine;
    const store = await DocumentStore.open();
    const document = (await store.openDocument(name, false, () => undefined))!;
    const {bytes, steps} = (await document.read())!;
    document.close();
    return {text: new TextDecoder().decode(bytes), steps, titles: (await store.list()).map(stored => stored.title)};
  }, id);
  expect(found.text).toBe('{"flux": 1}');
  expect(found.steps).toEqual([{operations: [{op: 'add', list: 'neurons', value: {id: 'a'}}], merge: ''}, 'undo']);
  expect(found.titles).toContain('A reflex');
});

test('every save is a version; a new one starts the journal anew', async () => {
  const id = await saved('{"flux": 1, "title": "one"}');
  const found = await page.evaluate(async name => {
    const {DocumentStore} = engine;
    const document = (await (await DocumentStore.open()).openDocument(name, false, () => undefined))!;
    document.journal('undo');
    await document.save(new TextEncoder().encode('{"flux": 1, "title": "two"}'), 'two');
    document.journal('redo');
    const versions = await document.versions();
    const oldest = new TextDecoder().decode(await document.version(versions.at(-1)!.name));
    const {steps} = (await document.read())!;
    document.close();
    return {count: versions.length, oldest, steps};
  }, id);
  expect(found).toEqual({count: 2, oldest: '{"flux": 1, "title": "one"}', steps: ['redo']});
});

test('a document that another tab has open is told apart, and can be taken over', async () => {
  const id = await saved('{"flux": 1}');
  await page.evaluate(async name => {
    const {DocumentStore} = engine;
    const lost = () => document.body.setAttribute('data-lost', 'true');
    Object.assign(globalThis, {held: await (await DocumentStore.open()).openDocument(name, false, lost)});
  }, id);
  const other = await pages.open();
  const second = await other.evaluate(async name => {
    const {DocumentStore} = engine;
    const store = await DocumentStore.open();
    const refused = await store.openDocument(name, false, () => undefined);
    const taken = await store.openDocument(name, true, () => undefined);
    return {refused: refused === undefined, taken: taken?.id};
  }, id);
  expect(second).toEqual({refused: true, taken: id});
  await page.waitForSelector('body[data-lost]', {state: 'attached'});
  const late = await page.evaluate(async () => {
    const {held} = globalThis as unknown as {held: Engine.OpenDocument};
    return held.save(new TextEncoder().encode('{}'), '').catch((error: Engine.EngineError) => error.what);
  });
  expect(late).toBe('the document was taken over by another tab');
  await other.close();
});

test('a worker that ends by a fault is told, and the edited document runs again', async () => {
  const told = await page.evaluate(async () => {
    const client = engine.createEngine();
    await client.open({example: 'reflex_arc'});
    client.run();
    const crashed = new Promise<string>(resolve => client.onCrash(problem => resolve(problem.what)));
    client.trap();
    const what = await crashed;
    const opened = await client.restart();
    const frame = new Promise<number>(resolve => client.onFrame(({tick}) => tick > 20 && resolve(tick)));
    client.run();
    const tick = await frame;
    client.close();
    return {what, title: opened.title, tick};
  });
  expect(told.what).toContain('stopped unexpectedly');
  expect(told.title).toBe('Reflex arc');
  expect(told.tick).toBeGreaterThan(20);
});

test('calls act within a slice while the network runs as fast as it can', async () => {
  const waits = await page.evaluate(async () => {
    const client = engine.createEngine();
    await client.open({example: 'reservoir'});
    client.setSpeed(0);
    client.run();
    await new Promise(resolve => setTimeout(resolve, 200));
    const times: number[] = [];
    for (let i = 0; i < 20; ++i) {
      const start = performance.now();
      await client.find('nothing');
      times.push(performance.now() - start);
    }
    client.close();
    return times.sort((a, b) => a - b);
  });
  // A slice is 4 ms; the rest is the machine's other work.
  expect(waits[10]).toBeLessThan(50);
});
