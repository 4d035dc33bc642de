import {describe, expect, it} from 'vitest';
import {Studio, sharePage} from './studio';

describe('a network that lives', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });

  it('is there and runs when the studio opens', async () => {
    expect(await studio.page.getByLabel('Name of the circuit').inputValue()).toBe('Reflex arc');
    await studio.untilTicks(100, 'the clock');
    await studio.page.getByText('Live', {exact: true}).first().waitFor();
    await studio.page.getByText('7 neurons · 6 synapses').waitFor();
  });

  it('answers a click with Alt: the neuron fires, and what it excites', async () => {
    const since = await studio.tick();
    await studio.clickNode('relay', {modifiers: ['Alt']});
    await studio.untilSpikes('flexor', 'the flexor fires', {since});
  });

  it('pauses, steps, steps back and goes on', async () => {
    await studio.button('Pause').click();
    await studio.button('Run').waitFor();
    await studio.page.waitForFunction(() => globalThis.flux.frames.latest!.running === false);
    const tick = await studio.tick();
    await studio.page.getByRole('contentinfo').getByRole('button', {name: 'Step one tick'}).click();
    await studio.until(
      () => studio.tick(),
      now => now === tick + 1,
      'one step',
    );
    await studio.page.getByRole('contentinfo').getByRole('button', {name: 'Step back one tick'}).click();
    await studio.until(
      () => studio.tick(),
      now => now === tick,
      'one step back',
    );
    await studio.button('Run').click();
    await studio.until(
      () => studio.tick(),
      now => now > tick + 50,
      'it goes on',
    );
  });

  it('runs at another speed and says which it reached', async () => {
    await studio.page.getByLabel('Speed').selectOption('max');
    await studio.untilTicks(20_000, 'as fast as possible');
    await studio.page.getByText(/× real time/).waitFor();
    await studio.page.getByLabel('Speed').selectOption('1×');
  });

  it('shows level, threshold and the last spike of the selected neuron', async () => {
    await studio.selectNode('posture');
    await studio.page.getByRole('heading', {name: 'Neuron', exact: true}).waitFor();
    await studio.until(
      () => studio.page.getByTestId('last-spike').textContent(),
      text => text !== null && /\d/.test(text),
      'its last spike',
    );
  });

  it('traces a probed neuron without stopping', async () => {
    await studio.selectNode('extensor');
    await studio.button('Attach a probe').click();
    await studio.page.getByRole('tab', {name: 'Traces', selected: true}).waitFor();
    await studio.button('Remove the probe: extensor').waitFor();
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.frames.probes.length),
      count => count > 3,
      'samples of the probe',
    );
  });

  it('pauses at a breakpoint, in the very tick', async () => {
    await studio.selectNode('stove');
    await studio.button('Pause when it fires').click();
    await studio.page.getByText(/Paused at tick [\d,]+: stove fired/).waitFor();
    expect((await studio.tick()) % 400).toBe(1);
    await studio.button('Remove the breakpoint').click();
    await studio.button('Run').click();
  });

  it('counts rates and intervals', async () => {
    await studio.page.getByRole('tab', {name: 'Statistics'}).click();
    const row = studio.page.getByRole('row', {name: /posture/});
    await row.getByText('20 ticks').waitFor();
    await studio.page.getByRole('tab', {name: 'Raster'}).click();
  });

  it('says why a neuron fired, and why that one did', async () => {
    await studio.selectNode('flexor');
    await studio.untilSpikes('flexor', 'a spike of the flexor');
    await studio.page.locator('aside').getByRole('button', {name: 'Why did it fire?'}).click();
    await studio.page.getByRole('heading', {name: 'Why did flexor fire?'}).waitFor();
    await studio.button(/^relay: its spike of tick/).click();
    await studio.page.getByRole('heading', {name: 'Why did relay fire?'}).waitFor();
    await studio.page.locator('.why').getByRole('button', {name: 'Close'}).click();
  });

  it('forgets the question with the neuron and with the circuit it was about', async () => {
    const other = await Studio.open({example: 'reflex_arc'});
    const ask = async () => {
      await other.selectNode('flexor');
      await other.untilSpikes('flexor', 'a spike of the flexor');
      await other.page.locator('aside').getByRole('button', {name: 'Why did it fire?'}).click();
      await other.page.getByRole('heading', {name: 'Why did flexor fire?'}).waitFor();
    };
    await ask();
    await other.canvas().focus();
    await other.page.keyboard.press('Delete');
    await other.untilNodes(nodes => !nodes.includes('flexor'), 'the flexor gone');
    await other.page.locator('.why').waitFor({state: 'detached'});
    await other.button('Undo').click();
    await ask();
    await other.command('New circuit file');
    await other.page.getByText('An empty nervous system').waitFor();
    await other.page.locator('.why').waitFor({state: 'detached'});
    await other.closeSound();
  });

  it('goes on with the core that is chosen: on the GPU and back', async () => {
    await studio.page.getByRole('tab', {name: 'Settings'}).click();
    const core = studio.page.getByRole('radiogroup', {name: 'Computational core'});
    await core.getByRole('radio', {name: 'Automatic', checked: true}).waitFor();
    const run = studio.button('Run');
    if (await run.isVisible()) await run.click();
    for (const [choice, says] of [
      ['GPU', /The GPU computes \(.+\)/],
      ['Automatic', /The CPU computes \(.+\)/],
    ] as const) {
      await core.getByRole('radio', {name: choice}).click();
      await studio.page.getByText(says).waitFor();
      const before = await studio.tick();
      await studio.until(
        () => studio.tick(),
        tick => tick > before,
        `ticks with ${choice}`,
      );
    }
  });

  it('gives plots away as SVG, PNG and CSV', async () => {
    for (const [button, file] of [
      ['Save the plot as SVG', 'reflex_arc_raster.svg'],
      ['Save the plot as PNG', 'reflex_arc_raster.png'],
      ['Save the numbers as CSV', 'reflex_arc_raster.csv'],
    ] as const) {
      const [download] = await Promise.all([studio.page.waitForEvent('download'), studio.button(button).click()]);
      expect(download.suggestedFilename()).toBe(file);
    }
  });
});
