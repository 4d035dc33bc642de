import {describe, expect, it} from 'vitest';
import {type Spot, Studio, sharePage} from './studio';

type Pair = [number, number];

/** Centres of the nodes that are shown, by id, as the document has them. */
const places = (studio: Studio): Promise<Record<string, Pair>> =>
  studio.page.evaluate(() => Object.fromEntries(globalThis.flux.state.get().view!.nodes.map(node => [node.id, node.position!])));

/** Where the lower right corner of what is selected is seen, once it can be gripped there. */
async function gripCorner(studio: Studio): Promise<Spot> {
  const look = () =>
    studio.page.evaluate(async () => {
      const corner = () => {
        const {canvas} = globalThis.flux;
        const box = canvas?.overlay.content.handles;
        if (!canvas || !box) return null;
        const area = canvas.canvas.getBoundingClientRect();
        const at = canvas.camera.toScreen({x: box.right, y: box.bottom});
        return {x: area.left + at.x, y: area.top + at.y};
      };
      // Panels and views that are on their way to another place carry the corner along, and a notice may lie over it.
      const before = corner();
      for (let frame = 0; frame < 6; frame++) await new Promise(requestAnimationFrame);
      const after = corner();
      if (!before || !after || before.x !== after.x || before.y !== after.y) return null;
      return document.elementFromPoint(after.x, after.y) === globalThis.flux.canvas?.canvas ? after : null;
    });
  return (await studio.until(look, place => place !== null, 'a corner to drag'))!;
}

describe('on the canvas', () => {
  let studio: Studio;
  sharePage(page => {
    studio = page;
  });

  const open = async () => {
    await studio.openText({
      title: 'Four',
      neurons: [
        {id: 'one', position: [-200, 0]},
        {id: 'two', position: [-120, 150]},
        {id: 'three', position: [60, -130]},
        {id: 'four', position: [200, 60]},
      ],
      synapses: [
        {from: 'one', to: 'two'},
        {from: 'two', to: 'three'},
        {from: 'three', to: 'four'},
      ],
    });
  };

  it('a dragged node snaps into line with others, and a line shows with which', async () => {
    await open();
    const [one, two] = [await studio.placeOf('one'), await studio.placeOf('two')];
    // Four pixels beside the line: near enough to be drawn to it.
    await studio.drag(two, {x: two.x + 30, y: one.y + 4}, async () => {
      const guides = () => studio.page.evaluate(() => globalThis.flux.canvas!.overlay.content.guides);
      await studio.until(guides, lines => lines.some(line => !line.vertical && line.place === 0), 'the line');
    });
    await studio.until(
      () => places(studio),
      ({two: place}) => place![1] === 0 && place![0] !== -120,
      'in line with the first',
    );
  });

  it('a frame selects, Shift adds, and what is selected is distributed', async () => {
    await open();
    await studio.button(/^Select: draw a frame/).click();
    const [one, two, three, four] = await Promise.all(['one', 'two', 'three', 'four'].map(id => studio.placeOf(id)));
    await studio.drag({x: one!.x - 40, y: three!.y - 40}, {x: three!.x + 40, y: two!.y + 40});
    await studio.page.getByText('3 elements selected').waitFor();
    await studio.page.keyboard.down('Shift');
    await studio.page.mouse.click(four!.x, four!.y);
    await studio.page.keyboard.up('Shift');
    await studio.page.getByText('4 elements selected').waitFor();
    await studio.page.mouse.click(one!.x, one!.y, {button: 'right'});
    await studio.page.getByRole('menuitem', {name: 'Distribute across'}).click();
    await studio.until(
      () => places(studio),
      now => [now.one![0], now.two![0], now.three![0], now.four![0]].join() === '-200,-67,67,200',
      'even gaps',
    );
    await studio.button(/^Hand/).click();
  });

  it('is arranged automatically, and undone in one step', async () => {
    await open();
    const before = await places(studio);
    await studio.button(/^Arrange automatically/).click();
    const after = await studio.until(
      () => places(studio),
      now => JSON.stringify(now) !== JSON.stringify(before),
      'the layout',
    );
    const across = ['one', 'two', 'three', 'four'].map(id => after[id]![0]);
    expect([...across].sort((a, b) => a - b)).toEqual(across);
    await studio.page.keyboard.press('Control+z');
    await studio.until(
      () => places(studio),
      now => JSON.stringify(now) === JSON.stringify(before),
      'undone',
    );
  });

  it('has a map that shows while a part is seen, and takes the view where it is clicked and dragged', async () => {
    await open();
    const map = studio.page.getByRole('img', {name: 'The whole circuit'});
    await map.waitFor({state: 'hidden'});
    await studio.placeOf('one');
    for (let i = 0; i < 4; i++) await studio.button(/^Zoom in/).click();
    await map.waitFor();
    const box = (await map.boundingBox())!;
    const camera = () => studio.page.evaluate(() => globalThis.flux.canvas!.camera.x);
    await studio.page.mouse.click(box.x + 14, box.y + box.height / 2);
    await studio.until(camera, x => x < -150, 'the left end');
    await studio.drag({x: box.x + 14, y: box.y + box.height / 2}, {x: box.x + box.width - 14, y: box.y + box.height / 2});
    await studio.until(camera, x => x > 150, 'the right end');
    await studio.page.keyboard.press('Shift+1');
    await map.waitFor({state: 'hidden'});
  });

  it('a circuit is resized by its corner, and keeps its size in the file', async () => {
    await studio.openText({
      neurons: [{id: 'one', position: [-200, 0]}],
      circuits: [
        {
          id: 'box',
          neurons: [
            {id: 'a', inputAlias: 'in'},
            {id: 'b', outputAlias: 'out'},
          ],
          position: [60, 0],
        },
      ],
    });
    await studio.selectNode('box');
    const corner = await gripCorner(studio);
    const look = () => studio.page.evaluate(() => (({size, position}) => ({size, position}))(globalThis.flux.node('box')!));
    await studio.drag(corner, {x: corner.x + 70, y: corner.y + 50});
    const {size, position} = await studio.until(look, ({size: now}) => now !== null, 'a size of its own');
    // The opposite corner has stayed.
    expect(position![0] - 60).toBeGreaterThan(10);
    expect(size![0]).toBeGreaterThan(size![1]);
    const text = await studio.page.evaluate(async () => new TextDecoder().decode(await globalThis.flux.client.save('text')));
    expect(text).toContain(`"size": [${size!.join(', ')}]`);
  });

  it('a comment is pinned, answered, shown as a note and resized', async () => {
    await studio.button(/^Comment: pin a note/).click();
    await studio.clickCanvas(0.5, 0.75);
    await studio.dialog('New comment').getByLabel('Text').fill('Why this weight?\nIt was 40 before.');
    await studio.button(/^Create/).click();
    await studio.button(/^Hand/).click();
    const comment = () => studio.page.evaluate(() => globalThis.flux.state.get().view!.comments[0]!);
    const pin = await studio.until(
      () =>
        studio.page.evaluate(() => {
          const canvas = globalThis.flux.canvas!;
          const [drawn] = canvas.scene().comments;
          if (!drawn) return null;
          const area = canvas.canvas.getBoundingClientRect();
          const at = canvas.camera.toScreen(drawn);
          return {x: area.left + at.x, y: area.top + at.y};
        }),
      place => place !== null,
      'the pin',
    );
    await studio.page.mouse.click(pin!.x, pin!.y);
    await studio.page.getByRole('heading', {name: 'Comment'}).waitFor();
    const side = studio.page.locator('aside');
    await side.getByLabel('Author').fill('Ada');
    await side.getByLabel('Author').press('Enter');
    await side.getByLabel('Reply').fill('40 never fired it.');
    await side.getByLabel('Reply').press('Enter');
    await side.getByRole('list', {name: 'Answers'}).getByText('40 never fired it.').waitFor();
    await side.getByRole('list', {name: 'Answers'}).getByText('Ada').waitFor();
    await side.getByRole('radio', {name: 'Note'}).click();
    const corner = await gripCorner(studio);
    const before = await comment();
    await studio.drag(corner, {x: corner.x + 40, y: corner.y + 30});
    await studio.until(
      comment,
      now => now.size![0] > before.size![0] && now.size![1] > before.size![1] && now.position![0] > before.position![0],
      'a larger note',
    );
    await studio.page.keyboard.press('Control+z');
    await studio.until(comment, now => now.size!.join() === before.size!.join(), 'undone');
  });
});

describe('between windows', () => {
  it('what is copied in one is pasted in the other, with its synapses', async () => {
    const [other, one] = [await Studio.open(), await Studio.open({example: 'bursting'})];
    await one.command('Select all');
    await one.page.getByText(/\d+ elements selected/).waitFor();
    await one.page.keyboard.press('Control+c');
    await one.page.getByText(/Copied \d+ elements as text/).waitFor();
    const copied = await one.nodes();
    const [nodes, edges] = [await other.nodes(), await other.edges()];
    await other.page.bringToFront();
    await other.canvas().focus();
    await other.page.keyboard.press('Control+v');
    await other.untilNodes(now => now.length === nodes.length + copied.length, 'pasted');
    expect((await other.edges()).length).toBe(edges.length + (await one.edges()).length);
    await one.close();
    await other.close();
  });
});
