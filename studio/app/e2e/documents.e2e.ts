import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {shareLink} from '../../engine/src/share';
import {startShell} from './serve';
import {Studio} from './studio';

const saved = (studio: Studio) => studio.page.getByText('Saved in this browser').waitFor();

describe('documents', () => {
  it('save themselves, come back, and keep older versions', async () => {
    const studio = await Studio.open();
    await studio.addNeuron('mine');
    await saved(studio);
    await studio.page.reload();
    await studio.ready();
    await studio.untilNodes(nodes => nodes.includes('mine'), 'what was saved');
    await studio.addNeuron('another');
    await saved(studio);
    await studio.page.getByRole('tab', {name: 'History'}).click();
    const versions = studio.page.getByRole('button', {name: /Restore/});
    await studio.until(
      () => versions.count(),
      count => count === 2,
      'two versions',
    );
    await versions.last().click();
    await studio.untilNodes(nodes => !nodes.includes('another'), 'the older version');
    await studio.close();
  });

  it('that came by a link go on with their edits when the page is loaded again', async () => {
    const studio = await Studio.open({hash: `#${shareLink('', '{"flux": 1, "neurons": [{"id": "sent"}]}').split('#')[1]}`});
    await studio.untilNodes(nodes => nodes.join() === 'sent', 'the circuit of the link');
    await studio.addNeuron('mine');
    await saved(studio);
    await studio.page.reload();
    await studio.ready();
    await studio.untilNodes(nodes => nodes.join() === 'sent,mine', 'what was edited');
    await studio.close();
  });

  it('keep the last edit when another circuit is opened at once', async () => {
    const studio = await Studio.open();
    await studio.page.evaluate(async () => {
      await globalThis.flux.apply([{op: 'add', list: 'neurons', value: {id: 'hasty'}}], {key: 'edit.paste'});
      await globalThis.flux.open({text: '{"flux": 1, "neurons": [{"id": "next"}]}'});
    });
    await studio.untilNodes(nodes => nodes.join() === 'next', 'the other circuit');
    expect(await studio.page.evaluate(() => globalThis.flux.state.get().notices)).toEqual([]);
    await studio.page.evaluate(async () => {
      const {documents} = globalThis.flux;
      await documents!.openKept((await documents!.list())[0]!.id);
    });
    await studio.untilNodes(nodes => nodes.includes('hasty'), 'the edit');
    await studio.close();
  });

  it('are told apart in two tabs', async () => {
    const first = await Studio.open();
    await first.addNeuron('first');
    await saved(first);
    const second = await Studio.open({context: first.context});
    await second.page.getByText('Your circuit is open in another tab.').waitFor();
    expect(await second.nodes()).not.toContain('first');
    await second.button('Open it here instead').click();
    await second.untilNodes(nodes => nodes.includes('first'), 'the circuit in this tab');
    await first.page.getByText(/Another tab took over/).waitFor();
    await first.close();
  });

  it('are saved as text and as .flx, and opened by dropping and by the picker', async () => {
    const studio = await Studio.open();
    const [download] = await Promise.all([studio.page.waitForEvent('download'), studio.page.keyboard.press('Control+Shift+s')]);
    expect(download.suggestedFilename()).toBe('reflex_arc.json');
    const text = readFileSync((await download.path())!, 'utf8');
    expect(text).toContain('"title": "Reflex arc"');
    await studio.page.evaluate(
      content => {
        const data = new DataTransfer();
        data.items.add(new File([content], 'dropped.json'));
        for (const type of ['dragover', 'drop']) window.dispatchEvent(new DragEvent(type, {dataTransfer: data, cancelable: true}));
      },
      text.replace('Reflex arc', 'Dropped'),
    );
    await studio.until(
      () => studio.page.getByLabel('Name of the circuit').inputValue(),
      title => title === 'Dropped',
      'the dropped file',
    );
    const [binary] = await Promise.all([studio.page.waitForEvent('download'), studio.page.keyboard.press('Control+s')]);
    expect(binary.suggestedFilename()).toBe('dropped.flx');
    const buffer = readFileSync((await binary.path())!);
    await studio.command('New circuit file');
    await studio.untilNodes(nodes => nodes.length === 0, 'an empty circuit');
    const chooser = await studio.choose(() => studio.page.keyboard.press('Control+o'));
    await chooser.setFiles({name: 'dropped.flx', mimeType: 'application/octet-stream', buffer});
    await studio.untilNodes(nodes => nodes.includes('flexor'), 'what was in the .flx file');
    await studio.close();
  });

  it('with the state of their run go on bit for bit where they are opened, noise and all, after an edit too', async () => {
    const studio = await Studio.open();
    await studio.openText({
      title: 'Noise',
      settings: {thresholdNoise: 30, delayJitter: 3},
      neurons: [
        {id: 'first', count: 3, autoFiringRate: 5, position: [-150, 0]},
        {id: 'pool', count: 20, threshold: 40, position: [150, 0]},
      ],
      fibers: [
        {from: ['first'], to: ['pool'], rule: 'all-to-all', weight: [20, 60]},
        {from: ['pool'], to: ['pool'], rule: 'fanout', fanout: 5, weight: [-20, 40]},
      ],
    });
    await studio.untilTicks(100);
    // The new neurons come last in the running network, and stand in the middle of the file.
    await studio.selectNode('first');
    await studio.page
      .locator('aside')
      .getByRole('spinbutton', {name: /^Neurons/})
      .fill('5');
    await studio.until(
      () => studio.page.evaluate(() => globalThis.flux.node('first')?.count),
      count => count === 5,
      'two more neurons',
    );
    await studio.untilTicks(100);
    const [download] = await Promise.all([studio.page.waitForEvent('download'), studio.command('Save as .flx with the state of the run')]);
    const buffer = readFileSync((await download.path())!);
    const other = await Studio.open();
    const chooser = await other.choose(() => other.page.keyboard.press('Control+o'));
    await chooser.setFiles({name: 'noise.flx', mimeType: 'application/octet-stream', buffer});
    await other.untilNodes(nodes => nodes.includes('pool'), 'what was saved');
    const {from} = await other.page.evaluate(() => globalThis.flux.client.history());
    expect(from).toBeGreaterThan(200);
    const wanted = from + 500;
    /** Runs far enough, goes back to that tick, and tells what had come of the network by then. */
    const seen = async (page: Studio) => {
      await page.until(
        () => page.page.evaluate(async () => (await globalThis.flux.client.history()).to),
        to => to > wanted,
        'far enough',
      );
      await page.button('Pause').click();
      return page.page.evaluate(async tick => {
        await globalThis.flux.client.seek(tick);
        return globalThis.flux.client.hash();
      }, wanted);
    };
    const [here, there] = [await seen(studio), await seen(other)];
    expect(await studio.spikes('first', 200)).toBeGreaterThan(10);
    expect(there).toEqual(here);
    await studio.close();
    await other.close();
  });

  it('travel in a link', async () => {
    const studio = await Studio.open({example: 'bursting'});
    await studio.button('Copy a link that carries the circuit').click();
    await studio.page.getByText(/Link copied/).waitFor();
    const link = await studio.page.evaluate(() => navigator.clipboard.readText());
    const other = await Studio.open({hash: new URL(link).hash});
    expect(await other.nodes()).toEqual(await studio.nodes());
    await studio.close();
    await other.close();
  });

  it('are chosen from a gallery with pictures', async () => {
    const studio = await Studio.open();
    await studio.button('File').click();
    await studio.page.getByRole('menuitem', {name: 'Gallery'}).click();
    await studio.button(/^Ring attractor/).click();
    await studio.until(
      () => studio.page.getByLabel('Name of the circuit').inputValue(),
      title => /ring/i.test(title),
      'the example',
    );
    await studio.close();
  });

  it('are deleted in the gallery, for good', async () => {
    const studio = await Studio.open();
    await studio.addNeuron('brief');
    await saved(studio);
    await studio.command('Gallery');
    await studio.button('Open “Reflex arc”').waitFor();
    await studio.button('Delete “Reflex arc”').click();
    await studio.page.getByText('“Reflex arc” is deleted.').waitFor();
    await studio.page.getByText('What you build is saved in this browser by itself and shows here.').waitFor();
    await studio.page.reload();
    await studio.ready();
    expect(await studio.nodes()).not.toContain('brief');
    await studio.close();
  });

  it('are files of flux studio FILE: edited, saved back, and never over what another program wrote', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flux-'));
    const file = join(folder, 'mine.json');
    writeFileSync(file, '{"flux": 1, "title": "Mine", "neurons": [{"id": "first"}]}');
    const {address, stop} = await startShell([file]);
    const url = new URL(address);
    const studio = await Studio.open({address: `${url.origin}/`, hash: url.hash});
    expect(await studio.nodes()).toEqual(['first']);
    await studio.addNeuron('second');
    await saved(studio);
    await studio.page.reload();
    await studio.ready();
    expect(await studio.nodes(), 'the file as it is').toEqual(['first']);
    await studio.page.getByText('You edited mine.json and did not save it.').waitFor();
    await studio.button('Go on with those edits').click();
    await studio.untilNodes(nodes => nodes.join() === 'first,second', 'the edits that were not saved');
    await studio.page.keyboard.press('Control+s');
    await studio.page.getByText('Saved to mine.json.').waitFor();
    expect(readFileSync(file, 'utf8')).toContain('"id": "second"');
    writeFileSync(file, '{"flux": 1, "title": "Theirs"}');
    await studio.page.keyboard.press('Control+s');
    await studio.page.getByText('The file was changed by another program since it was opened.').waitFor();
    expect(readFileSync(file, 'utf8')).toContain('Theirs');
    await studio.close();
    stop();
    rmSync(folder, {recursive: true});
  });

  it('are compared with another version on the canvas', async () => {
    const studio = await Studio.open();
    const text = new TextDecoder().decode(
      await studio.page.evaluate(async () => Array.from(await globalThis.flux.client.save('text'))).then(bytes => Uint8Array.from(bytes)),
    );
    const other = text.replace('"id": "relay", "threshold": 40', '"id": "relay", "threshold": 41');
    expect(other).not.toBe(text);
    const chooser = await studio.choose(() => studio.command('Compare with a file'));
    await chooser.setFiles({name: 'older.json', mimeType: 'application/json', buffer: Buffer.from(other)});
    await studio.page.getByRole('heading', {name: 'Compared with older.json'}).waitFor();
    await studio.page.getByText('threshold: 41 → 40').waitFor();
    const marked = () =>
      studio.page.evaluate(() => {
        const {marks, scene} = {marks: globalThis.flux.canvas!.marks, scene: globalThis.flux.canvas!.scene()};
        return [...marks.highlightedNodes.keys()].map(number => scene.nodes[number]!.view.id).join();
      });
    await studio.until(marked, ids => ids === 'relay', 'the mark on the canvas');
    await studio.button('Stop comparing').click();
    await studio.until(marked, ids => ids === '', 'no mark');
    await studio.close();
  });
});

describe('what goes wrong', () => {
  const english = {
    notOpened: 'The circuit was not opened. The one before stays.',
    bad: 'a neuron has no "treshold"',
    badFix: 'What to do: did you mean "threshold"?',
    where: 'Where: ',
    showAll: 'Show all 3 problems',
    badTitle: 'What is wrong with bad.json',
    line: (number: number) => `Line ${number}`,
    crash: 'The engine stopped unexpectedly. Your circuit is safe.',
    again: 'Start the engine again',
    link: 'The link to this circuit is damaged.',
    linkFix: 'What to do: Copy the whole link, or ask for it again.',
    full: 'The browser has no room left: the last edits are not saved.',
    fullFix: 'What to do: Save the circuit as a file, or delete old circuits from the gallery.',
    refused: 'The browser does not keep the circuit: the last edits are not saved. It says: the disk is on fire',
    refusedFix: 'What to do: Save the circuit as a file. If it goes on, restart the browser.',
    notSaved: 'Not saved',
    cleared: 'What the browser kept of this circuit was deleted. It is kept anew, without its older versions.',
    saved: 'Saved in this browser',
  };
  const russian: typeof english = {
    notOpened: 'Схема не открыта. Прежняя осталась на месте.',
    bad: 'нейрон: нет такого свойства "treshold"',
    badFix: 'Что делать: не "threshold" ли имелось в виду?',
    where: 'Где: ',
    showAll: 'Показать все: 3 ошибки',
    badTitle: 'Что не так с bad.json',
    line: (number: number) => `Строка ${number}`,
    crash: 'Движок неожиданно остановился. Ваша схема цела.',
    again: 'Запустить движок снова',
    link: 'Ссылка на эту схему повреждена.',
    linkFix: 'Что делать: Скопируйте ссылку целиком или попросите её ещё раз.',
    full: 'В браузере нет места: последние правки не сохранены.',
    fullFix: 'Что делать: Сохраните схему в файл или удалите старые схемы из галереи.',
    refused: 'Браузер не хранит схему: последние правки не сохранены. Его слова: the disk is on fire',
    refusedFix: 'Что делать: Сохраните схему в файл. Если это повторяется, перезапустите браузер.',
    notSaved: 'Не сохранено',
    cleared: 'Сохранённое в браузере об этой схеме удалено. Она сохранена заново, без прежних версий.',
    saved: 'Сохранено в этом браузере',
  };

  describe.each([
    ['en-US', english],
    ['ru-RU', russian],
  ] as const)('(%s)', (locale, says) => {
    it('in a file is told with its place and what to do, and the circuit that was open stays', async () => {
      const studio = await Studio.open({locale});
      const chooser = await studio.choose(() => studio.page.keyboard.press('Control+o'));
      await chooser.setFiles({
        name: 'bad.json',
        mimeType: 'application/json',
        buffer: Buffer.from('{"flux": 1,\n "neurons": [{"id": "a", "treshold": 3}]}'),
      });
      const alert = studio.page.getByRole('alert');
      for (const text of [says.notOpened, says.bad, says.badFix]) await alert.getByText(text, {exact: true}).waitFor();
      await alert.getByText(`${says.where}bad.json:2`).waitFor();
      expect(await studio.nodes()).toContain('flexor');
      await studio.close();
    });

    it('in a file are told all, each with its line', async () => {
      const studio = await Studio.open({locale});
      const neurons = ['{"id": "a", "threshold": 30}', '{"id": "b", "treshold": 3}', '{"id": "c", "leak": 999}', '{"id": "d", "count": 0}'];
      const chooser = await studio.choose(() => studio.page.keyboard.press('Control+o'));
      await chooser.setFiles({
        name: 'bad.json',
        mimeType: 'application/json',
        buffer: Buffer.from(`{"flux": 1,\n "neurons": [\n  ${neurons.join(',\n  ')}\n]}`),
      });
      await studio.button(says.showAll).click();
      const dialog = studio.dialog(says.badTitle);
      const entries = dialog.getByRole('list').getByRole('button');
      expect(await entries.count()).toBe(3);
      await entries.first().getByText(says.bad).waitFor();
      await dialog
        .getByRole('region', {name: says.line(4)})
        .getByText('"treshold": 3}')
        .waitFor();
      await entries.nth(2).click();
      const line = dialog.getByRole('region', {name: says.line(6)});
      await studio.until(
        () => line.locator('mark').textContent(),
        marked => marked === '0}',
        'the place in its line',
      );
      await studio.page.keyboard.press('Escape');
      await dialog.waitFor({state: 'detached'});
      await studio.close();
    });

    it('in the engine costs nothing of the document', async () => {
      const studio = await Studio.open({locale});
      await studio.addNeuron('precious');
      await studio.page.evaluate(() => (globalThis.flux.client as unknown as {trap(): void}).trap());
      await studio.page.getByRole('alertdialog', {name: says.crash}).waitFor();
      await studio.button(says.again).click();
      await studio.page.getByRole('alertdialog').waitFor({state: 'detached'});
      await studio.untilNodes(nodes => nodes.includes('precious'), 'what was edited');
      await studio.untilTicks(50);
      await studio.close();
    });

    it('in a link is told', async () => {
      const studio = await Studio.open({hash: '#circuit=abcdef', locale});
      await studio.page.getByText(says.link).waitFor();
      await studio.page.getByText(says.linkFix).waitFor();
      await studio.close();
    });

    it.each([
      ['without room', 'QuotaExceededError', says.full, says.fullFix],
      ['of any other kind', 'UnknownError', says.refused, says.refusedFix],
    ])('with the storage is told for what it is, with what to do: %s', async (_, name, problem, fix) => {
      const studio = await Studio.open({locale});
      await studio.page.evaluate(kind => {
        FileSystemFileHandle.prototype.createWritable = () => Promise.reject(new DOMException('the disk is on fire', kind));
      }, name);
      await studio.addNeuron('unsaved');
      await studio.page.getByText(problem).waitFor();
      await studio.page.getByText(fix).waitFor();
      await studio.page.getByText(says.notSaved, {exact: true}).waitFor();
      await studio.close();
    });

    it('by deleting what the browser keeps loses nothing that is open', async () => {
      const studio = await Studio.open({locale});
      await studio.addNeuron('first');
      await studio.page.getByText(says.saved, {exact: true}).waitFor();
      await studio.page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('documents', {recursive: true}));
      await studio.addNeuron('second');
      await studio.page.getByText(says.cleared).waitFor();
      await studio.page.getByText(says.saved, {exact: true}).waitFor();
      await studio.page.reload();
      await studio.ready();
      await studio.untilNodes(nodes => nodes.includes('first') && nodes.includes('second'), 'both are there');
      await studio.close();
    });
  });
});
