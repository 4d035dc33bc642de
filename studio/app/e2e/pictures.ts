// Makes the pictures of the guide: `npm run pictures`. Run it when the studio looks different, and look at each.
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, it} from 'vitest';
import {Studio} from './studio';

const folder = join(import.meta.dirname, '../../../docs/images/studio');

describe('pictures', () => {
  let studio: Studio;
  beforeAll(async () => {
    mkdirSync(folder, {recursive: true});
    studio = await Studio.open({width: 1280, height: 800});
  });
  afterAll(() => studio.close());

  const shoot = (name: string) => studio.page.screenshot({path: join(folder, `${name}.png`)});
  const openExample = (name: string) => studio.page.evaluate(example => globalThis.flux.open({example}), name);
  /** Until the glow of this neuron is seen. */
  const untilFires = (id: string) =>
    studio.page.evaluate(
      name =>
        new Promise<void>(done => {
          const {first} = globalThis.flux.node(name)!;
          let stop = () => {};
          stop = globalThis.flux.frames.subscribe(frame => {
            for (let i = 1; i < frame.spikes.length; i += 2) {
              if (frame.spikes[i] !== first) continue;
              stop();
              setTimeout(done, 30);
              return;
            }
          });
        }),
      id,
    );

  it('of the first sight', async () => {
    await studio.until(
      () => studio.tick(),
      tick => tick > 1000,
      'a past to show',
    );
    await untilFires('flexor');
    await shoot('start');
  });

  it('of a new neuron and a new synapse', async () => {
    await studio.clickCanvas(0.2, 0.72);
    await studio.dialog('New node').waitFor();
    await shoot('new_node');
    await studio.page.keyboard.press('Escape');
    await studio.clickNode('stove');
    await studio.clickNode('inhibitor');
    await studio.dialog('New synapse').waitFor();
    await shoot('new_synapse');
    await studio.page.keyboard.press('Escape');
  });

  it('of traces', async () => {
    await openExample('central_pattern_generator');
    const [first, second] = await studio.page.evaluate(() =>
      globalThis.flux.state
        .get()
        .view!.nodes.slice(2, 4)
        .map(node => node.id),
    );
    await studio.clickNode(first!);
    await studio.button('Attach a probe').click();
    await studio.page.evaluate(id => globalThis.flux.select([{kind: 'node', id}]), second!);
    await studio.page.keyboard.press('p');
    await studio.page.waitForTimeout(2500);
    await shoot('traces');
  });

  it('of one neuron of a population', async () => {
    await studio.openText({
      title: 'One of many',
      neurons: [
        {id: 'clock', autoFiringRate: 100, position: [-260, 0]},
        {id: 'many', count: 64, width: 8, threshold: 40, position: [0, 0]},
        {id: 'readers', count: 25, width: 5, threshold: 60, position: [290, 20]},
      ],
      fibers: [
        {from: ['clock'], to: ['many'], rule: 'all-to-all', weight: [20, 80], length: [1, 30]},
        {from: ['many'], to: ['many'], rule: 'fanout', fanout: 6, weight: -10},
        {from: ['many'], to: ['readers'], rule: 'probability', probability: 0.2, weight: [10, 30]},
      ],
    });
    await studio.selectNode('many');
    await studio.page.getByRole('spinbutton', {name: 'Look at neuron'}).fill('27');
    await studio.page.waitForTimeout(1500);
    await shoot('one_of_many');
  });

  it('of why a neuron fired, in the past', async () => {
    await openExample('reflex_arc');
    await studio.until(
      () => studio.spikes('flexor'),
      count => count > 6,
      'spikes to explain',
    );
    await studio.page.getByRole('tab', {name: 'Raster'}).click();
    await studio.button('Pause').click();
    await studio.clickNode('flexor');
    await studio.page.locator('aside').getByRole('button', {name: 'Why did it fire?'}).click();
    await studio.page.getByRole('heading', {name: 'Why did flexor fire?'}).waitFor();
    await studio.page.waitForTimeout(300);
    await shoot('why');
    await studio.page.locator('.why').getByRole('button', {name: 'Close'}).click();
    await studio.button('Run').click();
  });

  it('of circuits inside circuits', async () => {
    await openExample('hexapod');
    await studio.page.getByRole('treeitem', {name: /^left/}).click();
    await studio.page.keyboard.press('Control+j');
    await studio.page.evaluate(() => globalThis.flux.openTab('left[0]'));
    await studio.page.waitForTimeout(2500);
    await shoot('circuits');
    await studio.page.keyboard.press('Control+j');
  });

  it('of a generator', async () => {
    await openExample('reflex_arc');
    await studio.page.getByRole('tab', {name: 'Explorer'}).click();
    await studio.button(/^Ring/).first().click();
    await studio.dialog('New node').getByRole('img').waitFor();
    await studio.page.waitForTimeout(1500);
    await shoot('generator');
    await studio.page.keyboard.press('Escape');
  });

  it('of organs', async () => {
    const organs = [
      {id: 'touch', type: 'button', settings: {label: 'Touch'}, outputs: [{id: 'out', outputAlias: 'out'}], position: [-260, 0]},
      {id: 'twitch', type: 'light', settings: {afterglow: 800}, inputs: [{id: 'in', threshold: 1, inputAlias: 'in'}], position: [300, 0]},
    ];
    const neurons = [
      {id: 'skin', threshold: 40, burstingRate: 128, position: [-60, 0]},
      {id: 'muscle', threshold: 40, position: [100, 0]},
    ];
    const synapses = [
      {from: 'touch/out', to: 'skin', weight: 90},
      {from: 'skin', to: 'muscle', weight: 60},
      {from: 'muscle', to: 'twitch/in', weight: 60},
    ];
    await studio.page.evaluate(
      text => globalThis.flux.open({text}),
      JSON.stringify({flux: 1, title: 'A touch and a twitch', neurons, organs, synapses}),
    );
    await studio.page.getByRole('tab', {name: 'Organs'}).click();
    await studio.page.getByRole('tab', {name: 'Outline'}).click();
    await studio.button('Touch').click();
    await studio.page.waitForTimeout(1200);
    await studio.button('Touch').click();
    await studio.page.waitForTimeout(120);
    await shoot('organs');
    await studio.page.getByRole('tab', {name: 'Explorer'}).click();
  });

  it('of the gallery', async () => {
    await studio.button('File').click();
    await studio.page.getByRole('menuitem', {name: 'Gallery'}).click();
    await studio.page.waitForTimeout(5000);
    await shoot('gallery');
    await studio.page.keyboard.press('Escape');
  });

  it('of the palette', async () => {
    await studio.page.keyboard.press('Control+k');
    await studio.palette().waitFor();
    await studio.page.waitForTimeout(300);
    await shoot('palette');
    await studio.page.keyboard.press('Escape');
  });

  it('in Russian, in the light', async () => {
    await openExample('classical_conditioning');
    await studio.page.getByRole('tab', {name: 'Settings'}).click();
    await studio.page.getByRole('radio', {name: 'Light'}).click();
    await studio.page.getByRole('radio', {name: 'Русский'}).click();
    await studio.page.getByRole('tab', {name: 'Веса'}).click();
    await studio.page.waitForTimeout(3000);
    await shoot('russian');
  });
});
