import type {Browser, BrowserContext, FileChooser, Locator, Page} from 'playwright-core';
import {afterAll, beforeAll, expect, inject} from 'vitest';
import {launch, webGl, webGpu} from '../../engine/browser/chromium';
import type {Session} from '../src/session/session';

declare global {
  /** The session of the page, as `main.tsx` leaves it there. */
  var flux: Session;
}

const flags = [...webGl, ...webGpu];

/** Milliseconds, far above what any step takes: on a machine that does other things too a page takes long. */
const PATIENCE = Number(process.env.FLUX_PATIENCE ?? 60_000);

/** A browser that gives pages no WebGPU; it finds the host studio.test, which is no secure one, on this machine. */
const poorFlags = [...webGl, '--host-resolver-rules=MAP studio.test 127.0.0.1'];

const launched = new Map<string[], Promise<Browser>>();

function browser(args: string[]): Promise<Browser> {
  const running = launched.get(args) ?? launch(args);
  launched.set(args, running);
  return running;
}

process.on('exit', () => {
  for (const running of launched.values()) void running.then(browser => browser.close());
});

export interface Options {
  example?: string;
  hash?: string;
  locale?: 'en-US' | 'ru-RU';
  width?: number;
  height?: number;
  /** Another page of the same browser profile: shares its storage. */
  context?: BrowserContext;
  /** Where the studio is served; by default by the shell. */
  address?: string;
  /** In a browser without WebGPU. */
  poor?: boolean;
}

/** CSS pixels of the window. */
export interface Spot {
  x: number;
  y: number;
}

/** A page of the studio, and what a person does with it. */
export class Studio {
  /** Messages of the page that no test expects. */
  readonly problems: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    page.on('pageerror', error => this.problems.push(error.message));
    page.on('console', message => message.type() === 'error' && this.problems.push(message.text()));
  }

  static async open(options: Options = {}): Promise<Studio> {
    const {example, hash = '', locale = 'en-US', width = 1280, height = 800, context, address = inject('address'), poor = false} = options;
    const profile =
      context ??
      (await (
        await browser(poor ? poorFlags : flags)
      ).newContext({viewport: {width, height}, locale, permissions: ['clipboard-read', 'clipboard-write'], acceptDownloads: true}));
    profile.setDefaultTimeout(PATIENCE);
    const studio = new Studio(await profile.newPage(), profile);
    await studio.page.goto(`${address}${example ? `?example=${example}` : ''}${hash}`);
    await studio.ready();
    return studio;
  }

  async ready(): Promise<void> {
    // The canvas comes with the effects of the page, as the keys do: who presses one before is not heard.
    await this.page.waitForFunction(() => {
      const {status, hasCanvas} = globalThis.flux?.state.get() ?? {};
      // Or a message says that there is none.
      const isTold = hasCanvas || document.querySelector('.canvas-host [role=alert]') !== null;
      return status === 'ready' && isTold && (globalThis.flux.frames.latest?.tick ?? 0) > 0;
    });
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Closes a page in which nothing may have gone wrong. */
  async closeSound(): Promise<void> {
    const {problems} = this;
    await this.close();
    expect(problems).toEqual([]);
  }

  /** Opens a circuit of its own for a test. */
  async openText(circuit: object): Promise<void> {
    await this.page.evaluate(text => globalThis.flux.open({text}), JSON.stringify({flux: 1, ...circuit}));
    await this.ready();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', {name, exact: typeof name === 'string'});
  }

  /** Makes a neuron by keyboard. */
  async addNeuron(name: string): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.canvas().focus();
    await this.page.keyboard.press('n');
    // The form of a new node, in any language.
    await this.page.getByRole('dialog').locator('#new-name').fill(name);
    await this.page.keyboard.press('Enter');
    await this.untilNodes(nodes => nodes.includes(name), `the neuron ${name}`);
  }

  /** Where a node is on the screen, once it is drawn and the view has come to rest. */
  async placeOf(id: string): Promise<Spot> {
    const look = () =>
      this.page.evaluate(async name => {
        const find = () => {
          const {canvas} = globalThis.flux;
          const scene = canvas?.scene();
          const node = scene?.nodes[scene.nodeNumber(name)];
          if (!canvas || !node) return null;
          const box = canvas.canvas.getBoundingClientRect();
          const at = canvas.camera.toScreen({x: node.x, y: node.y});
          return {x: box.left + at.x, y: box.top + at.y};
        };
        const frame = () => new Promise(requestAnimationFrame);
        const before = find();
        await frame();
        await frame();
        const after = find();
        return before && after && before.x === after.x && before.y === after.y ? after : null;
      }, id);
    return (await this.until(look, place => place !== null, `${id} is drawn and at rest`))!;
  }

  async clickNode(id: string, options: {button?: 'left' | 'right'; modifiers?: ('Alt' | 'Shift')[]; double?: boolean} = {}): Promise<void> {
    const {x, y} = await this.placeOf(id);
    for (const key of options.modifiers ?? []) await this.page.keyboard.down(key);
    await this.page.mouse.click(x, y, {button: options.button ?? 'left', clickCount: options.double ? 2 : 1});
    for (const key of options.modifiers ?? []) await this.page.keyboard.up(key);
  }

  /** Selects a node and nothing else. Escape first: a click on a second node would connect the two. */
  async selectNode(id: string): Promise<void> {
    await this.canvas().focus();
    await this.page.keyboard.press('Escape');
    await this.clickNode(id);
    await this.until(
      () => this.page.evaluate(() => globalThis.flux.state.get().selection),
      selection => selection.length === 1 && selection[0]!.kind === 'node' && selection[0]!.id === id,
      `${id} is selected`,
    );
  }

  /** Drags as a hand does, in steps; `held` is asked while the button is still down. */
  async drag(from: Spot, to: Spot, held?: () => Promise<void>): Promise<void> {
    const {mouse} = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, {steps: 4});
    await mouse.move(to.x, to.y, {steps: 4});
    await held?.();
    await mouse.up();
  }

  /** Clicks where nothing lies: parts of the canvas from its upper left corner. */
  async clickCanvas(across: number, down: number, button: 'left' | 'right' = 'left'): Promise<void> {
    const box = (await this.canvas().boundingBox())!;
    await this.page.mouse.click(box.x + box.width * across, box.y + box.height * down, {button});
  }

  /** Clicks a place of the circuit. */
  async clickWorld(place: Spot): Promise<void> {
    const at = await this.page.evaluate(world => {
      const {canvas} = globalThis.flux;
      const box = canvas!.canvas.getBoundingClientRect();
      const {x, y} = canvas!.camera.toScreen(world);
      return {x: box.left + x, y: box.top + y};
    }, place);
    await this.page.mouse.click(at.x, at.y);
  }

  canvas(): Locator {
    return this.page.locator('.canvas-host canvas').first();
  }

  dialog(name: string): Locator {
    return this.page.getByRole('dialog', {name});
  }

  tick(): Promise<number> {
    return this.page.evaluate(() => globalThis.flux.frames.latest?.tick ?? 0);
  }

  nodes(): Promise<string[]> {
    return this.page.evaluate(() => globalThis.flux.state.get().view!.nodes.map(node => node.id));
  }

  edges(): Promise<string[]> {
    return this.page.evaluate(() => globalThis.flux.state.get().view!.edges.map(edge => `${edge.from[0]!.path} > ${edge.to[0]!.path}`));
  }

  property(id: string, name: string): Promise<number | string | undefined> {
    return this.page.evaluate(([node, property]) => globalThis.flux.node(node!)?.properties[property!], [id, name]);
  }

  /** Spikes of a neuron that the page has seen since a tick. */
  spikes(id: string, since = 0): Promise<number> {
    return this.page.evaluate(
      ([name, from]) => {
        const {first} = globalThis.flux.node(name as string)!;
        let count = 0;
        globalThis.flux.frames.forEachSpike(from as number, Number.MAX_SAFE_INTEGER, (_, neuron) => {
          if (neuron === first) count++;
        });
        return count;
      },
      [id, since] as const,
    );
  }

  /** The dialog for files that an action opens. */
  async choose(act: () => Promise<void>): Promise<FileChooser> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.tick(); // by then the browser knows that somebody waits
    await act();
    return chooser;
  }

  /** Waits until something is so, as a person would who looks at the page. */
  async until<T>(look: () => Promise<T>, fits: (seen: T) => boolean, what: string): Promise<T> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const seen = await look();
      if (fits(seen)) return seen;
      if (Date.now() > end) expect.fail(`${what}: saw ${JSON.stringify(seen)}, and told: ${await this.told()}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** What the page tells in words at this moment: notices and errors. */
  private async told(): Promise<string> {
    return JSON.stringify(await this.page.locator('[role=alert], [role=status], [role=alertdialog]').allTextContents());
  }

  untilNodes(fits: (ids: string[]) => boolean, what: string): Promise<string[]> {
    return this.until(() => this.nodes(), fits, what);
  }

  untilEdges(fits: (edges: string[]) => boolean, what: string): Promise<string[]> {
    return this.until(() => this.edges(), fits, what);
  }

  untilProperty(id: string, name: string, wanted: number | string, what: string): Promise<unknown> {
    return this.until(
      () => this.property(id, name),
      value => value === wanted,
      what,
    );
  }

  /** Until the network has gone `ticks` further. */
  async untilTicks(ticks: number, what = 'the network goes on'): Promise<void> {
    const from = await this.tick();
    await this.until(
      () => this.tick(),
      tick => tick > from + ticks,
      what,
    );
  }

  /** Until a neuron has fired more than `count` times since a tick. */
  untilSpikes(id: string, what: string, {since = 0, count = 0} = {}): Promise<number> {
    return this.until(
      () => this.spikes(id, since),
      seen => seen > count,
      what,
    );
  }

  palette(): Locator {
    return this.page.getByRole('dialog').getByRole('combobox');
  }

  /** A command by its name in the palette. */
  async command(name: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    const field = this.palette();
    await field.fill(name);
    await this.page.getByRole('option', {name, selected: true}).waitFor();
    await this.page.keyboard.press('Enter');
    await field.waitFor({state: 'detached'});
    // It acts in the frame after the palette has closed.
    await this.page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** One page for all tests of a group, in which nothing may go wrong. `take` is given it before the first. */
export function sharePage(take: (studio: Studio) => void, options: Options = {}): void {
  let shared: Studio | undefined;
  beforeAll(async () => {
    shared = await Studio.open(options);
    take(shared);
  });
  afterAll(() => shared?.closeSound());
}
