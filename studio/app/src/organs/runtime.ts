import type {Frame, NodeView, OutlineNode} from '@flux/engine';
import {childPath, parentPath, type Session} from '../session/session';
import {Store} from '../store';
import {organDefinition, organSettings} from './definitions';

export interface LiveOrgan {
  path: string;
  node: NodeView;
  /** The circuit that an edit of it changes, as operations name it; null: a generator makes it. */
  in: string | null;
}

/** Circuits that are searched for organs; what lies beyond is drawn but not alive. */
const mostCircuits = 64;

/** Runs the built-in organs of the open document: keys fire neurons, sliders fire them at a rate. Lights and scopes only look. */
export class OrganRuntime {
  readonly state = new Store<{organs: LiveOrgan[]; rates: Record<string, number>}>({organs: [], rates: {}});
  private readonly owed = new Map<string, number>();
  private lastTime = performance.now();
  private outline: OutlineNode | null = null;

  constructor(private readonly session: Session) {
    session.state.subscribe(() => {
      const {outline} = session.state.get();
      if (outline === this.outline) return;
      this.outline = outline;
      void this.collect();
    });
    session.frames.subscribe(frame => this.tick(frame));
    addEventListener('keydown', this.key);
  }

  press(organ: LiveOrgan): void {
    const output = organ.node.outputs?.[0]?.neuron;
    if (output !== undefined && output >= 0) this.session.fire([output]);
  }

  /** Spikes per second of the person's time. */
  setRate(organ: LiveOrgan, rate: number): void {
    this.state.set(({rates}) => ({rates: {...rates, [organ.path]: rate}}));
  }

  private async collect(): Promise<void> {
    const parents = new Set<string>();
    const visit = (node: OutlineNode) => {
      for (const child of node.children ?? []) {
        if (child.kind === 'organ') parents.add(parentPath(child.path));
        visit(child);
      }
    };
    if (this.outline) visit(this.outline);
    const outline = this.outline;
    const views = await Promise.all([...parents].slice(0, mostCircuits).map(path => this.session.client.view(path).catch(() => null)));
    if (outline !== this.outline) return;
    const organs = views.flatMap(view =>
      (view?.nodes ?? [])
        .filter(node => node.kind === 'organ')
        .map(node => ({
          path: childPath(view!.path, node.id),
          node,
          in: view!.source.kind === 'generator' ? null : view!.source.in,
        })),
    );
    this.state.set({organs});
  }

  /** A slider owes spikes as time passes and pays them in whole ones. */
  private tick(frame: Frame): void {
    const now = performance.now();
    const seconds = Math.min(0.1, (now - this.lastTime) / 1000);
    this.lastTime = now;
    if (!frame.running) return;
    const {organs, rates} = this.state.get();
    const firing: number[] = [];
    for (const organ of organs) {
      const rate = rates[organ.path];
      const output = organ.node.outputs?.[0]?.neuron;
      if (organ.node.type !== 'slider' || !rate || output === undefined || output < 0) continue;
      const owed = (this.owed.get(organ.path) ?? 0) + rate * seconds;
      if (owed >= 1) firing.push(output);
      this.owed.set(organ.path, owed % 1);
    }
    if (firing.length > 0) this.session.client.fire(firing);
  }

  private key = (event: KeyboardEvent): void => {
    const {target} = event;
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return;
    for (const organ of this.state.get().organs) {
      if (organ.node.type !== 'key') continue;
      const wanted = String(organSettings(organDefinition('key')!, organ.node).key).toUpperCase();
      if (event.key.toUpperCase() === wanted || event.code === `Key${wanted}` || event.code === `Digit${wanted}`) {
        this.press(organ);
        event.preventDefault();
      }
    }
  };
}
