import {beforeAll, describe, expect, it} from 'vitest';
import {type Studio, sharePage} from './studio';

describe('editing', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });
  beforeAll(async () => {
    await studio.openText({
      neurons: [
        {id: 'skin', position: [-150, 0]},
        {id: 'motor', position: [150, 0]},
      ],
      synapses: [{from: 'skin', to: 'motor', weight: 80}],
    });
  });

  it('copies, pastes, duplicates, cuts and deletes', async () => {
    await studio.command('Select all');
    await studio.page.getByText('2 elements selected').waitFor();
    await studio.page.keyboard.press('Control+c');
    await studio.page.getByText('Copied 2 elements as text.').waitFor();
    expect(await studio.page.evaluate(() => navigator.clipboard.readText())).toContain('"id": "skin"');
    await studio.page.keyboard.press('Control+v');
    await studio.untilEdges(edges => edges.length === 2, 'pasted with the synapse between them');
    // Without a place it stands where there is room: in sight.
    await studio.page.evaluate(() => navigator.clipboard.writeText('{"flux": 1, "neurons": [{"id": "lost"}]}'));
    await studio.page.keyboard.press('Control+v');
    await studio.untilNodes(nodes => nodes.includes('lost'), 'pasted without a place');
    const {x, y} = await studio.placeOf('lost');
    const box = (await studio.canvas().boundingBox())!;
    expect(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height).toBe(true);
    await studio.page.keyboard.press('Control+z');
    await studio.untilNodes(nodes => nodes.length === 4, 'undone');
    await studio.page.evaluate(() =>
      globalThis.flux.select(
        globalThis.flux.state
          .get()
          .view!.nodes.slice(2)
          .map(({id}) => ({kind: 'node', id})),
      ),
    );
    await studio.page.keyboard.press('Control+d');
    await studio.untilNodes(nodes => nodes.length === 6, 'duplicated');
    await studio.page.keyboard.press('Control+x');
    await studio.untilNodes(nodes => nodes.length === 4, 'cut');
    await studio.page.keyboard.press('Control+z');
    await studio.page.keyboard.press('Control+z');
    await studio.page.keyboard.press('Control+z');
    await studio.untilNodes(nodes => nodes.length === 2, 'undone');
  });

  it('is done by keyboard alone through the outline', async () => {
    await studio.page.getByRole('tab', {name: 'Outline'}).focus();
    await studio.page.getByRole('tree').focus();
    await studio.page.keyboard.press('Home');
    await studio.page.keyboard.press('Shift+C');
    const dialog = studio.dialog('New synapse');
    await dialog.getByLabel('Target').selectOption('skin');
    await dialog.getByRole('spinbutton', {name: /^Length/}).fill('50');
    await studio.page.keyboard.press('Enter');
    await studio.untilEdges(edges => edges.includes('skin > skin'), 'a synapse made by keyboard');
    await studio.page.keyboard.press('n');
    await studio.dialog('New node').getByLabel('Name').fill('third');
    await studio.page.keyboard.press('Enter');
    await studio.untilNodes(nodes => nodes.includes('third'), 'a neuron made by keyboard');
    await studio.page.getByRole('tree').focus();
    await studio.page.keyboard.press('End');
    await studio.page.keyboard.press('Enter');
    await studio.page.keyboard.press('ArrowDown');
    await studio.page.keyboard.press('ArrowDown');
    await studio.page.keyboard.press('Delete');
    await studio.untilEdges(edges => edges.length === 1, 'a synapse deleted by keyboard');
  });

  it('selects several rows of the outline with Shift and Ctrl', async () => {
    await studio.openText({neurons: ['a', 'b', 'c'].map((id, i) => ({id, position: [i * 100, 0]}))});
    const row = (name: string) => studio.page.getByRole('treeitem', {name});
    const selected = () => studio.page.getByRole('treeitem', {selected: true}).allTextContents();
    await row('a').click();
    const threshold = studio.page.getByRole('spinbutton', {name: /^Threshold/});
    await threshold.fill('50');
    await threshold.press('Enter');
    await studio.untilProperty('a', 'threshold', 50, 'one differs');
    await row('c').click({modifiers: ['Shift']});
    await studio.until(selected, names => names.join() === 'a,b,c', 'all from the first to the last');
    expect(await threshold.inputValue()).toBe('');
    await studio.page.getByPlaceholder('mixed').waitFor();
    await threshold.fill('60');
    await studio.untilProperty('c', 'threshold', 60, 'one number for all');
    expect(await studio.property('a', 'threshold')).toBe(60);
    await row('b').click({modifiers: ['Control']});
    await studio.until(selected, names => names.join() === 'a,c', 'without the one between');
  });

  it('leads from a warning to the node that it is about', async () => {
    await studio.openText({neurons: [{id: 'lonely', position: [0, 0]}]});
    await studio.page.getByText('no input alias, and does not fire by itself').waitFor();
    await studio.button('Where: neuron "lonely"').click();
    await studio.until(
      () => studio.page.locator('aside').getByLabel('Name', {exact: true}).inputValue(),
      value => value === 'lonely',
      'the neuron',
    );
    await studio.openText({
      neurons: [
        {id: 'skin', position: [-150, 0]},
        {id: 'motor', position: [150, 0]},
      ],
    });
  });

  it('moves nodes by dragging and lines them up', async () => {
    const from = await studio.placeOf('motor');
    await studio.page.mouse.move(from.x, from.y);
    await studio.page.mouse.down();
    await studio.page.mouse.move(from.x + 20, from.y + 70, {steps: 5});
    await studio.page.mouse.up();
    const y = () => studio.page.evaluate(() => globalThis.flux.state.get().view!.nodes.map(node => node.position![1]));
    await studio.until(y, ([a, b]) => Math.abs(a! - b!) > 20, 'moved');
    await studio.command('Select all');
    await studio.command('Align in a row');
    await studio.until(y, ([a, b]) => Math.abs(a! - b!) < 1, 'in a row');
  });
});
