import type {LayoutGraph} from './graph';

const layerGap = 110;
const nodeGap = 56;
const sweeps = 12;

/**
 * Places nodes in columns along the direction of their synapses, inputs on the left and outputs on the right, after Sugiyama, Tagawa and Toda,
 * "Methods for visual understanding of hierarchical system structures" (1981): break cycles, assign layers, order by barycentres, straighten.
 */
export function* layeredLayout(graph: LayoutGraph): Generator<void> {
  const count = graph.nodes.length;
  const forward = withoutCycles(graph);
  yield;
  const layerOf = assignLayers(graph, forward);
  const before: number[][] = Array.from({length: count}, () => []);
  const after: number[][] = Array.from({length: count}, () => []);
  for (const [from, to] of forward) {
    after[from]!.push(to);
    before[to]!.push(from);
  }
  const layers: number[][] = [];
  for (let node = 0; node < count; node++) {
    layers[layerOf[node]!] ??= [];
    layers[layerOf[node]!]!.push(node);
  }
  // Where nodes were breaks ties, so that a second layout does not shuffle what the first one made.
  for (const layer of layers) layer?.sort((one, other) => graph.y[one]! - graph.y[other]!);
  const filled = layers.filter(layer => layer && layer.length > 0);
  const rank = new Float64Array(count);
  const setRanks = (layer: number[]) => {
    for (const [place, node] of layer.entries()) rank[node] = place / layer.length;
  };
  filled.forEach(setRanks);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? filled : [...filled].reverse()) {
      sortByMean(layer, down ? before : after, rank);
      setRanks(layer);
    }
    yield;
  }
  let left = 0;
  for (const layer of filled) {
    const width = Math.max(...layer.map(node => graph.width[node]!));
    for (const node of layer) graph.x[node] = left + width / 2;
    left += width + layerGap;
    stack(graph, layer);
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? filled : [...filled].reverse()) straighten(graph, layer, down ? before : after);
    yield;
  }
}

/** The edges with those turned around that close a circle. */
function withoutCycles(graph: LayoutGraph): [number, number][] {
  const count = graph.nodes.length;
  const after: number[][] = Array.from({length: count}, () => []);
  const arriving = new Int32Array(count);
  for (const [from, to] of graph.edges) {
    after[from]!.push(to);
    arriving[to]!++;
  }
  // Depth first from inputs, then from what nothing leads to, then from the rest; an edge back to a node on the way closes a circle.
  const starts = Array.from({length: count}, (_, node) => node).sort(
    (one, other) => Number(graph.isInput[other]) - Number(graph.isInput[one]) || arriving[one]! - arriving[other]! || one - other,
  );
  const state = new Uint8Array(count);
  const back = new Set<number>();
  for (const start of starts) {
    if (state[start] !== 0) continue;
    const path: [number, number][] = [[start, 0]];
    state[start] = 1;
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const next = after[top[0]]![top[1]++];
      if (next === undefined) {
        state[top[0]] = 2;
        path.pop();
      } else if (state[next] === 0) {
        state[next] = 1;
        path.push([next, 0]);
      } else if (state[next] === 1) back.add(top[0] * count + next);
    }
  }
  return graph.edges.map(([from, to]) => (back.has(from * count + to) ? [to, from] : [from, to]));
}

/** Length of the longest way to each node; outputs that lead nowhere go to the last layer. */
function assignLayers(graph: LayoutGraph, edges: [number, number][]): Int32Array {
  const count = graph.nodes.length;
  const layer = new Int32Array(count);
  const after: number[][] = Array.from({length: count}, () => []);
  const open = new Int32Array(count);
  for (const [from, to] of edges) {
    after[from]!.push(to);
    open[to]!++;
  }
  const ready = Array.from({length: count}, (_, node) => node).filter(node => open[node] === 0);
  for (let next = 0; next < ready.length; next++) {
    const node = ready[next]!;
    for (const target of after[node]!) {
      layer[target] = Math.max(layer[target]!, layer[node]! + 1);
      if (--open[target]! === 0) ready.push(target);
    }
  }
  const last = layer.reduce((most, value) => Math.max(most, value), 0);
  const leads = new Set(edges.map(([from]) => from));
  const arrives = new Set(edges.map(([, to]) => to));
  for (let node = 0; node < count; node++) {
    if (graph.isOutput[node] && !leads.has(node) && arrives.has(node)) layer[node] = last;
    // What nothing leads to stands just before what it leads to.
    else if (!arrives.has(node) && !graph.isInput[node] && leads.has(node))
      layer[node] = Math.max(0, Math.min(...after[node]!.map(target => layer[target]!)) - 1);
  }
  return layer;
}

function sortByMean(layer: number[], neighbours: number[][], rank: Float64Array): void {
  const mean = new Map(
    layer.map(node => {
      const near = neighbours[node]!;
      return [node, near.length === 0 ? rank[node]! : near.reduce((sum, other) => sum + rank[other]!, 0) / near.length];
    }),
  );
  layer.sort((one, other) => mean.get(one)! - mean.get(other)! || rank[one]! - rank[other]!);
}

/** One below the other, the middle at 0. */
function stack(graph: LayoutGraph, layer: number[]): void {
  const total = layer.reduce((sum, node) => sum + graph.height[node]! + nodeGap, -nodeGap);
  let top = -total / 2;
  for (const node of layer) {
    graph.y[node] = top + graph.height[node]! / 2;
    top += graph.height[node]! + nodeGap;
  }
}

/** Moves nodes towards the mean of their neighbours, as far as their order and distances allow. */
function straighten(graph: LayoutGraph, layer: number[], neighbours: number[][]): void {
  const wanted = layer.map(node => {
    const near = neighbours[node]!;
    return near.length === 0 ? graph.y[node]! : near.reduce((sum, other) => sum + graph.y[other]!, 0) / near.length;
  });
  const apart = (upper: number, lower: number) => (graph.height[upper]! + graph.height[lower]!) / 2 + nodeGap;
  // Blocks of touching nodes share the mean of their wishes (pool adjacent violators).
  const blocks: {nodes: number[]; offsets: number[]; sum: number; place: number}[] = [];
  layer.forEach((node, index) => {
    let block = {nodes: [node], offsets: [0], sum: wanted[index]!, place: wanted[index]!};
    for (let above = blocks.at(-1); above; above = blocks.at(-1)) {
      const lastNode = above.nodes.at(-1)!;
      const distance = above.offsets.at(-1)! + apart(lastNode, block.nodes[0]!);
      if (above.place + distance <= block.place) break;
      blocks.pop();
      const sum = above.sum + block.sum - distance * block.nodes.length;
      const nodes = [...above.nodes, ...block.nodes];
      block = {nodes, offsets: [...above.offsets, ...block.offsets.map(offset => offset + distance)], sum, place: sum / nodes.length};
    }
    blocks.push(block);
  });
  for (const {nodes, offsets, place} of blocks) {
    for (const [index, node] of nodes.entries()) graph.y[node] = place + offsets[index]!;
  }
}
