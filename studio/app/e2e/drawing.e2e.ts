import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {type Studio, sharePage} from './studio';

describe('a network on the GPU', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });

  const drawnBy = () => studio.page.evaluate(() => globalThis.flux.canvas!.figures.graphics);
  const chooseCore = async (choice: 'cpu' | 'gpu', graphics: string) => {
    await studio.page.evaluate(wanted => globalThis.flux.client.setCore(wanted), choice);
    await studio.until(drawnBy, name => name === graphics, `drawn by ${graphics}`);
  };
  /** The canvas as a person sees it. */
  const picture = async () => {
    const box = (await studio.canvas().boundingBox())!;
    return (await studio.page.screenshot({clip: box})).toString('base64');
  };
  /** The same once it stands still. */
  const stillPicture = async () => {
    let before = '';
    return studio.until(
      async () => {
        const seen = await picture();
        const isStill = seen === before;
        before = seen;
        return isStill ? seen : '';
      },
      seen => seen !== '',
      'the picture stands still',
    );
  };
  /** Part of the pixels in which two pictures differ clearly, and part that is lit at all. */
  const compare = (one: string, other: string) =>
    studio.page.evaluate(
      async pictures => {
        const [a, b] = (await Promise.all(
          pictures.map(async base64 => {
            const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
            const bitmap = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
            const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
            context.drawImage(bitmap, 0, 0);
            return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
          }),
        )) as [Uint8ClampedArray, Uint8ClampedArray];
        let differing = 0;
        let lit = 0;
        for (let at = 0; at < a.length; at += 4) {
          const difference = Math.max(Math.abs(a[at]! - b[at]!), Math.abs(a[at + 1]! - b[at + 1]!), Math.abs(a[at + 2]! - b[at + 2]!));
          if (difference > 24) differing++;
          if (Math.max(a[at]!, a[at + 1]!, a[at + 2]!) > 90) lit++;
        }
        return {differing: (4 * differing) / a.length, lit: (4 * lit) / a.length};
      },
      [one, other],
    );

  it('is drawn by the worker from the buffers of the simulation, and looks as the page draws it', async () => {
    await studio.button('Pause').click();
    // Levels that stand in the bodies of neurons: below, at and above half of the threshold.
    await studio.page.evaluate(async () => {
      const {client} = globalThis.flux;
      for (const [neuron, levels] of [
        [0, 20],
        [2, 35],
        [3, -30],
      ] as const)
        client.stimulate(neuron, levels);
      client.step(1);
    });
    const here = await stillPicture();
    await chooseCore('gpu', 'simulation');
    // It is drawn in steps; what was drawn wrongly would stay.
    const {lit} = await studio.until(
      async () => compare(await picture(), here),
      ({differing}) => differing < 0.002,
      'the same picture, drawn by the worker',
    );
    expect(lit).toBeGreaterThan(0.01);
  });

  it('brings to the page only the levels that are shown as numbers', async () => {
    await chooseCore('gpu', 'simulation');
    await studio.button('Run').click();
    await studio.selectNode('relay');
    await studio.until(
      () =>
        studio.page.evaluate(() => {
          const {levels, levelsFrom, tick} = globalThis.flux.frames.latest!;
          const {asked} = {asked: globalThis.flux.drawing.levels()};
          return {brought: {first: levelsFrom, count: levels?.length ?? 0}, tick, asked};
        }),
      ({brought, asked}) => brought.first !== undefined && JSON.stringify(brought) === JSON.stringify(asked),
      'a frame with just the levels that were asked for',
    );
    await studio.page.evaluate(() => globalThis.flux.canvas!.zoomTo({left: -3000, top: -2000, right: 3000, bottom: 2000}, false));
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.frames.latest!.levels?.length ?? 0),
      count => count === 1,
      'nothing but the level of the selected neuron',
    );
    // An export has them all, and afterwards they stay away again.
    const [download] = await Promise.all([studio.page.waitForEvent('download'), studio.command('Export the canvas as SVG')]);
    const picture = readFileSync((await download.path())!, 'utf8');
    const numbers = [...picture.matchAll(/>-?\d+<\/text>/g)].length;
    expect(numbers).toBe(await studio.page.evaluate(() => globalThis.flux.state.get().view!.nodes.length));
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.frames.latest!.levels?.length ?? 0),
      count => count === 1,
      'one level again',
    );
  });

  it('goes on being drawn through edits, and by the page when the GPU is lost', async () => {
    await studio.page.evaluate(() =>
      globalThis.flux.apply([{op: 'add', list: 'neurons', value: {id: 'late', position: [40, 220], autoFiringRate: 3}}], {
        key: 'edit.add',
      }),
    );
    await studio.untilSpikes('late', 'the new neuron fires', {count: 1});
    expect(await drawnBy()).toBe('simulation');
    const before = await studio.page.evaluate(() => globalThis.flux.canvas!.figures.frames);
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.canvas!.figures.frames),
      frames => frames > before + 1,
      'frames',
    );
    await studio.page.evaluate(() => (globalThis.flux.client as unknown as {loseGpu(): void}).loseGpu());
    await studio.until(drawnBy, name => name !== 'simulation', 'drawn by the page');
    const tick = await studio.tick();
    await studio.until(
      () => studio.tick(),
      now => now > tick + 50,
      'the network goes on',
    );
  });
});
