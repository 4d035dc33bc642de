import type {CircuitView, Frame, OutlineNode} from '@flux/engine';
import {describe, expect, it} from 'vitest';
import {stacked} from '../src/panels/dock/stacked';
import {statistics} from '../src/panels/dock/statistics';
import {fromSlider, neuronProperties, synapseProperties, toSlider} from '../src/properties';
import {FrameHub} from '../src/session/frames';
import {freePlace} from '../src/session/freePlace';
import {compareFutures} from '../src/session/futures';
import {checkId, freeId, removeElements, setEdge, setNode} from '../src/session/operations';
import {withOpenCircuit} from '../src/session/outline';
import {parentPath} from '../src/session/session';
import {withoutComments} from '../src/session/text';

const view = (...ids: string[]) => ({source: {kind: 'own', in: ''}, nodes: ids.map(id => ({id}))}) as unknown as CircuitView;
const frame = (tick: number, spikes: number[]): Frame => ({
  tick,
  running: true,
  factor: 1,
  spikes: Uint32Array.from(spikes),
  spikeCount: spikes.length / 2,
});

describe('names of nodes', () => {
  it('are the wish, or the next free number behind it', () => {
    expect(freeId(view(), 'neuron')).toBe('neuron');
    expect(freeId(view('neuron'), 'neuron')).toBe('neuron 2');
    expect(freeId(view('neuron', 'neuron 2', 'neuron 3'), 'neuron 2')).toBe('neuron 4');
  });

  it('are refused as the text form refuses them', () => {
    for (const bad of ['', ' a', 'a ', 'a/b', 'a[1]', 'say "a"', 'a\nb', 'é'.repeat(101)])
      expect(checkId(view(), bad), bad).toBe('node.nameBad');
    for (const good of ['a', 'левая нога', 'é'.repeat(100), 'a.b > c']) expect(checkId(view(), good), good).toBeUndefined();
    expect(checkId(view('a'), 'a')).toBe('node.nameTaken');
    expect(checkId(view('a'), 'a', 'a')).toBeUndefined();
  });
});

describe('the outline', () => {
  const leg = (id: string, path: string) => ({id, kind: 'circuit' as const, path, count: 3, prototype: 'leg'});
  const shown = (path: string) => ({
    path,
    source: {kind: 'prototype', name: 'leg', in: ''},
    nodes: [{id: 'hip', kind: 'neuron', count: 1}],
  });
  const paths = (path: string) => {
    const list = (nodes: OutlineNode[]): string[] => nodes.flatMap(node => [node.path, ...list(node.children ?? [])]);
    return list(withOpenCircuit([leg('left', 'left[0]')], shown(path) as unknown as CircuitView));
  };

  it('shows the inside of the circuit that is open', () => {
    expect(paths('')).toEqual(['left[0]']);
    expect(paths('left[0]')).toEqual(['left[0]', 'left[0]/hip']);
    expect(paths('left[1]')).toEqual(['left[0]', 'left[1]', 'left[1]/hip']);
    expect(paths('/prototypes/leg')).toEqual(['left[0]', '/prototypes/leg', '/prototypes/leg/hip']);
    expect(['/prototypes/leg/hip', '/prototypes/leg', 'left[1]/hip', 'left'].map(parentPath)).toEqual([
      '/prototypes/leg',
      '',
      'left[1]',
      '',
    ]);
  });
});

describe('two futures', () => {
  it('are compared from where they part', () => {
    const frames = new FrameHub();
    frames.push(frame(40, [5, 1, 12, 2, 20, 1, 30, 3]));
    const before = Uint32Array.from([5, 1, 12, 2, 20, 1, 31, 3]);
    expect(compareFutures({tick: 12, to: 40, before}, frames)).toEqual({count: 2, first: 30, until: 40});
    // What was before the change is the same in both, though one of them may know more of it.
    expect(compareFutures({tick: 20, to: 25, before: before.subarray(0, 6)}, frames)).toEqual({count: 0, first: null, until: 25});
  });
});

describe('two plots', () => {
  it('are saved as one', () => {
    const plot = (height: number, rows: string) => ({
      toSvg: () => `<svg xmlns="x" width="100" height="${height}"><clipPath id="clip1"/><g clip-path="url(#clip1)"/></svg>\n`,
      toPng: async () => null,
      toCsv: () => `tick,neuron\n${rows}`,
    });
    const both = stacked(plot(40, '1,a\n'), plot(60, '2,b\n3,c\n'), 'future', ['before', 'after']);
    expect(both.toCsv()).toBe('future,tick,neuron\nbefore,1,a\nafter,2,b\nafter,3,c\n');
    expect(both.toSvg()).toMatch(/^<svg [^>]*width="100" height="100">.*clip1[\s\S]*<svg y="40" .*id="lower1".*url\(#lower1\)/);
  });
});

describe('a free place', () => {
  it('is the wished one, or one beside where nothing is covered', () => {
    const organ = {x: 0, y: 0, width: 132, height: 76};
    expect(freePlace(organ, [])).toEqual({x: 0, y: 0});
    const placed = [organ];
    for (let i = 0; i < 8; i++) {
      const body = {...organ, ...freePlace(organ, placed)};
      for (const {x, y} of placed) expect(Math.abs(x - body.x) > 132 || Math.abs(y - body.y) > 76).toBe(true);
      placed.push(body);
    }
  });
});

describe('a prototype that extends another', () => {
  const end = (path: string) => [{node: path, path, neuron: -1}];
  const heir = {extends: 'leg', nodes: ['own'], synapses: 1, fibers: 0, comments: 0, overrides: [], removes: ['knee']};
  const legs = {
    source: {kind: 'prototype', in: '/prototypes/hind', heir},
    nodes: [{id: 'hip'}, {id: 'own'}],
    edges: [
      {list: 'synapses', index: 0, from: end('hip'), to: end('hip')},
      {list: 'synapses', index: 1, from: end('hip'), to: end('own')},
    ],
    comments: [],
  } as unknown as CircuitView;
  const where = {in: '/prototypes/hind'};

  it('overrides what it takes over, and sets what is its own', () => {
    expect(setNode(legs, 'hip', {leak: 3, position: [1, 2]})).toEqual({
      op: 'override',
      ...where,
      changes: {'hip.leak': 3, 'hip.x': 1, 'hip.y': 2},
    });
    expect(setNode(legs, 'own', {leak: 3})).toEqual({op: 'set', ...where, node: 'own', properties: {leak: 3}});
    expect(setEdge(legs, {list: 'synapses', index: 0}, {weight: 3})).toEqual({op: 'override', ...where, changes: {'hip > hip.weight': 3}});
    expect(setEdge(legs, {list: 'synapses', index: 1}, {weight: 3})).toMatchObject({op: 'set', list: 'synapses', at: 0});
  });

  it('leaves out what it takes over, and removes what is its own', () => {
    expect(removeElements(legs, ['hip', 'own'], [{list: 'synapses', index: 1}], [])).toEqual([
      {op: 'remove', ...where, list: 'synapses', at: 0},
      {op: 'remove', ...where, node: 'own'},
      {op: 'set', ...where, properties: {remove: ['knee', 'hip']}},
    ]);
    expect(checkId(legs, 'thigh', 'hip')).toBe('node.nameTakenOver');
  });
});

describe('sliders', () => {
  it.each([...neuronProperties, ...synapseProperties])('of $name reach both ends and keep every value', spec => {
    expect(fromSlider(0, spec)).toBe(spec.min);
    expect(fromSlider(1, spec)).toBe(spec.max);
    for (let value = spec.min; value <= spec.max; value += Math.max(1, Math.floor((spec.max - spec.min) / 300))) {
      expect(fromSlider(toSlider(value, spec), spec)).toBe(value);
    }
  });
});

describe('comments in the text form', () => {
  it('are taken out, those inside strings are not', () => {
    const text = '{"a": "http://x", // note\n "b": "say \\"//\\"" /* two\n lines */}';
    expect(JSON.parse(withoutComments(text))).toEqual({a: 'http://x', b: 'say "//"'});
  });
});

describe('what frames brought', () => {
  it('is found by time and by neuron', () => {
    const hub = new FrameHub();
    hub.push(frame(10, [3, 0, 5, 1]));
    hub.push(frame(20, [12, 0, 19, 2]));
    const seen: number[][] = [];
    hub.forEachSpike(5, 19, (tick, neuron) => seen.push([tick, neuron]));
    expect(seen).toEqual([
      [5, 1],
      [12, 0],
    ]);
    expect(hub.lastSpike(0)).toBe(12);
    expect(hub.lastSpike(0, 12)).toBe(3);
    expect(hub.lastSpike(9)).toBeNull();
  });

  it('of later ticks is forgotten when time goes back', () => {
    const hub = new FrameHub();
    hub.push(frame(20, [3, 0, 12, 1]));
    hub.push(frame(10, []));
    expect(hub.lastSpike(1)).toBeNull();
    expect(hub.lastSpike(0)).toBe(3);
  });

  it('gives rates, intervals and their variation', () => {
    const hub = new FrameHub();
    const clock = Array.from({length: 10}, (_, i) => [i * 100, 7]).flat();
    hub.push(frame(1000, clock));
    const [row] = statistics(hub, 1000);
    expect(row).toEqual({neuron: 7, spikes: 10, rate: 0.01, interval: 100, variation: 0});
  });
});
