import {describe, expect, it} from 'vitest';
import {type Studio, sharePage} from './studio';

describe('organs', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });

  it('connect a person to the network: a button lights a light', async () => {
    await studio.command('New circuit file');
    await studio.page.getByRole('tab', {name: 'Explorer'}).click();
    await studio.button(/^Button/).click();
    await studio.untilNodes(nodes => nodes.includes('button'), 'a button');
    await studio.button(/^Light and counter/).click();
    await studio.untilNodes(nodes => nodes.includes('light'), 'a light');
    await studio.page.getByRole('tab', {name: 'Outline'}).click();
    await studio.page.getByRole('treeitem', {name: 'button'}).click();
    await studio.page.getByRole('tree').focus();
    await studio.page.keyboard.press('Shift+C');
    await studio.dialog('New synapse').getByLabel('Target').selectOption('light');
    await studio
      .dialog('New synapse')
      .getByRole('button', {name: /Create/})
      .click();
    await studio.untilEdges(edges => edges.length === 1, 'connected');
    await studio.page.getByRole('tab', {name: 'Organs'}).click();
    await studio.page.getByRole('region', {name: 'button'}).getByRole('button', {name: 'button', exact: true}).last().click();
    await studio.until(
      () => studio.page.getByTestId('count-light').textContent(),
      text => text === '1',
      'the light counted one spike',
    );
  });

  /** A key and a slider, both heard by a light and drawn by an oscilloscope. */
  const touchable = {
    title: 'To touch',
    environment: {RATE: 20},
    organs: [
      {
        id: 'key',
        type: 'key',
        settings: {key: 'J'},
        outputs: [{id: 'out', refractoryPeriod: 0, outputAlias: 'out'}],
        position: [-200, -80],
      },
      {
        id: 'slider',
        type: 'slider',
        settings: {highest: '$RATE'},
        outputs: [{id: 'out', refractoryPeriod: 0, outputAlias: 'out'}],
        position: [-200, 80],
      },
      {
        id: 'light',
        type: 'light',
        inputs: [{id: 'in', threshold: 1, leak: 255, refractoryPeriod: 0, inputAlias: 'in'}],
        position: [200, -80],
      },
      {
        id: 'scope',
        type: 'oscilloscope',
        settings: {window: 2000},
        inputs: [{id: 'in', threshold: 1, leak: 255, refractoryPeriod: 0, inputAlias: 'in'}],
        position: [200, 80],
      },
    ],
    synapses: [
      {from: 'key/out', to: 'light/in', weight: 100},
      {from: 'slider/out', to: 'scope/in', weight: 100},
      {from: 'key/out', to: 'scope/in', weight: 100},
    ],
  };
  const count = () => studio.page.getByTestId('count-light').textContent();

  it('hear a key of the keyboard, one spike a press', async () => {
    await studio.openText(touchable);
    await studio.page.getByRole('tab', {name: 'Organs'}).click();
    await studio.page.getByText('Press J anywhere').waitFor();
    await studio.canvas().focus();
    for (const presses of ['1', '2', '3']) {
      await studio.page.keyboard.press('j');
      await studio.until(count, text => text === presses, `${presses} presses`);
    }
  });

  it('fire at the rate of a slider, whose end comes from an environment variable, and draw on an oscilloscope', async () => {
    const slider = studio.page.getByRole('slider', {name: 'slider', exact: true});
    expect(await slider.getAttribute('max')).toBe('20');
    const scope = studio.page.getByRole('img', {name: 'Oscilloscope scope'});
    const ink = () =>
      scope.evaluate((canvas: HTMLCanvasElement) => {
        const {data} = canvas.getContext('2d')!.getImageData(0, 12, canvas.width, 60);
        let drawn = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i + 1]! > 100 && data[i + 1]! > data[i]! + 40) drawn++;
        return drawn;
      });
    await studio.until(ink, drawn => drawn < 400, 'the presses of the key leave the screen');
    const before = await ink();
    await slider.focus();
    await studio.page.keyboard.press('End');
    await studio.page.getByRole('region', {name: 'slider'}).getByText('20/s').waitFor();
    await studio.until(ink, drawn => drawn > before + 200, 'lines of the oscilloscope');

    await studio.page.getByRole('tab', {name: 'Settings'}).click();
    const variables = studio.page.getByRole('region', {name: 'Environment variables'});
    await variables.getByRole('textbox', {name: 'RATE'}).fill('40');
    await variables.getByRole('textbox', {name: 'RATE'}).press('Enter');
    await variables.getByLabel('New variable').fill('2nd');
    await variables.getByText('A name has letters, digits and _, and begins with no digit.').waitFor();
    await variables.getByLabel('New variable').fill('SECOND');
    await variables.getByLabel('New variable').press('Enter');
    await variables.getByRole('textbox', {name: 'SECOND'}).waitFor();
    await studio.button('Remove the variable SECOND').click();
    await variables.getByRole('textbox', {name: 'SECOND'}).waitFor({state: 'detached'});
    await studio.page.getByRole('tab', {name: 'Organs'}).click();
    await studio.until(
      () => slider.getAttribute('max'),
      most => most === '40',
      'the slider goes as far as the variable says',
    );
  });

  it('are set and touched from the rack wherever they stand', async () => {
    await studio.openText({
      title: 'Nested',
      circuits: [
        {
          id: 'hand',
          organs: [{id: 'push', type: 'button', outputs: [{id: 'out', outputAlias: 'out'}]}],
          neurons: [{id: 'skin', threshold: 40}],
          synapses: [{from: 'push/out', to: 'skin', weight: 90}],
        },
      ],
    });
    await studio.page.getByRole('tab', {name: 'Organs'}).click();
    const organ = studio.page.getByRole('region', {name: 'hand/push'});
    await organ.getByText('Settings').click();
    await organ.getByRole('textbox').fill('Poke');
    await organ.getByRole('textbox').press('Enter');
    await organ.getByRole('button', {name: 'Poke', exact: true}).click();
    await studio.page.evaluate(() => globalThis.flux.openTab('hand'));
    await studio.untilSpikes('skin', 'what was poked fires');
  });
});
