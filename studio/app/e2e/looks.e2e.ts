import axe from 'axe-core';
import {describe, expect, it} from 'vitest';
import {Studio} from './studio';

/** What axe finds wrong, in words. */
async function axeProblems(studio: Studio): Promise<string[]> {
  await studio.page.evaluate(axe.source);
  // Colours on their way from one to another have any contrast.
  const moving = () =>
    studio.page.evaluate(
      () =>
        document
          .getAnimations()
          .filter(({playState, effect}) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity).length,
    );
  await studio.until(moving, count => count === 0, 'nothing moves');
  return studio.page.evaluate(async () => {
    const {violations} = await (globalThis as unknown as {axe: typeof import('axe-core')}).axe.run(document, {resultTypes: ['violations']});
    return violations.flatMap(violation =>
      violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
    );
  });
}

describe('the studio', () => {
  it('speaks Russian to those who do, switches while the network runs, guides, and asks nobody but its own host', async () => {
    const studio = await Studio.open({locale: 'ru-RU'});
    await studio.page.getByText('7 нейронов · 6 синапсов').waitFor();
    await studio.page.getByText('Горячая плита касается кожи каждые 400 мс.').waitFor();
    await studio.page.getByRole('tab', {name: 'Обозреватель'}).click();
    await studio.page.getByText('Рефлекторная дуга').first().waitFor();
    await studio.command('In English');
    await studio.page.getByText('7 neurons · 6 synapses').waitFor();
    await studio.page.getByRole('tab', {name: 'Explorer'}).waitFor();

    // A button on which the pointer rests, or to which the keyboard comes, tells its name and shortcut.
    await studio.page.mouse.move(640, 300);
    await studio.button(/^Select: draw a frame/).hover();
    const tip = studio.page.getByRole('tooltip');
    await tip.getByText('Select: draw a frame').waitFor();
    await tip.getByText('V', {exact: true}).waitFor();
    await studio.page.mouse.move(640, 300, {steps: 4});
    await tip.waitFor({state: 'detached'});

    await studio.command('Guided tour');
    await studio.page.getByText('This network is alive').waitFor();
    await studio.page.getByText('1 of 6', {exact: true}).waitFor();
    for (let i = 0; i < 5; i++) await studio.button('Next').click();
    await studio.page.getByText('Take what is there').waitFor();
    await studio.button('Start building').click();
    await studio.page.locator('.driver-popover').waitFor({state: 'detached'});

    await studio.command('New circuit file');
    await studio.page.getByText('An empty nervous system').waitFor();
    await studio.page.getByRole('tab', {name: 'Outline'}).click();
    await studio.page.getByText('Nothing here yet. Click the empty canvas, or press N, to add a neuron.').waitFor();
    await studio.button('Open the gallery').click();
    await studio.dialog('Gallery').getByText('What you build is saved in this browser by itself and shows here.').waitFor();
    await studio.page.keyboard.press('Escape');
    await studio.page.getByRole('tab', {name: 'Organs'}).click();
    await studio.page.getByText('Organs connect the network to you.').waitFor();
    await studio.page.getByRole('tab', {name: 'Statistics'}).click();
    await studio.page.getByText('Nothing has fired yet.').waitFor();
    await studio.page.getByRole('tab', {name: 'Weights'}).click();
    await studio.page.getByText('No synapse here learns.').waitFor();

    const resources = await studio.page.evaluate(() => performance.getEntriesByType('resource').map(entry => entry.name));
    const {origin} = new URL(studio.page.url());
    expect(resources.filter(name => !name.startsWith(origin) && !name.startsWith('blob:'))).toEqual([]);
    await studio.close();
  });

  it('is clean for axe in both themes and languages, with panels, dialogs and menus', async () => {
    const studio = await Studio.open();
    await studio.selectNode('flexor');
    for (const [theme, locale] of [
      ['dark', 'en'],
      ['light', 'ru'],
    ] as const) {
      const say = (english: string, russian: string) => (locale === 'en' ? english : russian);
      await studio.page.evaluate(name => globalThis.flux.state.set({theme: name, leftTab: 'outline', rightTab: 'inspector'}), theme);
      if (locale === 'ru') await studio.command('По-русски');
      expect(await axeProblems(studio), theme).toEqual([]);
      for (const tab of [say('Explorer', 'Обозреватель'), say('Settings', 'Настройки'), say('Statistics', 'Статистика')])
        await studio.page.getByRole('tab', {name: tab}).click();
      expect(await axeProblems(studio), `${theme}, other panels`).toEqual([]);
      await studio.canvas().focus();
      await studio.page.keyboard.press('Escape');
      await studio.page.keyboard.press('n');
      await studio.dialog(say('New node', 'Новый узел')).waitFor();
      expect(await axeProblems(studio), `${theme}, new node`).toEqual([]);
      await studio.page.keyboard.press('Escape');
      await studio.page.keyboard.press('?');
      await studio.dialog(say('Keyboard shortcuts', 'Сочетания клавиш')).waitFor();
      const cut = await studio.page.locator('.shortcuts').evaluate(({scrollWidth, clientWidth}) => scrollWidth - clientWidth);
      expect(cut, 'nothing stands beside the dialog').toBe(0);
      expect(await axeProblems(studio), `${theme}, shortcuts`).toEqual([]);
      await studio.page.keyboard.press('Escape');
    }
    await studio.close();
  });

  it('opens without a network after the first visit', async () => {
    const studio = await Studio.open();
    await studio.page.evaluate(() => navigator.serviceWorker.ready);
    await studio.until(
      () => studio.page.evaluate(async () => (await caches.keys()).length),
      caches => caches > 0,
      'files kept for later',
    );
    await studio.context.setOffline(true);
    await studio.page.reload();
    await studio.ready();
    expect(await studio.nodes()).toContain('flexor');
    await studio.close();
  });

  const openWithout = async (kinds: string[]) => {
    const studio = await Studio.open();
    await studio.page.addInitScript(kinds => {
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        const isMissing = kinds.includes(kind) && this.closest('.canvas-host') !== null;
        return isMissing ? null : original.call(this, kind as never, ...(rest as []));
      } as typeof original;
    }, kinds);
    await studio.page.reload();
    await studio.ready();
    return studio;
  };

  it('draws without WebGL, too', async () => {
    const studio = await openWithout(['webgl2', 'webgpu']);
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.canvas!.figures),
      ({graphics, neurons}) => graphics === 'software' && neurons > 0,
      'neurons are drawn',
    );
    await studio.close();
  });

  it('works without any canvas: a message says what to do, and the outline edits', async () => {
    const studio = await openWithout(['webgl2', 'webgpu', '2d']);
    await studio.page.getByText('This browser gives no canvas to draw on.').waitFor();
    await studio.page.getByRole('treeitem', {name: 'relay'}).click();
    await studio.page.getByRole('spinbutton', {name: /^Threshold/}).waitFor();
    await studio.close();
  });
});

describe('on a telephone', () => {
  it('everything stays within the screen, panels open over the canvas, fingers select, zoom and ask for the menu', async () => {
    const studio = await Studio.open({width: 390, height: 780});
    const overflow = () => studio.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const isInside = async (name: string) => {
      const box = (await studio.button(name).boundingBox())!;
      expect(box.x + box.width, name).toBeLessThanOrEqual(390);
    };
    expect(await overflow()).toBeLessThanOrEqual(0);
    await isInside('More');
    expect((await studio.canvas().boundingBox())!.width).toBeLessThanOrEqual(390);

    const zoom = () => studio.page.evaluate(() => globalThis.flux.canvas!.camera.zoom);
    const before = await zoom();
    const touch = await studio.context.newCDPSession(studio.page);
    const fingers = (apart: number) => [
      {x: 195 - apart, y: 300, id: 1},
      {x: 195 + apart, y: 300, id: 2},
    ];
    await touch.send('Input.dispatchTouchEvent', {type: 'touchStart', touchPoints: fingers(30)});
    for (let apart = 40; apart <= 90; apart += 10)
      await touch.send('Input.dispatchTouchEvent', {type: 'touchMove', touchPoints: fingers(apart)});
    await touch.send('Input.dispatchTouchEvent', {type: 'touchEnd', touchPoints: []});
    await studio.until(zoom, now => now > before * 1.5, 'pinched');
    // The map of the whole lies beside the tools, not below them.
    const map = studio.page.getByRole('img', {name: 'The whole circuit'});
    await map.waitFor();
    const tools = (await studio.page.getByRole('toolbar', {name: 'Canvas tools'}).boundingBox())!;
    expect((await map.boundingBox())!.y).toBeGreaterThan(tools.y + tools.height);

    await studio.button(/^Zoom to everything/).click();
    // A tap selects; a finger that stays asks for the menu.
    const press = async (id: string) => {
      const {x, y} = await studio.placeOf(id);
      await touch.send('Input.dispatchTouchEvent', {type: 'touchStart', touchPoints: [{x, y, id: 1}]});
    };
    const lift = () => touch.send('Input.dispatchTouchEvent', {type: 'touchEnd', touchPoints: []});
    await press('relay');
    await lift();
    await studio.until(
      () => studio.page.evaluate(() => JSON.stringify(globalThis.flux.state.get().selection)),
      selection => selection === '[{"kind":"node","id":"relay"}]',
      'tapped',
    );
    await press('inhibitor');
    await studio.page.getByRole('menuitem', {name: 'Duplicate'}).waitFor();
    await lift();
    await studio.page.getByRole('menuitem', {name: 'Duplicate'}).click();
    await studio.untilNodes(nodes => nodes.includes('inhibitor 2'), 'done by the menu');

    await studio.button('Show or hide the left side').click();
    await studio.page.getByRole('tree').waitFor();
    await studio.button('Show or hide the left side').click();
    await studio.close();
  });
});
