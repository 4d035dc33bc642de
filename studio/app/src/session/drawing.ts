import type {CanvasView} from '@flux/canvas';
import type {CoreInfo, Watch} from '@flux/engine';
import type {Session} from './session';

/** Levels of more neurons than this are not fetched to show some of them as numbers. */
const mostNumbered = 65536;

type Range = {first: number; count: number};

/**
 * Who draws the canvas: the worker while a GPU of its computes, from the buffers of the simulation; the page otherwise. And which levels have
 * to come to the page: all, or where the worker has them those that are shown as numbers.
 */
export class DrawingPlace {
  private core: CoreInfo | null = null;
  private numbered: Range | null = null;
  private watched: Watch['levels'] = true;
  private wantsAll = false;

  constructor(private readonly session: Session) {
    session.state.subscribe(() => this.follow());
  }

  attach(canvas: CanvasView | null): void {
    this.core = null;
    this.numbered = null;
    canvas?.on('numbered', ({neurons}) => {
      this.numbered = neurons;
      this.follow();
    });
    canvas?.on('graphics', () => this.follow());
  }

  /** Levels that frames are to bring. */
  levels(): Watch['levels'] {
    this.watched = this.wanted();
    return this.watched;
  }

  /** Does something while the page has the levels of all neurons, whoever draws. */
  async withAllLevels(act: () => void): Promise<void> {
    if (this.isElsewhere) {
      this.wantsAll = true;
      this.follow();
      await this.session.frames.until(frame => frame.levels !== undefined && frame.levelsFrom === undefined);
    }
    act();
    this.wantsAll = false;
    this.follow();
  }

  private wanted(): Watch['levels'] {
    return this.isElsewhere && !this.wantsAll ? this.shown() : true;
  }

  private get isElsewhere(): boolean {
    return this.session.canvas?.figures.graphics === 'simulation';
  }

  private follow(): void {
    const {session} = this;
    const {canvas} = session;
    const {core, status} = session.state.get();
    if (status === 'crashed') canvas?.drawHere();
    // Once for each core that is told of: where drawing fails it would fail again.
    if (canvas && core !== this.core && status === 'ready') {
      this.core = core;
      if (core?.running !== 'gpu') canvas.drawHere();
      else if (!this.isElsewhere) void canvas.drawElsewhere((element, port) => session.client.drawOn(element, port));
    }
    const before = JSON.stringify(this.watched);
    if (before !== JSON.stringify(this.wanted())) session.watch();
  }

  /** Neurons shown as numbers, on the canvas and in the inspector. */
  private shown(): Range | false {
    const {selection, view} = this.session.state.get();
    const [selected] = selection;
    const node = selected?.kind === 'node' ? view?.nodes.find(({id}) => id === selected.id) : undefined;
    const alone = node && node.first >= 0 ? {first: node.first, count: 1} : null;
    const both = alone && this.numbered ? joined(alone, this.numbered) : (this.numbered ?? alone);
    return both && both.count <= mostNumbered ? both : (alone ?? false);
  }
}

function joined(a: Range, b: Range): Range {
  const first = Math.min(a.first, b.first);
  return {first, count: Math.max(a.first + a.count, b.first + b.count) - first};
}
