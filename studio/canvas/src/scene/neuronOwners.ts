import {isAlive, type SceneNode} from './scene';

/** Which node holds a flat neuron. */
export class NeuronOwners {
  private nodes: readonly SceneNode[] = [];
  /** Nodes that have flat neurons, by their first, and that first. */
  private owners = new Int32Array(0);
  private firsts = new Int32Array(0);
  private last = 0;

  follow(nodes: readonly SceneNode[]): void {
    this.nodes = nodes;
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
    this.last = 0;
  }

  /** The node, or -1. Neighbouring neurons are found fastest. */
  nodeOf(neuron: number): number {
    const {firsts} = this;
    if (firsts.length === 0) return -1;
    let low = 0;
    let high = firsts.length - 1;
    // Spikes of a tick come in rising order: the one before bounds the search.
    if (firsts[this.last]! <= neuron) {
      low = this.last;
      if (low === high || neuron < firsts[low + 1]!) high = low;
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= neuron) low = middle;
      else high = middle - 1;
    }
    const owner = this.owners[low]!;
    const {first, count} = this.nodes[owner]!.view;
    if (neuron < first || neuron >= first + count) return -1;
    this.last = low;
    return owner;
  }
}
