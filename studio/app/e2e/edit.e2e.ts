import {readFileSync} from 'node:fs';
import {beforeAll, describe, expect, it} from 'vitest';
import {Studio, sharePage} from './studio';

describe('building', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });
  beforeAll(async () => {
    await studio.command('New circuit file');
    await studio.page.getByText('An empty nervous system').waitFor();
  });

  it('makes a reflex as a newcomer does: two neurons, one synapse, a touch', async () => {
    await studio.clickCanvas(0.2, 0.4);
    const dialog = studio.dialog('New node');
    await dialog.getByLabel('Name').fill('skin');
    await studio.page.keyboard.press('Enter');
    await studio.untilNodes(nodes => nodes.includes('skin'), 'the first neuron');
    const {x, width} = (await studio.canvas().boundingBox())!;
    expect(Math.abs((await studio.placeOf('skin')).x - x - width * 0.2), 'it stands where the click was').toBeLessThan(2);
    await studio.clickCanvas(0.7, 0.4);
    await dialog.getByLabel('Name').fill('muscle');
    await dialog.getByRole('radio', {name: 'Sensitive'}).click();
    await dialog.getByRole('button', {name: 'Learning, habituation, modulation'}).click();
    const highest = dialog.getByRole('spinbutton', {name: /^Highest threshold/});
    await highest.fill('6000');
    await dialog.getByRole('button', {name: /Create/}).click();
    await dialog.getByText('A whole number from 1 to 255.').waitFor();
    await highest.fill('60');
    await dialog.getByRole('radio', {name: 'Sensitive'}).focus();
    await studio.page.keyboard.press('Enter');
    await studio.untilNodes(nodes => nodes.join() === 'skin,muscle', 'the second neuron');
    expect(await studio.property('muscle', 'maxThreshold')).toBe(60);
    await studio.page.keyboard.press('Escape');

    await studio.clickNode('skin');
    await studio.clickNode('muscle');
    await studio
      .dialog('New synapse')
      .getByRole('button', {name: /Create/})
      .click();
    await studio.untilEdges(edges => edges.join() === 'skin > muscle', 'the synapse');

    const since = await studio.tick();
    await studio.clickNode('skin', {modifiers: ['Alt']});
    await studio.untilSpikes('muscle', 'the muscle answers', {since});
  });

  it('changes a property while the network runs, as one step', async () => {
    await studio.selectNode('muscle');
    const slider = studio.page.getByRole('slider', {name: 'Threshold, slider', exact: true});
    await slider.focus();
    const before = Number(await studio.property('muscle', 'threshold'));
    for (let i = 0; i < 5; i++) await studio.page.keyboard.press('ArrowRight');
    await studio.untilProperty('muscle', 'threshold', before + 5, 'the threshold');
    expect(await studio.page.evaluate(() => globalThis.flux.state.get().running)).toBe(true);
  });

  it('takes exact numbers and refuses nonsense at the field', async () => {
    const field = studio.page.getByRole('spinbutton', {name: /^Leak/});
    await field.fill('33');
    await studio.page.keyboard.press('Enter');
    await studio.untilProperty('muscle', 'leak', 33, 'the leak');
    await field.fill('999');
    await studio.page.getByText('A whole number from 0 to 255.').waitFor();
    await field.fill('33');
  });

  it('refuses names that are taken or bad, beside the name', async () => {
    const field = studio.page.locator('aside').getByLabel('Name', {exact: true});
    await field.fill('skin');
    await studio.page.getByText('Another node here is called “skin” already.').waitFor();
    await field.fill('a/b');
    await studio.page.getByText(/A name has 1 to 200 characters/).waitFor();
    await field.fill('motor');
    await studio.page.keyboard.press('Enter');
    await studio.untilEdges(edges => edges.join() === 'skin > motor', 'connections follow the new name');
  });

  it('undoes and redoes everything', async () => {
    const done = await studio.page.evaluate(() => globalThis.flux.state.get().editsDone);
    await studio.canvas().focus();
    for (let i = 0; i < done; i++) await studio.button('Undo').click();
    await studio.untilNodes(nodes => nodes.length === 0, 'all undone');
    for (let i = 0; i < done; i++) await studio.page.keyboard.press('Control+Shift+z');
    await studio.untilEdges(edges => edges.join() === 'skin > motor', 'all redone');
    expect(await studio.property('motor', 'leak')).toBe(33);
    // Keys that come faster than the engine answers go past neither end.
    for (const [key, left] of [
      ['z', 0],
      ['y', done],
    ] as const) {
      for (let i = 0; i < done + 5; i++) await studio.page.keyboard.press(`Control+${key}`);
      await studio.until(
        () => studio.page.evaluate(() => globalThis.flux.state.get().editsDone),
        now => now === left,
        'the end of the history',
      );
    }
    expect(await studio.page.getByRole('alert').count()).toBe(0);
  });

  it('works by the context menu', async () => {
    await studio.page.keyboard.press('Escape');
    await studio.clickNode('skin', {button: 'right'});
    await studio.page.getByRole('menuitem', {name: 'Duplicate'}).click();
    await studio.untilNodes(nodes => nodes.length === 3, 'duplicated');
    await studio.page.keyboard.press('Delete');
    await studio.untilNodes(nodes => nodes.length === 2, 'deleted');
  });

  it('finds a node by name', async () => {
    await studio.page.keyboard.press('Control+f');
    await studio.palette().fill('mot');
    await studio.page.getByRole('option', {name: 'motor', selected: true}).waitFor();
    await studio.page.keyboard.press('Enter');
    const name = studio.page.locator('aside').getByLabel('Name', {exact: true});
    await studio.until(
      () => name.inputValue(),
      value => value === 'motor',
      'what was found is selected',
    );
  });

  it('pins comments, finds them in the outline, and resolves them', async () => {
    const comments = () =>
      studio.page.evaluate(() =>
        globalThis.flux.state
          .get()
          .view!.comments.map(({text, resolved}) => `${text} ${resolved}`)
          .join(),
      );
    await studio.page.keyboard.press('m');
    await studio.page.getByRole('button', {name: /^Comment/, pressed: true}).waitFor();
    // The first one takes the selection away.
    await studio.page.keyboard.press('Escape');
    await studio.page.keyboard.press('Escape');
    await studio.page.getByRole('button', {name: /^Hand/, pressed: true}).waitFor();
    await studio.page.keyboard.press('Shift+M');
    await studio.dialog('New comment').getByLabel('Text').fill('Why this weight?');
    await studio.button(/^Create/).click();
    await studio.until(comments, text => text === 'Why this weight? false', 'the comment');
    // By keyboard alone: the last row of the outline is the heading of the comments.
    await studio.page.getByRole('tree').focus();
    await studio.page.keyboard.press('End');
    await studio.page.keyboard.press('Enter');
    await studio.page.getByRole('treeitem', {name: 'Why this weight?'}).waitFor();
    await studio.page.keyboard.press('ArrowDown');
    await studio.page.getByRole('heading', {name: 'Comment'}).waitFor();
    await studio.button('Resolve the comment').click();
    await studio.until(comments, text => text === 'Why this weight? true', 'resolved');
    await studio.page.getByRole('treeitem', {name: 'Why this weight? Resolved'}).waitFor();
    await studio.command('Open the comment again');
    await studio.until(comments, text => text === 'Why this weight? false', 'open again');
  });
});

describe('time', () => {
  it('goes back, and a change in the past shows two futures', async () => {
    const studio = await Studio.open();
    await studio.until(
      () => studio.tick(),
      tick => tick > 900,
      'a past',
    );
    await studio.button('Pause').click();
    await studio.page.getByRole('slider', {name: 'Time machine'}).waitFor();
    await studio.page.getByRole('slider', {name: 'Time machine'}).fill('390');
    await studio.until(
      () => studio.tick(),
      tick => tick === 390,
      'back in time',
    );
    await studio.selectNode('relay');
    await studio.page.getByRole('spinbutton', {name: /^Threshold/}).fill('200');
    await studio.page.keyboard.press('Enter');
    await studio.page.getByText(/Two futures from tick 390/).waitFor();
    await studio.canvas().focus();
    await studio.button('Run').click();
    await studio.page.getByText(/\d+ spikes differ, the first at tick/).waitFor();
    const [download] = await Promise.all([studio.page.waitForEvent('download'), studio.button('Save the numbers as CSV').click()]);
    const table = readFileSync((await download.path())!, 'utf8');
    expect(table).toMatch(/^future,tick,neuron,name\n(before,.*\n)+(after,.*\n)+$/);
    await studio.closeSound();
  });
});
