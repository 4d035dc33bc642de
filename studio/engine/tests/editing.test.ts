import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {WorkerClient} from '../src/client';
import type {Frame, Json} from '../src/types';
import {localEngine} from './support';

let engine: WorkerClient;
beforeEach(() => {
  engine = localEngine();
});
afterEach(() => engine.close());

/** The first frame that fulfils the condition, with the spikes of those before it too. */
function frame(until: (frame: Frame) => boolean): Promise<Frame> {
  const spikes: number[] = [];
  return new Promise(resolve => {
    const end = engine.onFrame(next => {
      spikes.push(...next.spikes);
      if (!until(next)) return;
      end();
      resolve({...next, spikes: Uint32Array.from(spikes)});
    });
  });
}

const touch = {op: 'add', list: 'neurons', value: {id: 'poke', threshold: 60, position: [0, 0]}};
const wire = {op: 'add', list: 'synapses', value: {from: 'poke', to: 'flexor', weight: 127, length: 2}};

describe('edits', () => {
  test('act while the network runs, and are taken back', async () => {
    await engine.open({example: 'reflex_arc'});
    engine.step(1000);
    await frame(next => next.tick === 1000);
    const before = await engine.document();
    const applied = await engine.apply([touch, wire]);
    expect(applied).toMatchObject({undo: 1, redo: 0, created: ['poke'], views: [''], structure: true, tick: 1000});
    const neuron = (await engine.find('poke'))!;
    const flexor = (await engine.find('flexor'))!;
    expect((await engine.neuron(neuron)).efferents).toMatchObject([{target: flexor, weight: 127, length: 2}]);
    engine.fire(neuron);
    engine.step(4);
    const {spikes} = await frame(next => next.tick === 1004);
    const pairs = Array.from({length: spikes.length / 2}, (_, i) => [spikes[2 * i], spikes[2 * i + 1]]);
    expect(pairs).toContainEqual([1000, neuron]);
    expect(pairs).toContainEqual([1002, flexor]);

    expect(await engine.undo()).toMatchObject({undo: 0, redo: 1});
    expect(await engine.find('poke')).toBeNull();
    expect((await engine.document()).counts.synapses).toBe(before.counts.synapses);
    expect(await engine.redo()).toMatchObject({undo: 1, redo: 0});
    expect((await engine.view('')).nodes.map(node => node.id)).toContain('poke');
  });

  test('are settled before the state is saved, so that what is opened goes on alike, with its noise', async () => {
    const noisy = {
      flux: 1,
      settings: {thresholdNoise: 30, delayJitter: 3},
      neurons: [
        {id: 'first', count: 3, autoFiringRate: 5},
        {id: 'pool', count: 20, threshold: 40},
      ],
      fibers: [
        {from: 'first', to: 'pool', rule: 'all-to-all', weight: [20, 60]},
        {from: 'pool', to: 'pool', rule: 'fanout', fanout: 5, weight: [-20, 40]},
      ],
    };
    const steps = async (from: WorkerClient, ticks: number) => {
      const end = (await from.history()).to + ticks;
      from.step(ticks);
      while ((await from.history()).to < end) await new Promise(resolve => setTimeout(resolve, 5));
      return from.hash();
    };
    await engine.open({text: JSON.stringify(noisy)});
    await steps(engine, 50);
    await engine.apply([{op: 'set', node: 'first', properties: {count: 5}}]);
    await engine.apply([{op: 'add', list: 'neurons', at: 0, value: {id: 'new', autoFiringRate: 9}}]);
    await steps(engine, 50);
    expect((await engine.settle()).moved).toBeTruthy();
    const bytes = await engine.save('flx with state');
    const here = await steps(engine, 300);
    const other = localEngine();
    await other.open({bytes});
    expect(await steps(other, 300)).toEqual(here);
    other.close();
  });

  test('are refused whole, with what is wrong', async () => {
    await engine.open({example: 'reflex_arc'});
    const wrong = {op: 'set', node: 'nobody', properties: {threshold: 3}};
    await expect(engine.apply([touch, wrong])).rejects.toMatchObject({where: expect.stringContaining('operation 1')});
    expect(await engine.find('poke')).toBeNull();
    expect((await engine.document()).undo).toBe(0);
  });

  test('of one gesture are one step', async () => {
    await engine.open({example: 'reflex_arc'});
    for (const threshold of [50, 51, 52]) {
      await engine.apply([{op: 'set', node: 'skin', properties: {threshold}}], {merge: 'skin.threshold'});
    }
    expect((await engine.document()).undo).toBe(1);
    await engine.undo();
    expect((await engine.view('')).nodes.find(node => node.id === 'skin')?.properties.threshold).toBe(40);
  });

  test('copy and paste', async () => {
    await engine.open({example: 'reflex_arc'});
    const text = await engine.copyText('', ['skin', 'relay']);
    await engine.apply([{op: 'paste', in: '', value: JSON.parse(text), offset: [10, 10]}]);
    const view = await engine.view('');
    expect(view.nodes.filter(node => node.id.startsWith('skin')).length).toBe(2);
  });

  test('resolve comments and change the rule of a fiber', async () => {
    const group = {id: 'group', count: 8, position: [0, 0]};
    await engine.open({text: JSON.stringify({flux: 1, neurons: [group], comments: [{text: 'Why?'}]})});
    const fiber = {from: ['group'], to: ['group'], rule: 'probability', probability: 0.25};
    await engine.apply([
      {op: 'add', list: 'fibers', value: fiber},
      {op: 'set', list: 'comments', at: 0, properties: {resolved: true}},
    ]);
    let view = await engine.view('');
    expect(view.comments).toMatchObject([{text: 'Why?', resolved: true}]);
    expect(view.edges).toMatchObject([{rule: 'probability', probability: 0.25, synapses: 16}]);
    const properties = {rule: 'fanout', fanout: 3, probability: null, weight: [-5, 40]};
    await engine.apply([{op: 'set', list: 'fibers', at: 0, properties}]);
    view = await engine.view('');
    expect(view.edges).toMatchObject([{rule: 'fanout', fanout: 3, synapses: 24, weight: [-5, 40]}]);
    expect(view.edges[0]!.probability).toBeUndefined();
    await engine.undo();
    await engine.undo();
    expect((await engine.view('')).comments).toMatchObject([{resolved: false}]);
  });

  test('reach all that a fiber on a grid goes by', async () => {
    const sheet = {id: 'sheet', count: 25, width: 5};
    const fiber = {from: ['sheet'], to: ['sheet'], rule: 'distance', radius: 2, probability: 0.125};
    await engine.open({text: JSON.stringify({flux: 1, neurons: [sheet], fibers: [fiber]})});
    const set = async (properties: Record<string, Json>) => {
      await engine.apply([{op: 'set', list: 'fibers', at: 0, properties}]);
      return (await engine.view('')).edges[0]!;
    };
    expect((await engine.view('')).edges).toMatchObject([{radius: 2, probability: 0.125}]);
    const drawn = await set({probability: null, fanout: 3, wrap: true, allowSelf: true, seed: '18446744073709551615'});
    expect(drawn).toMatchObject({rule: 'distance', fanout: 3, wrap: true, allowSelf: true, seed: '18446744073709551615', synapses: 75});
    expect(drawn.probability).toBeUndefined();
    expect((await engine.document()).counts.synapses).toBe(75);
    const kernel: [number, number, number, number][] = [
      [1, 0, 40, 3],
      [0, -1, -7, 2],
    ];
    const neighbours = await set({rule: 'kernel', kernel, radius: null, fanout: null, weight: null, length: null});
    expect(neighbours).toMatchObject({rule: 'kernel', kernel, wrap: true, weight: [-7, 40], length: [2, 3]});
    expect((await engine.neuron(0)).efferents).toMatchObject([
      {target: 20, weight: -7, length: 2},
      {target: 1, weight: 40, length: 3},
    ]);
  });

  test('survive the end of the worker', async () => {
    await engine.open({example: 'reflex_arc'});
    await engine.apply([touch]);
    await engine.apply([wire]);
    await engine.undo();
    const told = new Promise(resolve => engine.onCrash(resolve));
    engine.trap();
    await told;
    await engine.restart();
    const view = await engine.view('');
    expect(view.nodes.map(node => node.id)).toContain('poke');
    expect(view.edges.filter(edge => edge.from[0]?.node === 'poke')).toEqual([]);
  });
});

describe('looking', () => {
  test('into instances of a prototype', async () => {
    await engine.open({example: 'hexapod'});
    const root = await engine.view('');
    const legs = root.nodes.filter(node => node.prototype !== undefined);
    expect(legs.length).toBeGreaterThan(0);
    const leg = legs[0]!;
    const path = leg.copies ? `${leg.id}[0]` : leg.id;
    const inside = await engine.view(path);
    expect(inside.source).toMatchObject({kind: 'prototype', in: `/prototypes/${leg.prototype}`});
    expect(inside.nodes.reduce((sum, node) => sum + node.count, 0)).toBe(leg.neurons);
    const first = inside.nodes.find(node => node.kind === 'neuron')!;
    expect((await engine.paths([first.first]))[0]).toBe(`${path}/${first.id}${first.single ? '' : '[0]'}`);
    const itself = await engine.view(`/prototypes/${leg.prototype}`);
    expect(itself.nodes.map(node => node.id)).toEqual(inside.nodes.map(node => node.id));
    expect(itself.nodes.every(node => node.first === -1)).toBe(true);
  });

  test('why a neuron fired, and back from there', async () => {
    await engine.open({example: 'reflex_arc'});
    engine.step(2000);
    const {spikes} = await frame(next => next.tick === 2000);
    const relay = (await engine.find('relay'))!;
    const skin = (await engine.find('skin'))!;
    const stove = (await engine.find('stove'))!;
    const at = Array.from({length: spikes.length / 2}, (_, i) => i).findLast(i => spikes[2 * i + 1] === relay)!;
    const hash = await engine.hash();
    const why = await engine.why(relay, spikes[2 * at]!);
    expect(why.fires).toBe(true);
    expect(why.causes).toMatchObject([{kind: 'synapse', type: 'direct', source: skin}]);
    expect(why.causes[0]!.value).toBe(why.causes[0]!.synapse!.weight);
    let cause = why.causes[0]!;
    for (let depth = 0; depth < 10 && cause.kind === 'synapse' && cause.source !== stove; ++depth) {
      const back = await engine.why(cause.source!, cause.firedAt!);
      expect(back.fires).toBe(true);
      if (back.causes[0]!.kind === 'own timer') break; // the rest of a train
      cause = back.causes[0]!;
    }
    expect(await engine.hash()).toEqual(hash);
    expect((await engine.why(stove, 1)).fires).toBe(false);
  });

  test('what synapses have learned', async () => {
    await engine.open({example: 'classical_conditioning'});
    const view = await engine.view('');
    const plastic = view.edges.map((edge, i) => (edge.stmRate > 0 ? i : -1)).filter(i => i >= 0);
    engine.step(6000);
    await frame(next => next.tick === 6000);
    const learned = await engine.learned('');
    expect(learned.length).toBe(view.edges.length);
    expect(plastic.some(i => learned[i] !== 0)).toBe(true);
    expect(view.edges.every((edge, i) => edge.stmRate > 0 || learned[i] === 0)).toBe(true);
  });

  test('the outline and the library', async () => {
    await engine.open({example: 'hexapod'});
    const outline = await engine.outline();
    expect(outline.children?.some(node => node.prototype !== undefined)).toBe(true);
    const library = await engine.library();
    expect(library.prototypes.length).toBeGreaterThan(0);
    const reservoir = library.generators.find(generator => generator.name === 'reservoir')!;
    const text = await engine.generate('reservoir', {neurons: 50}, '18446744073709551615');
    expect(text).toContain('18446744073709551615');
    expect(reservoir.settings.some(setting => setting.name === 'neurons')).toBe(true);
    await expect(engine.generate('reservoir', {neurons: 'many'})).rejects.toMatchObject({what: expect.any(String)});
  });
});
