import type {Box, ElementRef, Point} from '../elements';
import type {CircuitView, CommentView, EdgeView, EndView, NodeView} from '../types';
import {type Anchor, curveBox, laneOf, writeCurve} from './edgeGeometry';
import {FreeRuns} from './freeRuns';
import {listChanges} from './listChanges';
import {NeuronOwners} from './neuronOwners';
import {cellGrid, cellOffset, formOf, isPopulation, type NodeForm, nodeSize, portIndex, portOffset} from './nodeShape';
import {SpatialIndex} from './spatialIndex';

/** Floats per strand: curve (8), width, learned part, delay in ticks, look. */
export const strandSize = 12;
export const strandWidth = 8;
export const strandLearned = 9;
export const strandDelay = 10;
export const strandLook = 11;

/** Bits of a strand's look. */
export const lookModulator = 1;
export const lookElectric = 2;
export const lookInhibit = 4;
export const lookFiber = 8;
/** Marked: keeps its colour up to the target. */
export const lookMarked = 16;

/** A fiber is drawn as this many strands at most. */
export const strandsOfFiber = 5;
/** Pairs of ends of one fiber that are drawn, at most. */
const pairsOfFiber = 64;
const sliceOfWork = 256;
/** Of a learned part, in weights. */
const visibleChange = 0.4;
let nextSerial = 1;

export interface SceneNode extends NodeForm {
  view: NodeView;
  x: number;
  y: number;
  /** A population so far away that it is one circle with a count. */
  far: boolean;
  /** Strands that leave it and that come to it. */
  outgoing: number[];
  incoming: number[];
  /** How many of those that leave start at a single neuron of it. */
  singles: number;
}

export interface SceneComment {
  view: CommentView;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What an update has touched. */
export interface SceneChange {
  /** Nodes and strands that were written anew. */
  nodes: number;
  strands: number;
  /** Strands that now belong to another edge or to none. */
  parted: Set<number>;
}

interface Bundle {
  from: number;
  to: number;
  /** Pairs of ends that lie in the same two places. */
  pairs: number[];
  strands: number;
}

/**
 * One circuit in the form the canvas draws, finds and moves: nodes with places and sizes, and the strands of its edges as curves. A synapse
 * is one strand; a fiber is a bundle of a few. Knows nothing of cameras, pixels or time.
 */
export class Scene {
  readonly nodes: SceneNode[] = [];
  readonly comments: SceneComment[] = [];
  readonly nodeIndex = new SpatialIndex();
  readonly strandIndex = new SpatialIndex();
  /** By number, which an edge keeps while others come and go; null: a number that is free. */
  readonly edges: (EdgeView | null)[] = [];
  strands = new Float32Array(0);
  /** Per strand; -1: it is free. */
  edgeOfStrand = new Int32Array(0);
  sourceOfStrand = new Int32Array(0);
  targetOfStrand = new Int32Array(0);
  /** Flat neuron the strand starts at; -1: any neuron of the source. */
  neuronOfStrand = new Int32Array(0);
  /** Per edge: its first strand, and the one behind its last. */
  firstStrand: number[] = [];
  endStrand: number[] = [];
  /** Counts changes of geometry, so that a picture of it knows when it is stale. */
  version = 0;
  /** Tells scenes apart. */
  readonly serial = nextSerial++;

  /** Nodes that are one circle when far away. */
  readonly populations: number[] = [];

  private readonly numberOfNode = new Map<string, number>();
  private lanes = new Float32Array(0);
  private pairs = new Int32Array(0);
  /** Numbers of the view's edges, in its order. */
  private numbers: Int32Array = new Int32Array(0);
  private freeEdges: number[] = [];
  private readonly strandNumbers = new FreeRuns();
  private readonly owners = new NeuronOwners();
  private box: {version: number; box: Box | null} = {version: -1, box: null};

  constructor(public view: CircuitView) {}

  /** Builds the scene in slices of work; each step is short. */
  *build(placeOf: (view: NodeView, number: number) => Point): Generator<void, void> {
    const {nodes, edges, comments} = this.view;
    for (let number = 0; number < nodes.length; number++) {
      this.addNode(nodes[number]!, placeOf(nodes[number]!, number));
      if (number % sliceOfWork === sliceOfWork - 1) yield;
    }
    for (const comment of comments) this.addComment(comment);
    this.owners.follow(this.nodes);
    yield;
    const lanes = new Map<number, number>();
    this.numbers = new Int32Array(edges.length);
    for (let edge = 0; edge < edges.length; edge++) {
      this.edges.push(edges[edge]!);
      this.numbers[edge] = edge;
      this.addStrands(edge, lanes);
      if (edge % sliceOfWork === sliceOfWork - 1) yield;
    }
    this.version++;
  }

  /**
   * Becomes the scene of a later view of the same circuit, in which what did not change are the same objects. Null, and nothing is done: more
   * than `most` elements changed.
   */
  update(view: CircuitView, placeOf: (view: NodeView, number: number) => Point, most: number): SceneChange | null {
    const nodes = listChanges(this.view.nodes, view.nodes, most);
    const edges = nodes && listChanges(this.view.edges, view.edges, most - nodes.added.length - nodes.removed.length);
    if (!edges) return null;
    const newEdges = edges.added.map(place => view.edges[place]!);
    const gone = edges.removed.map(place => this.numbers[place]!);
    // Parallel connections stand apart in their order: where one comes or goes, all between the same nodes are placed anew.
    const rewritten = this.besides(gone, newEdges);
    const strandsBefore = new Map<number, number>();
    for (const edge of [...rewritten, ...gone]) {
      for (let strand = this.firstStrand[edge]!; strand < this.endStrand[edge]!; strand++) strandsBefore.set(strand, edge);
      this.removeStrands(edge);
    }
    for (const edge of gone) {
      this.edges[edge] = null;
      this.freeEdges.push(edge);
    }

    const before = this.view;
    this.view = view;
    this.updateNodes(
      nodes.removed.map(place => before.nodes[place]!.id),
      nodes.added,
      placeOf,
    );
    this.putBack();

    const lanes = new Map<number, number>();
    const numbers = new Int32Array(view.edges.length);
    for (let place = 0; place < numbers.length; place++) {
      const earlier = edges.before[place]!;
      const edge = earlier >= 0 ? this.numbers[earlier]! : (this.freeEdges.pop() ?? this.edges.length);
      numbers[place] = edge;
      if (earlier < 0) this.edges[edge] = view.edges[place]!;
      if (earlier < 0 || rewritten.has(edge)) this.addStrands(edge, lanes);
    }
    this.numbers = numbers;
    this.comments.length = 0;
    for (const comment of view.comments) this.addComment(comment);
    this.version++;
    const parted = new Set<number>();
    for (const [strand, edge] of strandsBefore) if (this.edgeOfStrand[strand] !== edge) parted.add(strand);
    const strands = [...rewritten, ...edges.added.map(place => numbers[place]!)].reduce(
      (sum, edge) => sum + this.endStrand[edge]! - this.firstStrand[edge]!,
      0,
    );
    return {nodes: nodes.added.length, strands, parted};
  }

  /** Strands that are or were there: some in between may be free. */
  get strandCount(): number {
    return this.strandNumbers.end;
  }

  nodeNumber(id: string): number {
    return this.numberOfNode.get(id) ?? -1;
  }

  /** Node that holds the flat neuron, or -1. Neighbouring neurons are found fastest. */
  nodeOfNeuron(neuron: number): number {
    return this.owners.nodeOf(neuron);
  }

  /** Direction in which the arrow of an input (side -1) or an output (side 1) points away from its neuron: level, or aslant where a synapse is in the way. */
  aliasDirection(number: number, side: -1 | 1): Point {
    const node = this.nodes[number]!;
    const ends = side < 0 ? this.incoming(number) : this.outgoing(number);
    const others = side < 0 ? this.sourceOfStrand : this.targetOfStrand;
    const inTheWay = ends.some(strand => {
      const other = this.nodes[others[strand]!]!;
      const ahead = (other.x - node.x) * side;
      return ahead > 0 && Math.abs(other.y - node.y) < ahead * 0.45;
    });
    return inTheWay ? {x: side * 0.8, y: side * 0.6} : {x: side, y: 0};
  }

  /** Whether no single neuron of the node has a strand of its own. */
  fibersOnly(node: number): boolean {
    return this.nodes[node]!.singles === 0;
  }

  /** Strands that leave the node. */
  outgoing(node: number): readonly number[] {
    return this.nodes[node]!.outgoing;
  }

  incoming(node: number): readonly number[] {
    return this.nodes[node]!.incoming;
  }

  /** Lets populations whose cells are smaller than `pitch` world units be circles, and the others grids. */
  showFar(pitch: number): void {
    for (const number of this.populations) {
      const node = this.nodes[number]!;
      const far = node.grid !== null && node.grid.pitch < pitch;
      if (far === node.far) continue;
      node.far = far;
      this.placeNode(number);
    }
  }

  /** Learned parts in 1/256 of a weight, in the order of the edges. Changes that nobody would see are left out. */
  setLearned(values: ArrayLike<number>): void {
    let changed = false;
    for (let place = 0; place < Math.min(values.length, this.numbers.length); place++) {
      const edge = this.numbers[place]!;
      const learned = Math.max(-127, Math.min(127, values[place]! / 256));
      for (let strand = this.firstStrand[edge]!; strand < this.endStrand[edge]!; strand++) {
        const at = strand * strandSize + strandLearned;
        if (Math.abs(this.strands[at]! - learned) < visibleChange) continue;
        this.strands[at] = learned;
        changed = true;
      }
    }
    if (changed) this.version++;
  }

  moveNode(number: number, x: number, y: number): void {
    const node = this.nodes[number]!;
    node.x = x;
    node.y = y;
    this.placeNode(number);
  }

  resizeNode(number: number, x: number, y: number, width: number, height: number): void {
    const node = this.nodes[number]!;
    Object.assign(node, {x, y, width, height, grid: cellGrid(node.view, width, height)});
    this.placeNode(number);
  }

  moveComment(number: number, x: number, y: number): void {
    const comment = this.comments[number]!;
    comment.x = x;
    comment.y = y;
    this.version++;
  }

  resizeComment(number: number, x: number, y: number, width: number, height: number): void {
    Object.assign(this.comments[number]!, {x, y, width, height});
    this.version++;
  }

  commentBox(number: number): Box {
    const {x, y, width, height} = this.comments[number]!;
    return {left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2};
  }

  commentNumber(id: string): number {
    return this.comments.findIndex(comment => String(comment.view.index) === id);
  }

  edgeNumber(list: EdgeView['list'], index: number): number {
    const is = (edge: EdgeView | undefined) => edge?.list === list && edge.index === index;
    const {edges} = this.view;
    // Synapses come first, each at the place that its index says.
    const place = is(edges[index]) ? index : edges.findIndex(is);
    return place < 0 ? -1 : this.numbers[place]!;
  }

  nodeBox(number: number): Box {
    const {x, y, width, height} = this.nodes[number]!;
    return {left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2};
  }

  /** Box of everything, or null of an empty circuit. */
  bounds(): Box | null {
    if (this.box.version === this.version) return this.box.box;
    let all: Box | null = null;
    for (let number = 0; number < this.nodes.length; number++) all = joinBoxes(all, this.nodeBox(number));
    for (let number = 0; number < this.comments.length; number++) all = joinBoxes(all, this.commentBox(number));
    this.box = {version: this.version, box: all};
    return all;
  }

  boxOf(elements: ElementRef[]): Box | null {
    let all: Box | null = null;
    for (const element of elements) {
      if (element.kind === 'node') {
        const number = this.nodeNumber(element.id);
        if (number >= 0) all = joinBoxes(all, this.nodeBox(number));
      } else if (element.kind === 'edge') {
        const edge = this.edgeNumber(element.list, element.index);
        if (edge >= 0) {
          for (let strand = this.firstStrand[edge]!; strand < this.endStrand[edge]!; strand++) {
            all = joinBoxes(all, curveBox(this.strands, strand * strandSize));
          }
        }
      } else {
        const comment = this.comments[this.commentNumber(element.id)];
        if (comment) all = joinBoxes(all, {left: comment.x, top: comment.y, right: comment.x, bottom: comment.y});
      }
    }
    return all;
  }

  /** Where a connection meets the node, or the port or the neuron of it that the end names. */
  anchorOf(number: number, end: EndView, outward: boolean): Anchor {
    const node = this.nodes[number]!;
    const side = outward ? 'outputs' : 'inputs';
    const port = portIndex(node.view[side], end.neuron, end.path);
    if (node.view.kind !== 'neuron' && (port >= 0 || node.view.kind === 'organ')) {
      const {x, y} =
        port >= 0 ? portOffset(node.view, node.width, node.height, side, port) : {x: ((outward ? 1 : -1) * node.width) / 2, y: 0};
      return {x: node.x + x, y: node.y + y, halfWidth: 0, halfHeight: 0, round: true, side: outward ? 1 : -1};
    }
    const inside = end.neuron - node.view.first;
    if (!node.round && !node.far && node.grid && end.neuron >= 0 && inside >= 0 && inside < node.view.count) {
      const cell = cellOffset(node.grid, inside);
      const radius = node.grid.pitch * 0.36;
      return {x: node.x + cell.x, y: node.y + cell.y, halfWidth: radius, halfHeight: radius, round: true, side: 0};
    }
    if (node.far) {
      const radius = Math.min(node.width, node.height) / 2;
      return {x: node.x, y: node.y, halfWidth: radius, halfHeight: radius, round: true, side: 0};
    }
    return {x: node.x, y: node.y, halfWidth: node.width / 2, halfHeight: node.height / 2, round: node.round, side: 0};
  }

  private addNode(view: NodeView, place: Point): void {
    const number = this.nodes.length;
    this.numberOfNode.set(view.id, number);
    this.nodes.push({...formOf(view), view, x: place.x, y: place.y, far: false, outgoing: [], incoming: [], singles: 0});
    if (isPopulation(view)) this.populations.push(number);
    const box = this.nodeBox(number);
    this.nodeIndex.set(number, box.left, box.top, box.right, box.bottom);
  }

  private addComment(view: CommentView): void {
    const [x, y] = view.position ?? [0, 0];
    const [width, height] = view.size ?? [28, 28];
    this.comments.push({view, x, y, width, height});
  }

  /** The nodes of a view that differs in those with the ids `removed` and in those at the places `added`; one that is in both changed. */
  private updateNodes(removed: string[], added: number[], placeOf: (view: NodeView, number: number) => Point): void {
    if (removed.length + added.length === 0) return;
    const {nodes} = this.view;
    const kept = new Set(added.map(place => nodes[place]!.id));
    for (const id of removed) if (!kept.has(id)) this.removeNode(this.nodeNumber(id));
    for (const place of added) {
      const view = nodes[place]!;
      const number = this.nodeNumber(view.id);
      if (number < 0) {
        this.addNode(view, placeOf(view, place));
        continue;
      }
      const node = this.nodes[number]!;
      Object.assign(node, formOf(view), {view, far: false});
      if (view.position) [node.x, node.y] = view.position;
      this.placeNode(number);
    }
    this.populations.length = 0;
    for (let number = 0; number < this.nodes.length; number++) if (isPopulation(this.nodes[number]!.view)) this.populations.push(number);
    this.owners.follow(this.nodes);
  }

  /** What a hand has moved or resized goes to where the document has it. */
  private putBack(): void {
    for (let number = 0; number < this.nodes.length; number++) {
      const node = this.nodes[number]!;
      const {position, size} = node.view;
      const [x, y] = position ?? [node.x, node.y];
      if (size && nodeSize(node.view).some((length, side) => length !== [node.width, node.height][side]))
        Object.assign(node, formOf(node.view));
      else if (x === node.x && y === node.y) continue;
      this.moveNode(number, x, y);
    }
  }

  /** Its strands are gone already. The last node takes its number. */
  private removeNode(number: number): void {
    this.numberOfNode.delete(this.nodes[number]!.view.id);
    this.nodeIndex.remove(number);
    const last = this.nodes.length - 1;
    const node = this.nodes.pop()!;
    if (number === last) return;
    this.nodes[number] = node;
    this.numberOfNode.set(node.view.id, number);
    for (const strand of node.outgoing) this.sourceOfStrand[strand] = number;
    for (const strand of node.incoming) this.targetOfStrand[strand] = number;
    this.nodeIndex.remove(last);
    const box = this.nodeBox(number);
    this.nodeIndex.set(number, box.left, box.top, box.right, box.bottom);
  }

  /** Edges that join the same nodes as one of `gone` or `added`, and the same nodes as these, without `gone`. */
  private besides(gone: number[], added: EdgeView[]): Set<number> {
    const found = new Set<number>();
    const leaving = new Set(gone);
    const seen = new Set<number>();
    const pairs: [from: number, to: number][] = [];
    const pairsOf = (edge: number) => {
      for (let strand = this.firstStrand[edge]!; strand < this.endStrand[edge]!; strand++)
        pairs.push([this.sourceOfStrand[strand]!, this.targetOfStrand[strand]!]);
    };
    for (const edge of gone) pairsOf(edge);
    for (const {from, to} of added) {
      const [sources, targets] = [from, to].map(ends => [...new Set(ends.map(end => this.nodeNumber(end.node)))]);
      for (const source of sources!) for (const target of targets!) if (source >= 0 && target >= 0) pairs.push([source, target]);
    }
    for (let [from, to] = pairs.pop() ?? [-1, -1]; from >= 0; [from, to] = pairs.pop() ?? [-1, -1]) {
      const key = from * this.nodes.length + to;
      if (seen.has(key)) continue;
      seen.add(key);
      const [out, into] = [this.nodes[from]!.outgoing, this.nodes[to]!.incoming];
      for (const strand of out.length < into.length ? out : into) {
        const edge = this.edgeOfStrand[strand]!;
        if (this.sourceOfStrand[strand] !== from || this.targetOfStrand[strand] !== to || found.has(edge) || leaving.has(edge)) continue;
        found.add(edge);
        pairsOf(edge);
      }
    }
    return found;
  }

  /** Makes the strands of an edge. `lanes`: how many connections there are already between two nodes. */
  private addStrands(edge: number, lanes: Map<number, number>): void {
    const bundles = this.bundlesOf(this.edges[edge]!);
    const count = bundles.reduce((sum, {strands}) => sum + strands, 0);
    let next = this.strandNumbers.take(count);
    this.reserveStrands(this.strandCount);
    this.firstStrand[edge] = next;
    this.endStrand[edge] = next + count;
    for (const {from, to, pairs, strands} of bundles) {
      const key = from * this.nodes.length + to;
      const used = lanes.get(key) ?? 0;
      lanes.set(key, used + 1);
      const lane = laneOf(used);
      for (let strand = 0; strand < strands; strand++)
        this.addStrand(next++, edge, pairs[strand % pairs.length]!, from, to, lane + (strand - (strands - 1) / 2) * 0.3);
    }
  }

  private removeStrands(edge: number): void {
    const first = this.firstStrand[edge]!;
    const end = this.endStrand[edge]!;
    for (let strand = first; strand < end; strand++) {
      const source = this.nodes[this.sourceOfStrand[strand]!]!;
      take(source.outgoing, strand);
      take(this.nodes[this.targetOfStrand[strand]!]!.incoming, strand);
      if (this.neuronOfStrand[strand]! >= 0) source.singles--;
      this.strandIndex.remove(strand);
      this.edgeOfStrand[strand] = -1;
    }
    this.strandNumbers.give(first, end - first);
  }

  /** Ends in the copies of one node lie in the same place: such pairs share a bundle, a strand each. */
  private bundlesOf(view: EdgeView): Bundle[] {
    const ends = Math.max(1, view.to.length);
    const pairs = Math.min(view.from.length * view.to.length, pairsOfFiber);
    const most = view.list === 'fibers' && view.synapses > 1 ? Math.min(strandsOfFiber, view.synapses) : 1;
    const bundles = new Map<string, Bundle>();
    const oneToOne = view.rule === 'one-to-one' && view.from.length === view.to.length;
    for (let pair = 0; pair < pairs; pair++) {
      if (oneToOne && Math.floor(pair / ends) !== pair % ends) continue;
      const fromEnd = view.from[Math.floor(pair / ends)]!;
      const toEnd = view.to[pair % ends]!;
      const from = this.nodeNumber(fromEnd.node);
      const to = this.nodeNumber(toEnd.node);
      if (from < 0 || to < 0) continue;
      const place = pairs === 1 ? '' : this.placeOfPair(from, fromEnd, to, toEnd);
      const bundle = bundles.get(place);
      if (bundle) {
        bundle.pairs.push(pair);
        bundle.strands = Math.min(bundle.pairs.length, strandsOfFiber);
      } else bundles.set(place, {from, to, pairs: [pair], strands: most});
    }
    return [...bundles.values()];
  }

  private placeOfPair(from: number, fromEnd: EndView, to: number, toEnd: EndView): string {
    const [one, other] = [this.anchorOf(from, fromEnd, true), this.anchorOf(to, toEnd, false)];
    return [from, one.x, one.y, to, other.x, other.y].join(' ');
  }

  private addStrand(strand: number, edge: number, pair: number, from: number, to: number, lane: number): void {
    const view = this.edges[edge]!;
    this.edgeOfStrand[strand] = edge;
    this.sourceOfStrand[strand] = from;
    this.targetOfStrand[strand] = to;
    this.lanes[strand] = lane;
    this.pairs[strand] = pair;
    this.neuronOfStrand[strand] = view.from[Math.floor(pair / Math.max(1, view.to.length))]!.neuron;
    const source = this.nodes[from]!;
    source.outgoing.push(strand);
    this.nodes[to]!.incoming.push(strand);
    if (this.neuronOfStrand[strand]! >= 0) source.singles++;
    const weight = (view.weight[0] + view.weight[1]) / 2;
    const isBundle = view.list === 'fibers' && view.synapses > 1;
    const at = strand * strandSize;
    // Dashes and dots that lie side by side run together into blocks where they are as wide as a single synapse.
    const narrowed = isBundle && view.type !== 'direct' ? 0.45 : 1;
    this.strands[at + strandWidth] = (1.1 + (3.9 * Math.min(127, Math.abs(weight))) / 127) * narrowed;
    this.strands[at + strandLearned] = Math.max(-127, Math.min(127, (view.learned ?? 0) / 256));
    this.strands[at + strandDelay] = Math.max(1, (view.length[0] + view.length[1]) / 2);
    this.strands[at + strandLook] =
      (view.type === 'modulator' ? lookModulator : view.type === 'electric' ? lookElectric : 0) +
      (weight < 0 ? lookInhibit : 0) +
      (isBundle ? lookFiber : 0);
    this.placeStrand(strand);
  }

  private placeNode(number: number): void {
    const box = this.nodeBox(number);
    this.nodeIndex.set(number, box.left, box.top, box.right, box.bottom);
    for (const strand of this.outgoing(number)) this.placeStrand(strand);
    for (const strand of this.incoming(number)) this.placeStrand(strand);
    this.version++;
  }

  private placeStrand(strand: number): void {
    const view = this.edges[this.edgeOfStrand[strand]!]!;
    const [ends, pair] = [Math.max(1, view.to.length), this.pairs[strand]!];
    const [source, target] = [this.sourceOfStrand[strand]!, this.targetOfStrand[strand]!];
    const fromEnd = view.from[Math.floor(pair / ends)]!;
    const toEnd = view.to[pair % ends]!;
    const from = this.anchorOf(source, fromEnd, true);
    const loop = source === target && fromEnd.neuron === toEnd.neuron && from.side === 0;
    const at = strand * strandSize;
    const to = loop ? from : this.anchorOf(target, toEnd, false);
    writeCurve(this.strands, at, from, to, this.lanes[strand]!, source === target ? this.nodeBox(source) : null);
    const box = curveBox(this.strands, at);
    this.strandIndex.set(strand, box.left, box.top, box.right, box.bottom);
  }

  private reserveStrands(count: number): void {
    if (count <= this.edgeOfStrand.length) return;
    const capacity = Math.max(256, count, this.edgeOfStrand.length * 2);
    const grow = <T extends Float32Array | Int32Array>(old: T, larger: T): T => {
      larger.set(old);
      return larger;
    };
    this.strands = grow(this.strands, new Float32Array(capacity * strandSize));
    this.edgeOfStrand = grow(this.edgeOfStrand, new Int32Array(capacity));
    this.sourceOfStrand = grow(this.sourceOfStrand, new Int32Array(capacity));
    this.targetOfStrand = grow(this.targetOfStrand, new Int32Array(capacity));
    this.neuronOfStrand = grow(this.neuronOfStrand, new Int32Array(capacity));
    this.lanes = grow(this.lanes, new Float32Array(capacity));
    this.pairs = grow(this.pairs, new Int32Array(capacity));
  }
}

function take(numbers: number[], number: number): void {
  // The latest is the likeliest to go.
  const at = numbers.lastIndexOf(number);
  if (at >= 0) numbers.splice(at, 1);
}

/** Whether the node's neurons run: those of a prototype shown by itself do not. */
export function isAlive(view: NodeView): boolean {
  return view.count > 0 && view.first >= 0;
}

export function joinBoxes(one: Box | null, other: Box): Box {
  if (!one) return {...other};
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}
