import type {CanvasView} from '../canvasView';
import type {SingleSynapse} from '../scene/singles';

/** Draws these synapses one by one, over the fibers that they belong to; the ones before give way. */
export function showSingles(canvas: CanvasView, synapses: SingleSynapse[]): void {
  canvas.marks.singles = synapses;
  canvas.marks.version++;
  canvas.redraw();
}
