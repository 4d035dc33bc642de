import type {Batch} from '../graphics/graphics';
import type {EdgeView} from '../types';
import {curveSize, distanceToCurve, writeCurve} from './edgeGeometry';
import {
  lookElectric,
  lookInhibit,
  lookMarked,
  lookModulator,
  type Scene,
  strandDelay,
  strandLearned,
  strandLook,
  strandWidth,
} from './scene';

/** One synapse of a fiber, between two flat neurons. `ordinal` counts those alike in source, target and type. */
export interface SingleSynapse {
  source: number;
  target: number;
  ordinal: number;
  type: EdgeView['type'];
  weight: number;
}

export function isSameSynapse(a: Omit<SingleSynapse, 'weight'>, b: Omit<SingleSynapse, 'weight'>): boolean {
  return a.source === b.source && a.target === b.target && a.ordinal === b.ordinal && a.type === b.type;
}

/**
 * Writes the curve of a synapse that its fiber's bundle stands for otherwise: from cell to cell. False where none is drawn: an end is not in the
 * scene, or so far away that its population is one circle, or both nodes are neurons, whose synapses are drawn anyway.
 */
function writeSingle(out: Float32Array, at: number, scene: Scene, {source, target}: SingleSynapse): boolean {
  const [from, to] = [scene.nodeOfNeuron(source), scene.nodeOfNeuron(target)];
  if (from < 0 || to < 0) return false;
  const [one, other] = [scene.nodes[from]!, scene.nodes[to]!];
  if (one.far || other.far || (one.round && other.round)) return false;
  const end = (number: number, neuron: number, outward: boolean) =>
    scene.anchorOf(number, {node: scene.nodes[number]!.view.id, path: '', neuron}, outward);
  const start = end(from, source, true);
  writeCurve(out, at, start, source === target ? start : end(to, target, false), 0);
  return true;
}

const curve = new Float32Array(curveSize);

/** Adds the strand of a single synapse. `picked` stands out. */
export function addSingle(batch: Batch, scene: Scene, synapse: SingleSynapse, picked = false): void {
  if (!writeSingle(curve, 0, scene, synapse)) return;
  const {type, weight} = synapse;
  const at = batch.add();
  const {data} = batch;
  data.set(curve, at);
  data[at + strandWidth] = widthOf(synapse) + (picked ? 2.2 : 0);
  data[at + strandLearned] = 0;
  data[at + strandDelay] = 1;
  data[at + strandLook] =
    (type === 'modulator' ? lookModulator : type === 'electric' ? lookElectric : 0) + (weight < 0 ? lookInhibit : 0) + lookMarked;
}

function widthOf({weight}: SingleSynapse): number {
  return 0.7 + (1.8 * Math.min(127, Math.abs(weight))) / 127;
}

/** The one of the synapses that is drawn nearest to (x, y) in world units, if it is within reach. */
export function nearestSingle(scene: Scene, synapses: SingleSynapse[], x: number, y: number, reach: number): SingleSynapse | null {
  let nearest: SingleSynapse | null = null;
  let least = reach;
  for (const synapse of synapses) {
    if (!writeSingle(curve, 0, scene, synapse)) continue;
    const distance = distanceToCurve(curve, 0, x, y) - widthOf(synapse) / 2;
    if (distance > least) continue;
    nearest = synapse;
    least = distance;
  }
  return nearest;
}
