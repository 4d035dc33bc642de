import {describe, expect, it} from 'vitest';
import {type Studio, sharePage} from './studio';

describe('circuits inside circuits', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });

  it('are made of a selection, opened in a tab, and keep what they do', async () => {
    await studio.selectNode('relay');
    await studio.clickNode('inhibitor', {modifiers: ['Shift']});
    await studio.page.getByText('2 elements selected').waitFor();
    await studio.page.keyboard.press('Control+g');
    await studio.untilNodes(nodes => nodes.includes('circuit') && !nodes.includes('relay'), 'the circuit');
    const since = await studio.tick();
    await studio.untilSpikes('flexor', 'the reflex goes on', {since});
    await studio.clickNode('circuit', {double: true});
    await studio.page.getByRole('navigation', {name: 'Open circuits'}).waitFor();
    await studio.untilNodes(nodes => nodes.join() === 'relay,inhibitor', 'the inside');
    await studio.page.getByRole('navigation', {name: 'Where you are'}).getByRole('button', {name: 'Reflex arc'}).click();
  });

  it('become prototypes, wait in the explorer, and are placed again', async () => {
    await studio.selectNode('circuit');
    await studio.button('Save as a prototype').click();
    await studio.dialog('Save as a prototype').getByLabel('Name').fill('cord');
    await studio.page.keyboard.press('Enter');
    await studio.page.getByRole('tab', {name: 'Explorer'}).click();
    await studio.button(/^cord/).click();
    await studio.untilNodes(nodes => nodes.includes('cord'), 'an instance');
  });

  it('differ where an instance overrides, and go back', async () => {
    await studio.page.evaluate(() => globalThis.flux.openTab('cord'));
    await studio.page.getByText(/^Prototype .?cord.?: a change here shows in all its instances/).waitFor();
    await studio.page.getByRole('radio', {name: 'Only this one'}).click();
    await studio.page.getByText(/a changed property acts in this instance alone/).waitFor();
    await studio.selectNode('relay');
    await studio.page.getByRole('spinbutton', {name: /^Threshold/}).fill('77');
    await studio.page.keyboard.press('Enter');
    await studio.untilProperty('relay', 'threshold', 77, 'the override');
    await studio.page.evaluate(() => globalThis.flux.openTab('circuit'));
    await studio.untilProperty('relay', 'threshold', 40, 'the other instance is as it was');
    await studio.page.evaluate(() => globalThis.flux.openTab(''));
    await studio.page.evaluate(() => globalThis.flux.select([{kind: 'node', id: 'cord'}]));
    await studio.button('Reset to the prototype: relay.threshold').click();
    await studio.page.evaluate(() => globalThis.flux.openTab('cord'));
    await studio.untilProperty('relay', 'threshold', 40, 'reset');
    await studio.page.evaluate(() => globalThis.flux.openTab(''));
  });

  it('are detached, linked and expanded', async () => {
    await studio.page.evaluate(() => globalThis.flux.select([{kind: 'node', id: 'cord'}]));
    await studio.button('Detach from its prototype or group').click();
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.node('cord')?.prototype),
      prototype => prototype === undefined,
      'detached',
    );
    await studio.button('Make linked copies').click();
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.node('cord 2')?.group),
      group => group === 'cord',
      'a linked copy',
    );
    await studio.page.evaluate(() => globalThis.flux.select([{kind: 'node', id: 'cord'}]));
    await studio.button('Expand in place').click();
    await studio.untilNodes(nodes => !nodes.includes('cord') && nodes.includes('relay'), 'expanded');
  });

  it('extend a prototype: what is taken over is changed or left out, what is new is added, the parent stays as it is', async () => {
    await studio.openText({
      title: 'Legs',
      prototypes: [
        {
          name: 'leg',
          neurons: [
            {id: 'hip', threshold: 40, inputAlias: 'step', position: [-100, 0]},
            {id: 'knee', position: [0, 90]},
            {id: 'flexor', outputAlias: 'lift', position: [100, 0]},
          ],
          synapses: [
            {from: 'hip', to: 'flexor', weight: 90},
            {from: 'hip', to: 'knee'},
          ],
        },
      ],
      circuits: [{id: 'front', prototype: 'leg', position: [0, 0]}],
    });
    await studio.page.getByRole('tab', {name: 'Explorer'}).click();
    await studio.button('Extend the prototype: leg').click();
    await studio.dialog('Extend the prototype').getByLabel('Name').fill('hind leg');
    await studio.page.keyboard.press('Enter');
    await studio.page.getByRole('heading', {name: 'Extends leg'}).waitFor();
    await studio.selectNode('hip');
    await studio.page.getByRole('spinbutton', {name: /^Threshold/}).fill('55');
    await studio.page.keyboard.press('Enter');
    await studio.untilProperty('hip', 'threshold', 55, 'an override');
    await studio.selectNode('knee');
    await studio.page.keyboard.press('Delete');
    await studio.untilNodes(nodes => nodes.join() === 'hip,flexor', 'left out');
    await studio.page.keyboard.press('n');
    await studio.dialog('New node').getByLabel('Name').fill('pusher');
    await studio.page.keyboard.press('Enter');
    await studio.untilNodes(nodes => nodes.join() === 'hip,flexor,pusher', 'added');
    await studio.page.keyboard.press('Shift+1');
    await studio.selectNode('hip');
    await studio.clickNode('pusher');
    await studio
      .dialog('New synapse')
      .getByRole('button', {name: /Create/})
      .click();
    await studio.untilEdges(edges => edges.includes('hip > pusher'), 'a synapse of its own');
    await studio.page.evaluate(() => globalThis.flux.openTab('front'));
    await studio.untilNodes(nodes => nodes.join() === 'hip,knee,flexor', 'the parent has all');
    expect(await studio.property('hip', 'threshold')).toBe(40);
    await studio.page.evaluate(() => globalThis.flux.openTab('/prototypes/hind leg'));
    await studio.button('Reset to the prototype: hip.threshold').click();
    await studio.untilProperty('hip', 'threshold', 40, 'reset');
    await studio.button('Take back: knee').click();
    await studio.untilNodes(nodes => nodes.includes('knee'), 'back');
  });

  it('open from the outline, the first of several copies too', async () => {
    await studio.openText({
      prototypes: [{name: 'leg', neurons: [{id: 'hip', position: [0, 0]}]}],
      circuits: [{id: 'left', count: 3, prototype: 'leg', position: [0, 0]}],
    });
    await studio.page.getByRole('tab', {name: 'Outline'}).click();
    await studio.page.getByRole('treeitem', {name: /^left/}).dblclick();
    await studio.page.getByRole('navigation', {name: 'Where you are'}).getByText('left[0]').waitFor();
    await studio.untilNodes(nodes => nodes.join() === 'hip', 'the first leg');
    // What is inside can be found while it is open.
    await studio.page.getByRole('treeitem', {name: 'hip'}).waitFor();
    await studio.page.keyboard.press('Control+f');
    await studio.palette().fill('hip');
    await studio.page.getByRole('option', {name: 'left[0]/hip'}).waitFor();
    await studio.page.keyboard.press('Escape');
  });

  it('show inputs and outputs at their edges, and are connected there', async () => {
    await studio.openText({
      title: 'Box',
      neurons: [{id: 'reader', position: [260, 0]}],
      circuits: [
        {
          id: 'box',
          neurons: [
            {id: 'a', inputAlias: 'in'},
            {id: 'b', outputAlias: 'answer'},
          ],
          position: [0, 0],
        },
      ],
    });
    await studio.placeOf('box');
    // The port of the output, at the right edge of the box.
    const port = await studio.page.evaluate(() => {
      const canvas = globalThis.flux.canvas!;
      const scene = canvas.scene();
      const number = scene.nodeNumber('box');
      const {outputs} = scene.nodes[number]!.view;
      const {x, y} = scene.anchorOf(number, {node: 'box', path: 'box/answer', neuron: outputs![0]!.neuron}, true);
      const area = canvas.canvas.getBoundingClientRect();
      const at = canvas.camera.toScreen({x, y});
      return {x: area.left + at.x, y: area.top + at.y};
    });
    await studio.drag(port, await studio.placeOf('reader'));
    await studio
      .dialog('New synapse')
      .getByRole('button', {name: /Create/})
      .click();
    await studio.untilEdges(edges => edges.join() === 'box/answer > reader', 'connected from the port');
  });

  it('are joined by fibers, whose rules are chosen and changed', async () => {
    await studio.openText({
      title: 'Two crowds',
      neurons: [
        {id: 'one', count: 20, position: [-160, 0]},
        {id: 'other', count: 20, position: [160, 0]},
      ],
    });
    await studio.selectNode('one');
    await studio.page.keyboard.press('Shift+C');
    const dialog = studio.dialog('New synapse');
    await dialog.getByLabel('Rule').selectOption('fanout');
    await dialog.getByRole('spinbutton', {name: /^Targets of each/}).fill('3');
    await dialog.getByRole('button', {name: /Create/}).click();
    const fiber = () => studio.page.evaluate(() => globalThis.flux.state.get().view!.edges[0]);
    await studio.until(fiber, edge => edge?.rule === 'fanout' && edge.synapses === 60, 'three targets each');
    await studio.page.getByRole('heading', {name: 'Fiber'}).waitFor();
    await studio.page.locator('aside').getByLabel('Rule').selectOption('probability');
    await studio.page
      .locator('aside')
      .getByRole('spinbutton', {name: /^Probability/})
      .fill('50');
    await studio.until(fiber, edge => edge?.rule === 'probability' && edge.probability === 0.5, 'every second pair');
    await studio.page
      .locator('aside')
      .getByRole('spinbutton', {name: /^Highest weight/})
      .fill('90');
    await studio.until(fiber, edge => edge?.weight.join() === '80,90', 'weights from 80 to 90');
  });

  it('come from generators, whose settings read in the language of the person', async () => {
    await studio.command('По-русски');
    await studio.page.getByRole('tab', {name: 'Обозреватель'}).click();
    await studio.button(/^Лист/).first().click();
    const dialog = studio.dialog('Новый узел');
    await dialog.getByLabel('соседей у клетки').waitFor();
    await dialog.getByText('четыре делят с ней сторону, восемь — и угол').waitFor();
    await dialog.getByLabel('рядов', {exact: true}).fill('1');
    await dialog.getByText('Целое число от 3 до 4').waitFor();
    await studio.page.keyboard.press('Escape');
    await studio.command('In English');
    await studio.page.getByRole('tab', {name: 'Explorer'}).waitFor();
  });

  it('come from generators, with a preview', async () => {
    await studio.page.getByRole('tab', {name: 'Explorer'}).click();
    await studio.button(/^Ring/).first().click();
    const dialog = studio.dialog('New node');
    await dialog.getByRole('img', {name: 'Preview of the circuit'}).waitFor();
    await dialog.getByRole('button', {name: /Create/}).click();
    await studio.untilNodes(nodes => nodes.includes('ring'), 'the ring');
    // On the canvas its settings stay: another number makes it anew, and what is drawn at random is drawn again.
    await studio.page.getByRole('heading', {name: 'Generator', exact: true}).waitFor();
    const neurons = () => studio.page.evaluate(() => globalThis.flux.node('ring')!.count);
    const before = await neurons();
    const field = studio.page.locator('aside').getByRole('spinbutton').first();
    await field.fill(String(Number(await field.inputValue()) * 2));
    await studio.until(neurons, count => count > before, 'a larger ring');
    const seed = () => studio.page.evaluate(() => globalThis.flux.node('ring')!.seed);
    const drawn = await seed();
    await studio.button('Draw anew').click();
    await studio.until(seed, now => now !== undefined && now !== drawn, 'another seed');
  });
});
