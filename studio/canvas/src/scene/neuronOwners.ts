import {isAlive, type SceneNode} from './scene';

/** Which node holds a flat neuron. */
export class NeuronOwners {
  /** Nodes that have flat neurons, by their first; that first, and the one after their last. */
  private owners = new Int32Array(0);
  private firsts = new Int32Array(0);
  private ends = new Int32Array(0);
  private last = 0;

  follow(nodes: readonly SceneNode[]): void {
    const owners: number[] = [];
    let sorted = true;
    let before = -1;
    for (let number = 0; number < nodes.length; number++) {
      const {view} = nodes[number]!;
      if (!isAlive(view)) continue;
      owners.push(number);
      if (view.first < before) sorted = false;
      before = view.first;
    }
    if (!sorted) owners.sort((one, other) => nodes[one]!.view.first - nodes[other]!.view.first);
    this.owners = Int32Array.from(owners);
    this.firsts = Int32Array.from(owners, number => nodes[number]!.view.first);
    this.ends = Int32Array.from(owners, number => nodes[number]!.view.first + nodes[number]!.view.count);
    this.last = 0;
  }

  /** The node, or -1. Neighbouring neurons are found fastest. */
  nodeOf(neuron: number): number {
    const {firsts} = this;
    if (firsts.length === 0) return -1;
    let low = 0;
    let high = firsts.length - 1;
    // Spikes of a tick come in rising order: from the one before in growing steps, then by halves.
    if (firsts[this.last]! <= neuron) {
      low = this.last;
      let step = 1;
      while (low + step <= high && firsts[low + step]! <= neuron) {
        low += step;
        step *= 2;
      }
      high = Math.min(high, low + step - 1);
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= neuron) low = middle;
      else high = middle - 1;
    }
    if (neuron < firsts[low]! || neuron >= this.ends[low]!) return -1;
    this.last = low;
    return this.owners[low]!;
  }
}
