import {expect, test} from 'vitest';
import {cloud, neuron, random, showcase, synapse} from '../demo/synthetic';
import {labelledBox} from '../src/drawing/nodeDecor';
import type {Box, Point} from '../src/elements';
import {Batch} from '../src/graphics/graphics';
import {aggregate} from '../src/scene/aggregate';
import {pointOnCurve} from '../src/scene/edgeGeometry';
import {drawnBounds} from '../src/scene/loops';
import {elementsInside, hitTest} from '../src/scene/picking';
import {lookInhibit, lookMarked, type Scene, strandLook, strandSize, strandWidth} from '../src/scene/scene';
import {addSingle, nearestSingle} from '../src/scene/singles';
import {snap} from '../src/scene/snapping';
import type {EdgeView, NodeView} from '../src/types';
import {build} from './build';

function middleOf(scene: Scene, edge: number): Point {
  return pointOnCurve(scene.strands, scene.firstStrand[edge]! * strandSize, 0.5);
}

test('neurons lead to their nodes', () => {
  const scene = build(showcase());
  for (const [number, {view}] of scene.nodes.entries()) {
    expect(scene.nodeOfNeuron(view.first)).toBe(number);
    expect(scene.nodeOfNeuron(view.first + view.count - 1)).toBe(number);
  }
  expect(scene.nodeOfNeuron(99_999)).toBe(-1);
});

test('picks neurons, their rims, cells of populations, ports, synapses and comments', () => {
  const scene = build(showcase());
  const skin = scene.nodes[scene.nodeNumber('skin')]!;
  expect(hitTest(scene, skin.x, skin.y, 5)).toMatchObject({kind: 'node', neuron: 0, part: 'body'});
  expect(hitTest(scene, skin.x, skin.y + 24, 5)).toMatchObject({kind: 'node', neuron: 0, part: 'rim'});
  const retina = scene.nodes[scene.nodeNumber('retina')]!;
  expect(hitTest(scene, retina.x - retina.grid!.pitch * 3.5, retina.y - retina.grid!.pitch * 3.5, 1)).toMatchObject({neuron: 7});
  const leg = scene.nodes[scene.nodeNumber('left leg')]!;
  expect(hitTest(scene, leg.x + leg.width / 2, leg.y + 9, 5)).toMatchObject({port: {side: 'outputs', alias: 'lift', neuron: 480}});
  const {x, y} = middleOf(scene, 6);
  expect(hitTest(scene, x, y, 4)).toEqual({kind: 'edge', number: 6});
  expect(hitTest(scene, 60, -110, 4)).toEqual({kind: 'comment', number: 1});
  expect(hitTest(scene, -2000, -2000, 5)).toBeNull();
});

test('a loop belongs to what is seen of its node', () => {
  const view = showcase();
  view.nodes = [neuron('a', 0, 0, 0)];
  view.edges = [synapse(0, ['a', 0], ['a', 0])];
  const scene = build(view);
  expect(labelledBox(scene, 0, 0.3).top).toBeLessThan(scene.nodeBox(0).top - 20);
  expect(drawnBounds(scene)!.top).toBeLessThan(scene.bounds()!.top + 1);
});

test('a synapse of a fiber is drawn from cell to cell while its populations are near', () => {
  const scene = build(showcase());
  const retina = scene.nodes[scene.nodeNumber('retina')]!;
  const skin = scene.nodes[scene.nodeNumber('skin')]!;
  const relay = scene.nodes[scene.nodeNumber('relay')]!;
  const batch = new Batch('strand', 4);
  const {pitch} = retina.grid!;
  const single = (source: number, target: number) => addSingle(batch, scene, {source, target, ordinal: 0, type: 'direct', weight: -30});
  single(retina.view.first, skin.view.first);
  expect(batch.count).toBe(1);
  // The first cell stands in the upper left corner, three and a half cells from the middle.
  const corner = {x: retina.x - 3.5 * pitch, y: retina.y - 3.5 * pitch};
  expect(Math.hypot(batch.data[0]! - corner.x, batch.data[1]! - corner.y)).toBeLessThan(pitch);
  expect(batch.data[strandLook]).toBe(lookInhibit + lookMarked);
  // Between neurons it stands there anyway, and from far away a population is one circle.
  single(skin.view.first, relay.view.first);
  single(retina.view.first, 99_999);
  scene.showFar(pitch * 2);
  single(retina.view.first, skin.view.first);
  expect(batch.count).toBe(1);
});

test('dashed strands of a fiber are thinner than those of a plain one, so that they do not run together', () => {
  const widths = (type: EdgeView['type']) => {
    const view = showcase();
    view.edges = view.edges.map(edge => ({...edge, type, weight: [80, 80]}));
    const scene = build(view);
    const widthsOf = (list: EdgeView['list']) =>
      view.edges
        .filter(edge => edge.list === list && (list === 'synapses' || edge.synapses > 1))
        .map(edge => scene.strands[scene.firstStrand[scene.edgeNumber(list, edge.index)]! * strandSize + strandWidth]!);
    return {synapses: widthsOf('synapses'), fibers: widthsOf('fibers')};
  };
  const [plain, dashed] = [widths('direct'), widths('modulator')];
  expect(plain.fibers.length).toBeGreaterThan(0);
  expect(new Set(plain.fibers)).toEqual(new Set(plain.synapses));
  expect(dashed.synapses).toEqual(plain.synapses);
  for (const width of dashed.fibers) expect(width).toBeLessThan(plain.fibers[0]! / 2);
});

test('the single synapse nearest to the pointer is the one that is meant', () => {
  const scene = build(showcase());
  const {first} = scene.nodes[scene.nodeNumber('retina')]!.view;
  const target = scene.nodes[scene.nodeNumber('skin')]!.view.first;
  const synapses = [0, 9, 63].map(cell => ({source: first + cell, target, ordinal: 0, type: 'direct' as const, weight: 30}));
  const batch = new Batch('strand', 4);
  for (const synapse of synapses) addSingle(batch, scene, synapse);
  for (const [i, synapse] of synapses.entries()) {
    const {x, y} = pointOnCurve(batch.data, i * strandSize, 0.3);
    expect(nearestSingle(scene, synapses, x, y, 3)).toBe(synapse);
  }
  const {x, y} = pointOnCurve(batch.data, 0, 0.3);
  expect(nearestSingle(scene, synapses, x, y - 60, 3)).toBeNull();
});

test('moving a node carries its strands along, and only those', () => {
  const scene = build(cloud(500, 10));
  const before = scene.strands.slice();
  const number = 137;
  scene.moveNode(number, -900, -900);
  let moved = 0;
  for (let strand = 0; strand < scene.strandCount; strand++) {
    const touches = scene.sourceOfStrand[strand] === number || scene.targetOfStrand[strand] === number;
    const at = strand * strandSize;
    const same = before.subarray(at, at + 8).every((value, index) => value === scene.strands[at + index]);
    expect(same).toBe(!touches);
    if (touches) moved++;
  }
  expect(moved).toBeGreaterThan(9);
  expect(hitTest(scene, -900, -900, 3)).toMatchObject({kind: 'node', number});
  const outgoing = scene.outgoing(number)[0]!;
  const place = pointOnCurve(scene.strands, outgoing * strandSize, 0.3);
  expect(hitTest(scene, place.x, place.y, 3)?.kind).toBe('edge');
});

test('a marquee takes what has its middle inside', () => {
  const scene = build(showcase());
  const box: Box = {left: 100, top: -100, right: 400, bottom: 130};
  expect(
    elementsInside(scene, box)
      .map(element => (element.kind === 'node' ? element.id : ''))
      .sort(),
  ).toEqual(['extensor', 'flexor', 'inhibitor', 'relay']);
});

test('a dragged node comes into line with its neighbours, otherwise onto the grid', () => {
  const view = showcase();
  view.nodes = [neuron('a', 0, 0, 0), neuron('b', 1, 203, 77)];
  view.edges = [synapse(0, ['a', 0], ['b', 1])];
  const scene = build(view);
  const box = scene.nodeBox(0);
  const moving = new Set([0]);
  const near = snap(scene, box, 200, 74, moving, 6, 10);
  expect([near.dx, near.dy]).toEqual([203, 77]);
  expect(near.guides).toHaveLength(2);
  const far = snap(scene, box, 52, -104, moving, 6, 10);
  expect([far.dx, far.dy]).toEqual([50, -100]);
  expect(far.guides).toHaveLength(0);
});

test('far away, strands between the same cells become one and none is lost', () => {
  const scene = build(cloud(1003, 10));
  const work = aggregate(scene, 1024);
  let step = work.next();
  while (!step.done) step = work.next();
  expect(step.value.count).toBeGreaterThan(10);
  expect(step.value.count).toBeLessThan(scene.strandCount / 20);
  expect(step.value.strands.every(Number.isFinite)).toBe(true);
});

test('what synapses learned shows without building the scene anew', () => {
  const scene = build(cloud(20, 3));
  const {version} = scene;
  scene.setLearned(new Float32Array(scene.edges.length).fill(10));
  expect(scene.version).toBe(version);
  scene.setLearned(new Float32Array(scene.edges.length).fill(-20 * 256));
  expect(scene.version).toBe(version + 1);
});

test('pairs of a fiber that lie in the same place share a bundle, and one-to-one joins nothing else', () => {
  const leg = (id: string, first: number, x: number): NodeView => ({
    ...neuron(id, first, x, 0),
    kind: 'circuit',
    single: false,
    count: 6,
    copies: 3,
    inputs: [{name: 'start', description: '', neuron: first}],
    outputs: [{name: 'landed', description: '', neuron: first + 1}],
  });
  const view = showcase();
  view.nodes = [leg('left', 0, 0), leg('right', 6, 600)];
  const ends = (port: string) =>
    ['left', 'right'].flatMap(id => [0, 1, 2].map(copy => ({node: id, path: `${id}[${copy}]/${port}`, neuron: -1})));
  const fiber = (rule: string): EdgeView => ({
    ...synapse(0, ['left', -1], ['right', -1]),
    list: 'fibers',
    synapses: 36,
    rule,
    from: ends('landed'),
    to: ends('start'),
  });
  const joined = (rule: string) => {
    view.edges = [fiber(rule)];
    const scene = build(view);
    return Array.from({length: scene.strandCount}, (_, strand) => `${scene.sourceOfStrand[strand]} ${scene.targetOfStrand[strand]}`);
  };
  expect(joined('one-to-one')).toEqual(['0 0', '0 0', '0 0', '1 1', '1 1', '1 1']);
  const all = joined('all-to-all');
  expect(all).toHaveLength(4 * 5);
  expect(new Set(all).size).toBe(4);
});

test('a fitted camera leaves room for names and aliases', () => {
  const view = showcase();
  view.nodes = [neuron('a', 0, 0, 0, {outputAlias: 'a long alias'}), neuron('b', 1, -200, 0, {inputAlias: 'in'})];
  view.edges = [];
  const scene = build(view);
  const near = labelledBox(scene, 0, 1);
  expect(near.right).toBeGreaterThan(scene.nodeBox(0).right + 27 + 60);
  expect(near.left).toBe(scene.nodeBox(0).left);
  expect(labelledBox(scene, 1, 1).left).toBeLessThan(scene.nodeBox(1).left - 27);
  // Text keeps its size on the screen; too far away there is none.
  expect(labelledBox(scene, 0, 0.6).right).toBeGreaterThan(near.right);
  expect(labelledBox(scene, 0, 0.3)).toEqual(scene.nodeBox(0));
});

/** What is seen of a scene, in an order that does not depend on how it came about. */
function seen(scene: Scene): unknown {
  const strandsOf = (edge: number) => {
    const [first, end] = [scene.firstStrand[edge]!, scene.endStrand[edge]!];
    return Array.from({length: end - first}, (_, i) => {
      const strand = first + i;
      const [source, target] = [scene.sourceOfStrand[strand]!, scene.targetOfStrand[strand]!];
      return [
        scene.edgeOfStrand[strand] === edge && scene.outgoing(source).includes(strand) && scene.incoming(target).includes(strand),
        scene.nodes[source]!.view.id,
        scene.nodes[target]!.view.id,
        ...scene.strands.subarray(strand * strandSize, (strand + 1) * strandSize),
      ];
    });
  };
  const indexed: number[] = [];
  scene.strandIndex.query({left: -1e6, top: -1e6, right: 1e6, bottom: 1e6}, strand => void indexed.push(strand));
  return {
    nodes: scene.nodes
      .map(({view, x, y, width}) => [view.id, view.first, x, y, width, scene.nodeOfNeuron(view.first)])
      .map(([id, ...rest]) => [id, ...rest.slice(0, 4), scene.nodes[rest[4] as number]!.view.id])
      .sort(),
    edges: scene.view.edges.map(({list, index}) => strandsOf(scene.edgeNumber(list, index))),
    strands: indexed.length,
    outgoing: scene.nodes
      .map((node, number) => [
        node.view.id,
        node.outgoing.length,
        node.incoming.length,
        node.singles,
        scene.nodeNumber(node.view.id) === number,
      ])
      .sort(),
  };
}

test('an updated scene equals one built anew, and rewrites only what changed', () => {
  let view = cloud(80, 4);
  const scene = build(view);
  const next = random(5);
  const below = (count: number) => Math.floor(next() * count);
  let added = 0;
  for (let round = 0; round < 36; round++) {
    let {nodes, edges} = view;
    const {id} = nodes[below(nodes.length)]!;
    const other = nodes[below(nodes.length)]!.id;
    const kind = round % 6;
    if (kind === 0) nodes = nodes.map(node => (node.id === id ? {...node, position: [below(900), below(900)]} : node));
    if (kind === 1) nodes = [...nodes, neuron(`added ${added}`, 80 + added++, below(900), below(900))];
    if (kind === 2) edges = edges.toSpliced(below(edges.length), 0, synapse(0, [id, 1], [other, 2]), synapse(0, [id, 1], [other, 2]));
    if (kind === 3) {
      nodes = nodes.filter(node => node.id !== id);
      edges = edges.filter(({from, to}) => from[0]!.node !== id && to[0]!.node !== id);
    }
    if (kind === 4) edges = edges.toSpliced(below(edges.length), 3);
    if (kind === 5) {
      const place = below(edges.length);
      edges = edges.with(place, {...edges[place]!, weight: [-90, -90]});
    }
    for (const [index, edge] of edges.entries()) edge.index = index;
    view = {...view, nodes, edges};
    const change = scene.update(view, node => ({x: node.position![0], y: node.position![1]}), 1500)!;
    expect(change.nodes).toBeLessThan(2);
    expect(change.strands).toBeLessThan(20);
    expect(seen(scene)).toEqual(seen(build(view)));
  }
});

test('what was moved by hand goes back where the document did not take it', () => {
  const view = cloud(50, 3);
  const scene = build(view);
  scene.moveNode(7, 5000, 5000);
  expect(scene.update(view, () => ({x: 0, y: 0}), 1500)).toEqual({nodes: 0, strands: 0, parted: new Set()});
  expect(seen(scene)).toEqual(seen(build(view)));
});

test('fibers, ports and populations come, change and go', () => {
  const all = showcase();
  const view = {
    ...all,
    nodes: all.nodes.slice(0, -4),
    edges: all.edges.filter(edge => ![11, 12, 15].includes(edge.index) && edge.list === 'synapses'),
  };
  for (const [index, edge] of view.edges.entries()) edge.index = index;
  const scene = build(view);
  const place = (node: NodeView) => ({x: node.position![0], y: node.position![1]});
  const whole = showcase();
  expect(scene.update(whole, place, 1500)).not.toBeNull();
  expect(seen(scene)).toEqual(seen(build(whole)));
  expect(scene.update(view, place, 1500)).not.toBeNull();
  expect(seen(scene)).toEqual(seen(build(view)));
  expect(scene.update(whole, place, 3)).toBeNull();
});
