import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {pointOnCurve, writeCurve} from '../../canvas/src/scene/edgeGeometry';
import {strandLearned, strandSize} from '../../canvas/src/scene/scene';
import {type Studio, sharePage} from './studio';

describe('looking closer', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });

  const level = () => studio.page.getByTestId('level').textContent();

  /** What a button saves. */
  async function saved(button: string): Promise<{name: string; text: string}> {
    const [download] = await Promise.all([studio.page.waitForEvent('download'), studio.button(button).first().click()]);
    return {name: download.suggestedFilename(), text: readFileSync((await download.path())!, 'utf8')};
  }

  it('a neuron is stimulated and calmed by hand, and pauses the run when its level gets to where the bar was clicked', async () => {
    await studio.openText({title: 'One', neurons: [{id: 'cell', leak: 0, threshold: 200, position: [0, 0]}]});
    await studio.selectNode('cell');
    await studio.button('Stimulate').click();
    await studio.until(level, text => text === '60', 'stimulated');
    await studio.button('Calm').click();
    await studio.button('Calm').click();
    await studio.until(level, text => text === '-60' || text === '−60', 'calmed');
    const bar = studio.page.getByTitle('Click: pause when the level gets this far');
    const {width} = (await bar.boundingBox())!;
    await bar.click({position: {x: width / 4, y: 4}});
    await studio.until(
      () => studio.page.getByRole('spinbutton', {name: 'Pause when its level passes ...'}).inputValue(),
      value => value === '49' || value === '50',
      'a breakpoint at a quarter of the threshold',
    );
    await studio.button('Stimulate').click();
    await studio.until(level, text => text === '0', 'at rest');
    expect(await studio.page.evaluate(() => globalThis.flux.state.get().running)).toBe(true);
    await studio.button('Stimulate').click();
    await studio.page.getByText(/Paused at tick [\d,]+: the level of cell passed (49|50)\./).waitFor();
    await studio.button('Remove the breakpoint').click();
    await studio.button('Run').click();
    await studio.page.getByText(/Paused at tick/).waitFor({state: 'detached'});
  });

  it('a click on a spike in the raster asks why it was fired', async () => {
    await studio.page.evaluate(() => globalThis.flux.open({example: 'reflex_arc'}));
    await studio.ready();
    await studio.page.getByRole('tab', {name: 'Raster'}).click();
    await studio.untilSpikes('flexor', 'spikes to click', {count: 1});
    await studio.button('Pause').click();
    await studio.page.waitForFunction(() => globalThis.flux.frames.latest!.running === false);
    const raster = studio.page.getByRole('img', {name: 'Raster'});
    const {width, height} = (await raster.boundingBox())!;
    // Where the last spike of the flexor stands: 6 pixels a letter and 12 are left for names, 12 on the right, 8 above and 22 below for the axis.
    const spike = await studio.page.evaluate(() => {
      const {frames, state, node} = {...globalThis.flux, node: globalThis.flux.node('flexor')!};
      const tick = frames.lastSpike(node.first)!;
      const row = state.get().view!.nodes.findIndex(({id}) => id === 'flexor');
      const {nodes} = state.get().view!;
      const left = Math.max(56, ...nodes.map(({id}) => id.length * 6 + 12));
      return {left, across: (tick - frames.time.from) / frames.time.span, down: (row + 0.5) / nodes.length};
    });
    await raster.click({position: {x: spike.left + spike.across * (width - spike.left - 12), y: 8 + spike.down * (height - 30)}});
    await studio.page.getByRole('heading', {name: 'Why did flexor fire?'}).waitFor();
    await studio.button(/^relay: its spike of tick/).waitFor();
    await studio.page.locator('.why').getByRole('button', {name: 'Close'}).click();
    await studio.button('Run').click();
  });

  it('intervals between spikes are counted, drawn and saved', async () => {
    await studio.page.getByRole('tab', {name: 'Statistics'}).click();
    await studio.page
      .getByRole('row', {name: /posture/})
      .getByText('20 ticks')
      .waitFor();
    await studio.page.getByRole('img', {name: 'Intervals between spikes'}).waitFor();
    const table = await saved('Save the table as CSV');
    expect(table.name).toBe('reflex_arc_statistics.csv');
    expect(table.text).toMatch(/^neuron,spikes,rate,interval,variation\n(?:.*\n)*posture,\d+,(?:4[5-9]|5[0-5])[\d.]*,20,0\n/);
    await studio.selectNode('posture');
    const intervals = studio.page.locator('figure').last();
    const [download] = await Promise.all([
      studio.page.waitForEvent('download'),
      intervals.getByRole('button', {name: 'Save the numbers as CSV'}).click(),
    ]);
    expect(download.suggestedFilename()).toBe('reflex_arc_intervals.csv');
    expect(readFileSync((await download.path())!, 'utf8').split('\n').length).toBeGreaterThan(2);
    await studio.page.getByRole('tab', {name: 'Raster'}).click();
  });

  it('the canvas is saved as SVG and PNG', async () => {
    for (const [command, file] of [
      ['Export the canvas as SVG', 'reflex_arc.svg'],
      ['Export the canvas as PNG', 'reflex_arc.png'],
    ] as const) {
      const [download] = await Promise.all([studio.page.waitForEvent('download'), studio.command(command)]);
      expect(download.suggestedFilename()).toBe(file);
      const bytes = readFileSync((await download.path())!);
      expect(file.endsWith('svg') ? bytes.toString() : bytes.toString('latin1', 1, 4)).toMatch(/>flexor<|PNG/);
    }
  });

  it('what synapses learn is drawn over time and as their borders on the canvas', async () => {
    await studio.page.evaluate(() => globalThis.flux.open({example: 'classical_conditioning'}));
    await studio.ready();
    await studio.page.getByRole('tab', {name: 'Weights'}).click();
    // Learned parts of the synapses as the canvas draws them, in weights.
    const borders = () =>
      studio.page.evaluate(
        ([size, learned]) => {
          const {strands, edges} = globalThis.flux.canvas!.scene();
          return edges.map((_, edge) => strands[edge * size! + learned!]!);
        },
        [strandSize, strandLearned],
      );
    await studio.until(borders, learned => Math.max(...learned) > 20, 'a synapse that grew');
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.weights.samples.length),
      count => count > 2,
      'samples of the weights',
    );
    const {name, text} = await saved('Save the numbers as CSV');
    expect(name).toBe('classical_conditioning_weights.csv');
    expect(text.split('\n')[0]).toContain('bell → rewarded');
    expect((await saved('Save the plot as SVG')).text, 'the picture tells its lines apart').toContain('bell → rewarded');
  });

  it('one neuron of a population is looked at: state, synapses, probe and breakpoint', async () => {
    await studio.openText({
      title: 'Many',
      neurons: [
        {id: 'clock', autoFiringRate: 100, position: [-200, 0]},
        {id: 'many', count: 64, threshold: 40, position: [60, 0]},
      ],
      fibers: [{from: ['clock'], to: ['many'], rule: 'all-to-all', weight: 100, length: 5, stmRate: 8}],
    });
    await studio.placeOf('many');
    // The tenth cell.
    const cell = await studio.page.evaluate(() => {
      const canvas = globalThis.flux.canvas!;
      const scene = canvas.scene();
      const number = scene.nodeNumber('many');
      const {x, y} = scene.anchorOf(number, {node: 'many', path: '', neuron: scene.nodes[number]!.view.first + 9}, false);
      const area = canvas.canvas.getBoundingClientRect();
      const at = canvas.camera.toScreen({x, y});
      return {x: area.left + at.x, y: area.top + at.y};
    });
    await studio.page.mouse.click(cell.x, cell.y);
    const field = studio.page.getByRole('spinbutton', {name: 'Look at neuron'});
    await studio.until(
      () => field.inputValue(),
      value => value === '9',
      'the cell that was clicked',
    );
    // The fiber stands for 64 synapses; that of this neuron is drawn by itself.
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.canvas!.marks.singles.map(({source, target}) => `${source} ${target}`).join()),
      singles => singles === '0 10',
      'its synapse',
    );
    // A click on it tells what it is.
    const on = await studio.page.evaluate(() => {
      const {canvas} = globalThis.flux;
      const scene = canvas!.scene();
      const end = (id: string, neuron: number) => scene.anchorOf(scene.nodeNumber(id), {node: id, path: '', neuron}, id === 'clock');
      return {from: end('clock', 0), to: end('many', 10)};
    });
    const curve = new Float32Array(8);
    writeCurve(curve, 0, on.from, on.to, 0);
    await studio.clickWorld(pointOnCurve(curve, 0, 0.4));
    const synapse = studio.page.getByLabel('Synapse', {exact: true});
    await synapse.getByText('many[9]').waitFor();
    await synapse.getByText('5 ticks').waitFor();
    await synapse.getByText('Short-term part').waitFor();
    const choice = studio.page.getByRole('combobox', {name: 'Synapses of this neuron'});
    expect(await choice.inputValue()).toBe('0');
    expect(await studio.page.evaluate(() => globalThis.flux.canvas!.marks.picked?.target)).toBe(10);
    // By keyboard alone: none, and again this one.
    await choice.selectOption('—');
    await synapse.waitFor({state: 'detached'});
    await choice.selectOption('clock → many[9]');
    await synapse.waitFor();
    await studio.button('Attach a probe').click();
    await studio.button('Remove the probe: many[9]').waitFor();
    await studio.button('Pause when it fires').click();
    await studio.page.getByText(/Paused at tick [\d,]+: many\[9\] fired/).waitFor();
    await studio.button('Remove the breakpoint').click();
    await studio.button('Run').click();
  });

  it('a neuron inside a circuit is probed by its path, without opening the circuit', async () => {
    await studio.openText({
      title: 'Six legs',
      prototypes: [
        {
          name: 'leg',
          neurons: [
            {id: 'hip', autoFiringRate: 50},
            {id: 'pool', count: 8},
          ],
        },
      ],
      circuits: [{id: 'leg', count: 6, prototype: 'leg', position: [0, 0]}],
    });
    const probes = () =>
      studio.page.evaluate(() =>
        globalThis.flux.state
          .get()
          .probes.map(({name}) => name)
          .join(),
      );
    await studio.page.keyboard.press('Control+f');
    await studio.palette().fill('leg[2]/hip');
    await studio.page.getByRole('option', {name: 'leg[2]/hip', selected: true}).waitFor();
    await studio.page.getByText('attach a probe, or remove it, without opening the circuit').waitFor();
    await studio.page.keyboard.press('Alt+Enter');
    await studio.until(probes, names => names === 'leg[2]/hip', 'the probe');
    expect(await studio.page.evaluate(() => globalThis.flux.state.get().active)).toBe('');
    await studio.button('Remove the probe: leg[2]/hip').waitFor();
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.frames.probes.some(({neurons}) => neurons.length === 1)),
      come => come,
      'samples of it',
    );
    // Enter goes there instead.
    await studio.page.keyboard.press('Control+f');
    await studio.palette().fill('leg[5]/pool[3]');
    await studio.page.getByRole('option', {name: 'leg[5]/pool[3]', selected: true}).waitFor();
    await studio.page.keyboard.press('Enter');
    const field = studio.page.getByRole('spinbutton', {name: 'Look at neuron'});
    await studio.until(
      () => field.inputValue(),
      value => value === '3',
      'the neuron',
    );
    expect(await studio.page.evaluate(() => globalThis.flux.state.get().active)).toBe('leg[5]');
  });

  it('a machine that cannot keep up says so beside the factor, and the page goes on answering', async () => {
    await studio.openText({
      title: 'Too much',
      neurons: [{id: 'crowd', count: 40_000, autoFiringRate: 12, position: [0, 0]}],
      fibers: [{from: ['crowd'], to: ['crowd'], rule: 'fanout', fanout: 40, weight: 1}],
    });
    await studio.page.getByLabel('Speed').selectOption('10×');
    const factor = studio.page.getByTestId('factor');
    await studio.until(
      () => factor.getAttribute('title'),
      title => title?.startsWith('This machine cannot keep up') ?? false,
      'behind',
    );
    const before = await studio.tick();
    await studio.until(
      () => studio.tick(),
      tick => tick > before,
      'it goes on',
    );
    await studio.button('Pause').click();
    await studio.button('Run').waitFor();
    await studio.page.getByLabel('Speed').selectOption('1×');
  });
});
