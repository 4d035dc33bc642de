import type {LayoutGraph} from './graph';

const rounds = 120;
const sliceOfWork = 400;

/**
 * Lets connected nodes attract and near ones repel each other until they rest, after Fruchterman and Reingold, "Graph drawing by force-directed
 * placement" (1991), with their grid: only nodes in neighbouring cells repel, so that a round costs by nodes and edges, not by pairs.
 */
export function* forceLayout(graph: LayoutGraph): Generator<void> {
  const count = graph.nodes.length;
  const size = Math.max(60, ...graph.width, ...graph.height);
  const ideal = size * 1.9;
  placeOnSpiral(graph, ideal);
  const moveX = new Float64Array(count);
  const moveY = new Float64Array(count);
  for (let round = 0; round < rounds; round++) {
    const temperature = ideal * 2 * (1 - round / rounds) ** 2 + 1;
    moveX.fill(0);
    moveY.fill(0);
    const cells = cellsOf(graph, ideal * 2);
    let done = 0;
    for (const [key, members] of cells) {
      const column = Math.floor(key / 65536);
      const row = key % 65536;
      for (let nextColumn = column - 1; nextColumn <= column + 1; nextColumn++) {
        for (let nextRow = row - 1; nextRow <= row + 1; nextRow++) {
          const others = cells.get(nextColumn * 65536 + nextRow);
          if (others) repel(graph, members, others, ideal, moveX, moveY);
        }
      }
      done += members.length;
      if (done > sliceOfWork) {
        done = 0;
        yield;
      }
    }
    for (const [from, to] of graph.edges) {
      const dx = graph.x[to]! - graph.x[from]!;
      const dy = graph.y[to]! - graph.y[from]!;
      const pull = (Math.hypot(dx, dy) / ideal) * 0.5;
      moveX[from]! += dx * pull * 0.5;
      moveY[from]! += dy * pull * 0.5;
      moveX[to]! -= dx * pull * 0.5;
      moveY[to]! -= dy * pull * 0.5;
    }
    for (let node = 0; node < count; node++) {
      // A weak pull to the middle keeps parts together that nothing connects.
      const dx = moveX[node]! - graph.x[node]! * 0.02;
      const dy = moveY[node]! - graph.y[node]! * 0.02;
      const length = Math.hypot(dx, dy);
      if (length < 1e-9) continue;
      const step = Math.min(length, temperature) / length;
      graph.x[node]! += dx * step;
      graph.y[node]! += dy * step;
    }
    yield;
  }
}

/** Tens of thousands of nodes: on a square, in the order in which a walk along the synapses meets them, so that neighbours stay near. */
export function* gridLayout(graph: LayoutGraph): Generator<void> {
  const count = graph.nodes.length;
  const neighbours: number[][] = Array.from({length: count}, () => []);
  for (const [from, to] of graph.edges) {
    neighbours[from]!.push(to);
    neighbours[to]!.push(from);
  }
  yield;
  const order: number[] = [];
  const seen = new Uint8Array(count);
  for (let start = 0; start < count; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const from = order.length;
    order.push(start);
    for (let next = from; next < order.length; next++) {
      for (const other of neighbours[order[next]!]!) {
        if (seen[other]) continue;
        seen[other] = 1;
        order.push(other);
      }
      if (next % 2000 === 0) yield;
    }
  }
  let size = 60;
  for (let node = 0; node < count; node++) size = Math.max(size, graph.width[node]!, graph.height[node]!);
  const side = 2 ** Math.ceil(Math.log2(Math.sqrt(count)));
  order.forEach((node, place) => {
    const [column, row] = hilbertPlace(place, side);
    graph.x[node] = column * size * 1.8;
    graph.y[node] = row * size * 1.8;
  });
}

/** Column and row of the n-th cell along a Hilbert curve that fills a square of `side` cells, a power of two. */
export function hilbertPlace(index: number, side: number): [number, number] {
  let x = 0;
  let y = 0;
  let rest = index;
  for (let size = 1; size < side; size *= 2) {
    const right = 1 & Math.floor(rest / 2);
    const up = 1 & (rest ^ right);
    if (up === 0) {
      if (right === 1) {
        x = size - 1 - x;
        y = size - 1 - y;
      }
      [x, y] = [y, x];
    }
    x += size * right;
    y += size * up;
    rest = Math.floor(rest / 4);
  }
  return [x, y];
}

function placeOnSpiral(graph: LayoutGraph, ideal: number): void {
  for (let node = 0; node < graph.nodes.length; node++) {
    const radius = ideal * 0.6 * Math.sqrt(node);
    graph.x[node] = radius * Math.cos(node * 2.399963);
    graph.y[node] = radius * Math.sin(node * 2.399963);
  }
}

function cellsOf(graph: LayoutGraph, size: number): Map<number, number[]> {
  const cells = new Map<number, number[]>();
  for (let node = 0; node < graph.nodes.length; node++) {
    const key = (Math.floor(graph.x[node]! / size) + 32768) * 65536 + Math.floor(graph.y[node]! / size) + 32768;
    const cell = cells.get(key);
    if (cell) cell.push(node);
    else cells.set(key, [node]);
  }
  return cells;
}

function repel(graph: LayoutGraph, members: number[], others: number[], ideal: number, moveX: Float64Array, moveY: Float64Array): void {
  for (const node of members) {
    for (const other of others) {
      if (node === other) continue;
      const dx = graph.x[node]! - graph.x[other]!;
      const dy = graph.y[node]! - graph.y[other]!;
      const square = Math.max(dx * dx + dy * dy, 1);
      if (square > 4 * ideal * ideal) continue;
      const push = (ideal * ideal) / square;
      moveX[node]! += dx * push;
      moveY[node]! += dy * push;
    }
  }
}
