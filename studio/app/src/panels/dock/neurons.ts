import type {ElementRef} from '@flux/canvas';
import type {CircuitView} from '@flux/engine';

/** Flat neurons of the selected nodes, in the order of the circuit; of all nodes where none is selected. */
export function neuronsOf(view: CircuitView | null, selection: ElementRef[]): Uint32Array {
  const ids = new Set(selection.flatMap(element => (element.kind === 'node' ? [element.id] : [])));
  const nodes = (view?.nodes ?? []).filter(node => node.first >= 0 && (ids.size === 0 || ids.has(node.id)));
  const neurons = new Uint32Array(nodes.reduce((sum, {count}) => sum + count, 0));
  let next = 0;
  for (const {first, count} of nodes) for (let i = 0; i < count; i++) neurons[next++] = first + i;
  return neurons;
}
