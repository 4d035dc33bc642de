import type {Session} from './session';

/** Milliseconds in which wanted names gather before the engine is asked for them. */
const gathering = 30;

/** What flat neurons are called: paths of the document, asked of the engine when first wanted and kept until the circuit changes. */
export class NeuronNames {
  private readonly known = new Map<number, string>();
  private readonly wanted = new Set<number>();
  private readonly listeners = new Set<() => void>();
  private timer = 0;
  private outline: unknown = null;

  constructor(private readonly session: Session) {
    session.state.subscribe(() => {
      const {outline} = session.state.get();
      if (outline === this.outline) return;
      this.outline = outline;
      this.known.clear();
      this.tell();
    });
  }

  /** Called when names have come or are no more valid. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** As it is called in the circuit that is shown. Its number, until the engine has told. */
  of(neuron: number): string {
    const {view} = this.session.state.get();
    const node = view?.nodes.find(({first, count}) => first >= 0 && neuron >= first && neuron < first + count);
    if (node?.kind === 'neuron') return node.single ? node.id : `${node.id}[${neuron - node.first}]`;
    const path = this.known.get(neuron);
    if (path === undefined) {
      this.wanted.add(neuron);
      if (this.timer === 0) this.timer = window.setTimeout(() => void this.ask(), gathering);
      return node ? `${node.id}[${neuron - node.first}]` : String(neuron);
    }
    return view?.path && path.startsWith(`${view.path}/`) ? path.slice(view.path.length + 1) : path;
  }

  private async ask(): Promise<void> {
    this.timer = 0;
    const {outline} = this;
    const neurons = [...this.wanted];
    this.wanted.clear();
    const paths = await this.session.client.paths(neurons).catch(() => []);
    if (outline !== this.outline) return;
    for (const [i, path] of paths.entries()) this.known.set(neurons[i]!, path);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
