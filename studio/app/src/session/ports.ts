import type {Port} from '@flux/engine';

export interface SharedPort {
  alias: string;
  neuron: number;
  count: number;
}

/** Neighbouring neurons with one alias, as those of a population have it, are one port. */
export function sharedPorts(list: Port[]): SharedPort[] {
  const joined: SharedPort[] = [];
  for (const {name, neuron} of list) {
    const last = joined.at(-1);
    if (last && last.alias === name && last.neuron + last.count === neuron) last.count++;
    else joined.push({alias: name, neuron, count: 1});
  }
  return joined;
}
