import type {CanvasView} from '../canvasView';
import type {SingleSynapse} from '../scene/singles';

/** Marks one flat neuron of a population, and draws its synapses one by one, over the fibers that they belong to. -1: none. */
export function lookAtNeuron(canvas: CanvasView, neuron: number, synapses: SingleSynapse[] = []): void {
  canvas.marks.looked = neuron;
  canvas.marks.singles = synapses;
  canvas.marks.version++;
  canvas.redraw();
}
