// Networks of any size with activity of a plausible kind, to develop and measure the canvas without an engine.
import type {CircuitView, EdgeView, Frame, NodeView, Port} from '../src/types';

/** A small generator of pseudo-random numbers in 0..1 (mulberry32), so that every run shows the same. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function neuron(id: string, first: number, x: number, y: number, more: Partial<NodeView> = {}): NodeView {
  return {id, kind: 'neuron', position: [x, y], size: null, first, count: 1, single: true, width: 0, properties: {}, ...more};
}

export function synapse(index: number, from: [string, number], to: [string, number], more: Partial<EdgeView> = {}): EdgeView {
  return {
    list: 'synapses',
    index,
    from: [{node: from[0], path: from[0], neuron: from[1]}],
    to: [{node: to[0], path: to[0], neuron: to[1]}],
    synapses: 1,
    type: 'direct',
    weight: [20, 20],
    length: [10, 10],
    stmRate: 0,
    ltmRate: 0,
    restorationRate: 0,
    ...more,
  };
}

const port = (name: string, neuronNumber: number): Port => ({name, description: '', neuron: neuronNumber});

const around = (nodes: NodeView[], edges: EdgeView[], title: string): CircuitView => ({
  path: '',
  title,
  description: '',
  source: {kind: 'own', in: ''},
  nodes,
  edges,
  comments: [],
});

/** `count` single neurons in a loose square, each with `fanout` synapses, most of them short. */
export function cloud(count: number, fanout: number, seed = 1): CircuitView {
  const next = random(seed);
  const columns = Math.ceil(Math.sqrt(count));
  const pitch = 90;
  const nodes: NodeView[] = [];
  for (let number = 0; number < count; number++) {
    const x = (number % columns) * pitch + (next() - 0.5) * 44;
    const y = Math.floor(number / columns) * pitch + (next() - 0.5) * 44;
    nodes.push(neuron(`n${number}`, number, x, y));
  }
  const edges: EdgeView[] = [];
  for (let number = 0; number < count; number++) {
    const inhibits = number % 5 === 4;
    for (let synapseNumber = 0; synapseNumber < fanout; synapseNumber++) {
      const near = next() < 0.9;
      const column = (number % columns) + Math.round((next() + next() + next() - 1.5) * 8);
      const row = Math.floor(number / columns) + Math.round((next() + next() + next() - 1.5) * 8);
      let target = near && column >= 0 && column < columns && row >= 0 ? row * columns + column : Math.floor(next() * count);
      if (target >= count || target === number) target = (number + 1) % count;
      const weight = Math.round((inhibits ? -1 : 1) * (8 + next() * 90));
      const length = 1 + Math.floor(next() * 16);
      edges.push(
        synapse(edges.length, [`n${number}`, number], [`n${target}`, target], {weight: [weight, weight], length: [length, length]}),
      );
    }
  }
  return around(nodes, edges, `${count} neurons`);
}

/** Ten populations that hold `count` neurons together, joined by fibers of `fanout` synapses per neuron. */
export function populations(count: number, fanout: number): CircuitView {
  const nodes: NodeView[] = [];
  const each = Math.floor(count / 10);
  for (let number = 0; number < 10; number++) {
    nodes.push({...neuron(`p${number}`, number * each, (number % 4) * 640, Math.floor(number / 4) * 640), single: false, count: each});
  }
  const edges: EdgeView[] = [];
  for (let number = 0; number < 10; number++) {
    for (const step of [1, 3]) {
      const weight = number % 5 === 4 ? -40 : 40;
      edges.push({
        ...synapse(edges.length, [`p${number}`, -1], [`p${(number + step) % 10}`, -1], {weight: [weight, weight], length: [1, 30]}),
        list: 'fibers',
        rule: 'fanout',
        synapses: (each * fanout) / 2,
      });
    }
  }
  return around(nodes, edges, `${count} neurons in 10 populations`);
}

/** A circuit with one of everything the canvas can show. */
export function showcase(): CircuitView {
  const nodes: NodeView[] = [
    neuron('skin', 0, 0, 0, {inputAlias: 'touch'}),
    neuron('relay', 1, 160, -60),
    neuron('inhibitor', 2, 160, 90),
    neuron('flexor', 3, 340, -60, {outputAlias: 'flex'}),
    neuron('extensor', 4, 340, 110, {outputAlias: 'extend'}),
    neuron('posture', 5, 160, 230),
    neuron('reward', 6, 0, 200),
    {...neuron('retina', 7, -290, -40), single: false, count: 64},
    {...neuron('pool', 71, 620, 160), single: false, count: 400},
    {
      ...neuron('left leg', 471, 640, -170),
      kind: 'circuit',
      single: false,
      count: 24,
      neurons: 24,
      group: 'leg',
      title: 'Leg',
      copies: 6,
      inputs: [port('step', 471), port('stop', 472)],
      outputs: [port('lift', 480)],
    },
    {
      ...neuron('wheel', 495, 900, -60),
      kind: 'organ',
      single: false,
      count: 3,
      type: 'motor',
      inputs: [port('left', 495), port('right', 496)],
      outputs: [port('speed', 497)],
    },
    {...neuron('reservoir', 498, 900, 180), kind: 'generator', single: false, count: 200, neurons: 200, title: 'Reservoir'},
    neuron('память', 698, -120, 200),
  ];
  const edges: EdgeView[] = [
    synapse(0, ['skin', 0], ['relay', 1], {weight: [60, 60], learned: 12 * 256}),
    synapse(1, ['skin', 0], ['inhibitor', 2], {weight: [90, 90], length: [40, 40]}),
    synapse(2, ['relay', 1], ['flexor', 3], {weight: [127, 127], length: [60, 60]}),
    synapse(3, ['inhibitor', 2], ['extensor', 4], {weight: [-60, -60], length: [40, 40]}),
    synapse(4, ['posture', 5], ['extensor', 4], {weight: [30, 30], learned: -20 * 256}),
    synapse(5, ['reward', 6], ['skin', 0], {type: 'modulator', weight: [50, 50]}),
    synapse(6, ['reward', 6], ['inhibitor', 2], {type: 'modulator', weight: [-50, -50], length: [80, 80]}),
    synapse(7, ['relay', 1], ['inhibitor', 2], {type: 'electric', weight: [60, 60]}),
    synapse(8, ['inhibitor', 2], ['relay', 1], {weight: [-30, -30]}),
    synapse(9, ['posture', 5], ['posture', 5], {weight: [20, 20], length: [30, 30]}),
    synapse(10, ['flexor', 3], ['left leg', 471], {weight: [40, 40]}),
    synapse(11, ['left leg', 480], ['wheel', 495], {weight: [40, 40]}),
    synapse(12, ['reservoir', 498], ['wheel', 496], {weight: [-40, -40]}),
    synapse(13, ['relay', 1], ['flexor', 3], {weight: [10, 10]}),
    synapse(14, ['relay', 1], ['flexor', 3], {weight: [-10, -10]}),
    synapse(15, ['память', 698], ['reward', 6], {weight: [60, 60]}),
    {...synapse(0, ['retina', -1], ['skin', -1], {weight: [30, 30], length: [5, 20]}), list: 'fibers', synapses: 64, rule: 'all-to-all'},
    {...synapse(1, ['extensor', -1], ['pool', -1], {weight: [30, 30], length: [5, 20]}), list: 'fibers', synapses: 4000, rule: 'fanout'},
    {
      ...synapse(2, ['pool', -1], ['reservoir', -1], {weight: [-30, -30], length: [5, 20]}),
      list: 'fibers',
      synapses: 12000,
      rule: 'fanout',
    },
  ];
  const view = around(nodes, edges, 'Showcase');
  view.comments = [
    {
      index: 0,
      author: 'A',
      text: 'Try to set this weight to 0: the two muscles pull against each other.',
      position: [400, 260],
      size: [180, 76],
      thread: [{author: 'B', text: 'so?'}],
      resolved: false,
    },
    {
      index: 1,
      author: 'A',
      text: 'pin',
      position: [60, -110],
      size: null,
      thread: [
        {author: 'B', text: 'a'},
        {author: 'A', text: 'b'},
      ],
      resolved: false,
    },
  ];
  return view;
}

/** Plays a network: every neuron fires at about `rate` per second of model time, levels wander. */
export class Player {
  private readonly next: () => number;
  readonly levels: Int16Array;
  readonly thresholds: Uint16Array;
  readonly modulation: Int16Array;
  tick = 0;

  constructor(
    private readonly neurons: number,
    private readonly rate: number,
    seed = 7,
  ) {
    this.next = random(seed);
    this.levels = new Int16Array(neurons);
    this.thresholds = new Uint16Array(neurons).fill(127 * 16);
    this.modulation = new Int16Array(neurons);
    for (let number = 0; number < neurons; number++) this.levels[number] = Math.floor(this.next() * 110 * 16 - 20 * 16);
    for (let number = 0; number < neurons; number += 6) this.modulation[number] = Math.floor((this.next() - 0.4) * 20000);
  }

  /** The frame after so many ticks more. */
  advance(ticks: number, factor: number): Frame {
    const spikes: number[] = [];
    const expected = (this.neurons * this.rate) / 1000;
    for (let step = 0; step < ticks; step++) {
      this.tick++;
      const count = Math.floor(expected) + (this.next() < expected % 1 ? 1 : 0);
      const fired = Array.from({length: count}, () => Math.floor(this.next() * this.neurons)).sort((one, other) => one - other);
      for (const number of fired) {
        spikes.push(this.tick, number);
        this.levels[number] = 0;
      }
    }
    for (let change = 0; change < Math.min(this.neurons, 20_000); change++) {
      const number = Math.floor(this.next() * this.neurons);
      this.levels[number] = Math.max(-600, Math.min(1900, this.levels[number]! + Math.floor((this.next() - 0.35) * 500)));
    }
    return {
      tick: this.tick,
      running: true,
      factor,
      spikes: Uint32Array.from(spikes),
      spikeCount: spikes.length / 2,
      levels: this.levels,
      thresholds: this.thresholds,
      modulation: this.modulation,
    };
  }
}
