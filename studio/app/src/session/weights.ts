import type {EdgeView} from '@flux/engine';
import {edgeName} from './operations';
import type {Session} from './session';

/** Plastic synapses that are followed at once; of more, the first. */
const mostFollowed = 64;
const keptSamples = 4000;
/** Milliseconds between two looks at the learned weights. */
const interval = 400;

export interface WeightSample {
  tick: number;
  weights: number[];
}

/** Follows what the plastic synapses of the shown circuit learn: for the borders on the canvas and the plot of the dock. */
export class WeightWatch {
  names: string[] = [];
  samples: WeightSample[] = [];
  private edges: EdgeView[] = [];
  /** Those of them that learn, and their places among all. */
  private plastic: EdgeView[] = [];
  private places: number[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(private readonly session: Session) {
    session.state.subscribe(() => this.follow());
    setInterval(() => void this.look(), interval);
  }

  /** Called after each sample and when other synapses are followed. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private follow(): void {
    const edges = this.session.state.get().view?.edges ?? [];
    if (edges === this.edges) return;
    this.edges = edges;
    this.places = [];
    for (let place = 0; place < edges.length && this.places.length < mostFollowed; place++) {
      const edge = edges[place]!;
      if (edge.list === 'synapses' && edge.stmRate > 0 && (edge.from[0]?.neuron ?? -1) >= 0) this.places.push(place);
    }
    this.plastic = this.places.map(place => edges[place]!);
    const names = this.plastic.map(edgeName);
    if (names.join('|') === this.names.join('|')) return;
    this.names = names;
    this.samples = [];
    this.tell();
  }

  private async look(): Promise<void> {
    const {session, edges, plastic, places} = this;
    if (plastic.length === 0 || document.hidden) return;
    const tick = session.frames.latest?.tick ?? 0;
    const last = this.samples.at(-1);
    if (last && last.tick === tick) return;
    const learned = await session.client.learned(session.state.get().view!.path).catch(() => null);
    if (!learned || edges !== this.edges) return;
    session.canvas?.setLearned(learned);
    if (last && last.tick > tick) this.samples = this.samples.filter(sample => sample.tick < tick);
    const effective = (edge: EdgeView, i: number) => Math.min(127, Math.max(-128, edge.weight[0] + learned[places[i]!]! / 256));
    this.samples.push({tick, weights: plastic.map(effective)});
    if (this.samples.length > keptSamples) this.samples.shift();
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
