import {beforeAll, describe, expect, it} from 'vitest';
import {type Studio, sharePage} from './studio';

const inspector = (studio: Studio) => studio.page.locator('aside');
const fiber = (studio: Studio) => studio.page.evaluate(() => globalThis.flux.state.get().view!.edges[0]);
const selectFiber = (studio: Studio) => studio.page.evaluate(() => globalThis.flux.select([{kind: 'edge', list: 'fibers', index: 0}]));

describe('fibers on grids', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });
  beforeAll(async () => {
    await studio.openText({
      title: 'Sheet',
      neurons: [{id: 'sheet', count: 25, width: 5, position: [0, 0]}],
      fibers: [{from: ['sheet'], to: ['sheet'], rule: 'distance', radius: 2, fanout: 3}],
    });
    await selectFiber(studio);
    await studio.page.getByRole('heading', {name: 'Fiber'}).waitFor();
  });

  it('by distance show and change their fanout, their reach and their edges', async () => {
    const fanout = inspector(studio).getByRole('spinbutton', {name: /^Targets of each/});
    expect(await fanout.inputValue()).toBe('3');
    await fanout.fill('4');
    await studio.until(
      () => fiber(studio),
      edge => edge?.fanout === 4 && edge.synapses === 100,
      'four targets each',
    );
    await inspector(studio).getByLabel('Edges meet').click();
    await studio.until(
      () => fiber(studio),
      edge => edge?.wrap === true && edge.radius === 2,
      'the edges meet',
    );
    await inspector(studio).getByRole('radio', {name: 'Probability'}).click();
    await inspector(studio)
      .getByRole('spinbutton', {name: /^Probability/})
      .fill('12.5');
    await studio.until(
      () => fiber(studio),
      edge => edge?.probability === 0.125 && edge.fanout === undefined,
      'an exact share',
    );
    await inspector(studio).getByLabel('Seed').fill('18446744073709551615');
    await studio.page.keyboard.press('Enter');
    await studio.until(
      () => fiber(studio),
      edge => edge?.seed === '18446744073709551615',
      'a seed of its own',
    );
    await inspector(studio).getByLabel('Seed').fill('18446744073709551616');
    await inspector(studio).getByText('A whole number from 0 to 18446744073709551615.').waitFor();
    await inspector(studio).getByLabel('Seed').fill('');
    await studio.page.keyboard.press('Enter');
    await studio.until(
      () => fiber(studio),
      edge => edge?.seed === undefined,
      'that of the circuit again',
    );
  });

  it('by a kernel show and change every offset', async () => {
    await inspector(studio).getByLabel('Rule').selectOption('kernel');
    await studio.until(
      () => fiber(studio),
      edge => JSON.stringify(edge?.kernel) === '[[-1,0,20,10],[1,0,20,10]]',
      'the neighbours',
    );
    const cell = (name: string) => inspector(studio).getByRole('spinbutton', {name, exact: true});
    await cell('Rows, row 2').fill('-2');
    await cell('Weight, row 2').fill('-45');
    await cell('Length, row 2').fill('7');
    await studio.page.keyboard.press('Enter');
    await studio.until(
      () => fiber(studio),
      edge => JSON.stringify(edge?.kernel) === '[[-1,0,20,10],[1,-2,-45,7]]',
      'another offset',
    );
    await cell('Weight, row 1').fill('128');
    await inspector(studio).getByText('A whole number from -128 to 127.').waitFor();
    await cell('Weight, row 1').fill('120');
    await studio.button('Add a row').click();
    await studio.until(
      () => fiber(studio),
      edge => edge?.kernel?.length === 3 && edge.synapses === 75 && edge.kernel[0]![2] === 120,
      'three of each',
    );
    await studio.button('Remove row 1').click();
    await studio.until(
      () => fiber(studio),
      edge => edge?.kernel?.length === 2 && edge.kernel[0]![1] === -2,
      'two again',
    );
    await studio.page.keyboard.press('Control+z');
    await studio.until(
      () => fiber(studio),
      edge => edge?.kernel?.length === 3,
      'undone',
    );
    await inspector(studio).getByLabel('Rule').selectOption('all-to-all');
    await studio.until(
      () => fiber(studio),
      edge => edge?.rule === 'all-to-all' && edge.weight.join() === '-45,120' && edge.kernel === undefined,
      'what it weighs stays',
    );
  });

  it('are made by a kernel', async () => {
    await studio.openText({
      title: 'New',
      neurons: [
        {id: 'sheet', count: 9, width: 3, position: [-160, 0]},
        {id: 'twin', count: 9, width: 3, position: [160, 0]},
      ],
    });
    await studio.selectNode('sheet');
    await studio.page.keyboard.press('Shift+C');
    const dialog = studio.dialog('New synapse');
    await dialog.getByLabel('Rule').selectOption('kernel');
    await dialog.getByRole('spinbutton', {name: 'Rows, row 1', exact: true}).fill('1');
    await dialog.getByRole('button', {name: /Create/}).click();
    await studio.until(
      () => fiber(studio),
      edge => JSON.stringify(edge?.kernel) === '[[-1,1,80,10],[1,0,80,10]]',
      'a fiber by kernel',
    );
  });

  it('that an instance takes over keep their rule there, and say so', async () => {
    await studio.openText({
      title: 'Taken over',
      prototypes: [
        {
          name: 'eye',
          neurons: [{id: 'sheet', count: 9}],
          fibers: [{from: ['sheet'], to: ['sheet'], rule: 'distance', radius: 2, fanout: 3}],
        },
      ],
      circuits: [{id: 'left', prototype: 'eye', position: [0, 0]}],
    });
    await studio.page.evaluate(() => globalThis.flux.openTab('left'));
    await studio.page.getByRole('radio', {name: 'Only this one'}).click();
    await selectFiber(studio);
    await inspector(studio).getByText('It is taken over').waitFor();
    expect(await inspector(studio).getByLabel('Rule').isDisabled()).toBe(true);
    await inspector(studio)
      .getByRole('spinbutton', {name: /^Targets of each/})
      .fill('5');
    await studio.until(
      () => fiber(studio),
      edge => edge?.fanout === 5,
      'the override',
    );
  });
});
