import type {Batch} from '../graphics/graphics';
import type {EdgeView} from '../types';
import {writeCurve} from './edgeGeometry';
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

/** One synapse of a fiber, between two flat neurons. */
export interface SingleSynapse {
  source: number;
  target: number;
  type: EdgeView['type'];
  weight: number;
}

/**
 * Adds the strand of a synapse that its fiber's bundle stands for otherwise: from cell to cell. Nothing where an end is not in the scene or so
 * far away that its population is one circle, and nothing between two nodes that are neurons: their synapses are drawn anyway.
 */
export function addSingle(batch: Batch, scene: Scene, {source, target, type, weight}: SingleSynapse): void {
  const [from, to] = [scene.nodeOfNeuron(source), scene.nodeOfNeuron(target)];
  if (from < 0 || to < 0) return;
  const [one, other] = [scene.nodes[from]!, scene.nodes[to]!];
  if (one.far || other.far || (one.round && other.round)) return;
  const end = (number: number, neuron: number, outward: boolean) =>
    scene.anchorOf(number, {node: scene.nodes[number]!.view.id, path: '', neuron}, outward);
  const start = end(from, source, true);
  const at = batch.add();
  const {data} = batch;
  writeCurve(data, at, start, source === target ? start : end(to, target, false), 0);
  data[at + strandWidth] = 0.7 + (1.8 * Math.min(127, Math.abs(weight))) / 127;
  data[at + strandLearned] = 0;
  data[at + strandDelay] = 1;
  data[at + strandLook] =
    (type === 'modulator' ? lookModulator : type === 'electric' ? lookElectric : 0) + (weight < 0 ? lookInhibit : 0) + lookMarked;
}
