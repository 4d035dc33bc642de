import type {CanvasView} from '../canvasView';
import type {SingleSynapse} from '../scene/singles';

/** Marks one flat neuron of a population, and draws its synapses one by one, over the fibers that they belong to. -1: none. */
export function lookAtNeuron(canvas: CanvasView, neuron: number, synapses: SingleSynapse[] = []): void {
  canvas.marks.looked = neuron;
  canvas.marks.singles = synapses;
  canvas.marks.picked = null;
  canvas.marks.version++;
  canvas.redraw();
}

/** Lets one of the synapses that are drawn one by one stand out; null: none does. */
export function markSingle(canvas: CanvasView, synapse: SingleSynapse | null): void {
  canvas.marks.picked = synapse;
  canvas.marks.version++;
  canvas.redraw();
}
