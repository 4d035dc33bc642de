import type {CanvasView, ElementRef, Tool} from '@flux/canvas';
import {
  type Applied,
  type CircuitView,
  type CoreChoice,
  type DocumentInfo,
  type EdgeView,
  type EngineClient,
  EngineError,
  type Frame,
  type NodeView,
  type Operation,
  type ServerFile,
  type Source,
  type Step,
} from '@flux/engine';
import {type MessageKey, t, type Values} from '../i18n';
import {Store} from '../store';
import {wayToProblems} from './badFile';
import type {Documents} from './documents';
import {DrawingPlace} from './drawing';
import {FrameHub} from './frames';
import {freePlace} from './freePlace';
import {initialState} from './initial';
import {NeuronNames} from './names';
import {edgeName} from './operations';
import type {Dialog, Edit, Notice, Owner, Place, StudioState} from './state';
import {WeightWatch} from './weights';

/** A step whose name is not known any more: it was made before the page was opened. */
const earlier: Edit = {key: 'edit.earlier', values: {}, at: 0};

/** What an edit is called in the history. */
export interface EditLabel {
  key: MessageKey;
  values?: Values;
  /** Edits in a row with the same one become one step: a slider that is dragged. */
  merge?: string;
}

/**
 * The open document: the engine that runs it, what the studio shows of it, and the ways to change either. Panels read `state`, commands call
 * the methods; the circuit itself is only in the engine.
 */
export class Session {
  readonly state = new Store<StudioState>(initialState());
  readonly frames = new FrameHub();
  readonly weights = new WeightWatch(this);
  readonly names = new NeuronNames(this);
  readonly drawing = new DrawingPlace(this);
  canvas: CanvasView | null = null;
  /** Told of each edit that was applied, undone or redone. */
  onStep: ((step: Step) => void) | null = null;
  documents: Documents | null = null;
  /** Where saving goes back to: the file that the studio's server was started with. */
  serverFile: ServerFile | null = null;
  /** Edits that the file has. */
  editsInFile = 0;
  /** Where the pointer last asked for a menu. */
  lastPlace: Place | null = null;
  /** While the past is looked at: the spikes of the present, pairs, and the tick it had come to. */
  private present: {to: number; spikes: Uint32Array} | null = null;
  private scrubTo: number | null = null;
  private isScrubbing = false;
  private noticeId = 0;
  /** The notice of the breakpoint that paused the run: it is over when the run goes on. */
  private stopNotice = 0;
  private waiting: {operations: Operation[]; label: EditLabel} | null = null;
  private isApplying = false;
  private viewRequest = 0;
  private travels = Promise.resolve();

  constructor(readonly client: EngineClient) {
    client.onFrame(frame => this.takeFrame(frame));
    client.onCrash(problem => {
      this.state.set({status: 'crashed', running: false});
      console.error('engine', problem.what, problem.where);
    });
    client.onCore(core => {
      this.state.set({core});
      if (core.because === 'failed') this.warn(t('core.failed'), t('core.failedFix'));
    });
  }

  // ---- documents

  /**
   * Opens a document and lets it run; `isVersion`: of the kept document that is open. False: it was refused, a notice says why, and the old
   * one stands.
   */
  async open(source: Source, isVersion = false): Promise<boolean> {
    try {
      if (!isVersion) await this.documents?.flush();
      const info = await this.client.open(source);
      if (!isVersion) {
        this.documents?.leave();
        this.serverFile = null;
        this.editsInFile = 0;
      }
      this.frames.clear();
      this.state.set({
        status: 'ready',
        opened: this.state.get().opened + 1,
        info,
        tabs: [''],
        active: '',
        selection: [],
        cell: null,
        edits: [],
        editsDone: 0,
        probes: [],
        breakpoints: [],
        why: null,
        seekable: null,
        future: null,
        comparison: null,
        saved: 'none',
      });
      this.client.watch({levels: this.drawing.levels(), probes: []});
      this.client.setBreakpoints([]);
      this.client.setSpeed(this.state.get().speed);
      this.state.set({core: await this.client.core()});
      await this.refresh();
      this.canvas?.zoomTo('all');
      this.play();
      return true;
    } catch (error) {
      this.fail(error, t('error.notOpened'), wayToProblems(this, error, source));
      return false;
    }
  }

  /** After a crash: the engine starts again from the last edit. */
  async restart(): Promise<void> {
    try {
      const info = await this.client.restart();
      this.frames.clear();
      this.state.set({status: 'ready', info});
      this.watch();
      await this.refresh();
      this.play();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Goes on with another core; nothing is lost. */
  async chooseCore(choice: CoreChoice): Promise<void> {
    try {
      this.state.set({core: await this.client.setCore(choice)});
    } catch (error) {
      this.fail(error);
    }
  }

  // ---- edits

  /** Applies operations as one step. Null: refused, and a notice says why. */
  async apply(operations: Operation[], label: EditLabel): Promise<Applied | null> {
    if (operations.length === 0) return null;
    try {
      const applied = await this.client.apply(operations, label.merge ? {merge: label.merge} : undefined);
      await this.changed(applied, {key: label.key, values: label.values ?? {}, at: Date.now()});
      this.onStep?.({operations, merge: label.merge ?? ''});
      return applied;
    } catch (error) {
      this.fail(error, t('error.notDone'));
      return null;
    }
  }

  /**
   * For gestures that bring values faster than the engine takes them: while one is being applied only the latest of the next ones waits.
   * All of a gesture (the same `merge`) become one step.
   */
  applyLatest(operations: Operation[], label: EditLabel & {merge: string}): void {
    this.waiting = {operations, label};
    if (this.isApplying) return;
    this.isApplying = true;
    void (async () => {
      while (this.waiting) {
        const next = this.waiting;
        this.waiting = null;
        await this.apply(next.operations, next.label);
      }
      this.isApplying = false;
    })();
  }

  /** Does once more what a journal noted since the version that was opened. What can no longer be done ends it. */
  async replay(steps: Step[]): Promise<void> {
    try {
      for (const step of steps) {
        if (typeof step === 'string') await this.client[step]();
        else await this.client.apply(step.operations, {merge: step.merge});
      }
    } catch (error) {
      this.fail(error);
    }
    if (steps.length === 0) return;
    await this.reload();
  }

  /** Asks for the document as a whole once more: it was changed by something else than an edit. */
  private async reload(): Promise<void> {
    this.takeInfo(await this.client.document());
    await this.refresh();
  }

  undo(): Promise<void> {
    return this.travel('undo', () => this.state.get().editsDone > 0);
  }

  redo(): Promise<void> {
    return this.travel('redo', () => this.state.get().editsDone < this.state.get().edits.length);
  }

  /** Before the state is saved: from then on the network here and the one that is opened go on alike. */
  async settle(): Promise<void> {
    await this.changed(await this.client.settle());
  }

  /** One after another: only when the one before is done is it known whether there is a next one. */
  private travel(go: 'undo' | 'redo', isLeft: () => boolean): Promise<void> {
    this.travels = this.travels.then(async () => {
      if (!isLeft()) return;
      try {
        const applied = await this.client[go]();
        await this.changed(applied);
        this.onStep?.(go);
      } catch (error) {
        this.fail(error);
      }
    });
    return this.travels;
  }

  private async changed(applied: Applied, edit?: Edit): Promise<void> {
    this.takeInfo(applied, edit);
    if (applied.structure) this.partFutures();
    if (applied.moved) this.followMoved(applied.moved);
    if (applied.structure) await this.forgetRemoved();
    await this.refresh();
  }

  /** The engine counts the steps; what they are called is kept here. `edit` is the one that was just made. */
  private takeInfo(info: DocumentInfo, edit?: Edit): void {
    const {undo, redo} = info;
    const known = this.state.get().edits;
    const edits = Array.from({length: undo + redo}, (_, i) => known[i] ?? earlier);
    if (edit && undo > 0) edits[undo - 1] = edit;
    this.state.set({info, edits, editsDone: undo});
  }

  /** A change in the past makes another future; the one that was stays beside it. */
  private partFutures(): void {
    const {present} = this;
    const tick = this.frames.latest?.tick ?? 0;
    if (!present || tick >= present.to) return;
    this.state.set({
      future: {tick, to: present.to, before: present.spikes},
      dockOpen: true,
      dockTab: 'raster',
    });
    this.present = null;
  }

  private followMoved(moved: Uint32Array): void {
    const follow = <T extends {neuron: number}>(items: T[]) =>
      items.map(item => ({...item, neuron: moved[item.neuron] ?? 0xffffffff})).filter(item => item.neuron !== 0xffffffff);
    const {probes, breakpoints, why} = this.state.get();
    this.state.set({probes: follow(probes), breakpoints: follow(breakpoints), why: (why && follow([why])[0]) ?? null});
    this.watch();
  }

  /** Why a neuron fired that an edit removed is asked no more. */
  private async forgetRemoved(): Promise<void> {
    const {why} = this.state.get();
    if (!why) return;
    const isThere = await this.client.neuron(why.neuron).then(
      () => true,
      () => false,
    );
    if (!isThere && this.state.get().why === why) this.state.set({why: null});
  }

  /** Asks the engine anew for all that is shown of the document. A circuit that is gone gives way to the one around it. */
  async refresh(): Promise<void> {
    const request = ++this.viewRequest;
    const [outline, library] = await Promise.all([this.client.outline(), this.client.library()]);
    let {active, tabs} = this.state.get();
    let view: CircuitView | null = null;
    while (view === null) {
      try {
        view = await this.client.view(active);
      } catch (error) {
        if (active === '') throw error;
        tabs = tabs.filter(tab => tab !== active);
        active = parentPath(active);
        if (!tabs.includes(active)) tabs = [...tabs, active];
      }
    }
    // What a generator makes is changed by its settings alone.
    const owner = ['own', 'generator'].includes(view.source.kind) ? null : await this.findOwner(active);
    if (request !== this.viewRequest) return;
    const selection = existing(view, this.state.get().selection);
    this.state.set({outline, library, view, tabs, active, selection, owner});
    // The panels have drawn; the canvas takes the view in a task of its own, so that neither waits long for the other.
    await new Promise(resolve => setTimeout(resolve));
    if (request === this.viewRequest) this.showView();
  }

  /** The first instance on the way to a path: what lies in it is changed there by overrides. */
  private async findOwner(path: string): Promise<Owner | null> {
    if (path.startsWith('/')) return null;
    const parts = path.split('/');
    for (let i = 0; i < parts.length; i++) {
      const {source} = await this.client.view(parts.slice(0, i + 1).join('/'));
      if (source.kind === 'own') continue;
      const around = await this.client.view(parts.slice(0, i).join('/'));
      const [, id = '', copy = ''] = /^(.*?)(\[\d+\])?$/.exec(parts[i]!) ?? [];
      const inside = [copy, ...parts.slice(i + 1)].filter(part => part !== '');
      return {in: around.source.in, node: id, prefix: inside.map(part => `${part}/`).join('')};
    }
    return null;
  }

  // ---- what is shown

  async openTab(path: string): Promise<void> {
    const {tabs, active} = this.state.get();
    if (path === active) return;
    this.state.set({active: path, tabs: tabs.includes(path) ? tabs : [...tabs, path], selection: []});
    await this.refresh();
    this.canvas?.zoomTo('all');
  }

  async closeTab(path: string): Promise<void> {
    const {tabs, active} = this.state.get();
    if (tabs.length === 1) return;
    const left = tabs.filter(tab => tab !== path);
    this.state.set({tabs: left});
    if (active === path) await this.openTab(left[Math.max(0, tabs.indexOf(path) - 1)]!);
  }

  select(elements: ElementRef[], {reveal = false} = {}): void {
    this.state.set({selection: elements, cell: null, ...(elements.length > 0 ? {rightTab: 'inspector' as const, why: null} : {})});
    this.canvas?.setSelection(elements);
    if (reveal) this.canvas?.zoomTo('selection');
  }

  /** Opens the circuit a node stands in and selects it there. */
  async reveal(path: string): Promise<void> {
    await this.openTab(parentPath(path));
    const id = path.slice(path.lastIndexOf('/') + 1).replace(/\[\d+\]$/, '');
    this.select([{kind: 'node', id}], {reveal: true});
  }

  /** The same, of one flat neuron. */
  async revealNeuron(path: string, neuron: number): Promise<void> {
    await this.reveal(path);
    const [element] = this.state.get().selection;
    if (element?.kind === 'node') this.lookAtCell(element.id, neuron);
  }

  /** Looks at one flat neuron of a population, which is selected. */
  lookAtCell(id: string, neuron: number): void {
    const node = this.node(id);
    if (node?.kind === 'neuron' && !node.single && neuron >= node.first) this.state.set({cell: neuron - node.first});
  }

  showDialog(dialog: Dialog | null): void {
    this.state.set({dialog});
  }

  /** The canvas that shows the document from now on; null: none does. */
  attach(canvas: CanvasView | null): void {
    this.canvas = canvas;
    this.drawing.attach(canvas);
    this.state.set({hasCanvas: canvas !== null});
    this.showView();
  }

  /** Hands the view to the canvas once more, as it is in the document. */
  showView(): void {
    const {view, selection} = this.state.get();
    if (!view || !this.canvas) return;
    this.canvas.setView(view);
    this.canvas.setSelection(selection);
  }

  /** Where a node of that size goes that no pointer placed: where the menu was opened, or what is free near the middle of what is seen. */
  middle(width = 44, height = 44): Place {
    const place = this.lastPlace;
    this.lastPlace = null;
    if (place) return place;
    if (!this.canvas) return {x: 0, y: 0, clientX: innerWidth / 2, clientY: innerHeight / 2};
    const middle = this.canvas.middle();
    return {...middle, ...freePlace({...middle, width, height}, this.canvas.scene().nodes)};
  }

  /** What a connection of the circuit that is shown is called. */
  edgeName({list, index}: {list: EdgeView['list']; index: number}): string {
    const edge = this.state.get().view?.edges.find(candidate => candidate.list === list && candidate.index === index);
    return edge ? edgeName(edge) : '';
  }

  node(id: string): NodeView | undefined {
    return this.state.get().view?.nodes.find(node => node.id === id);
  }

  selectedNodes(): NodeView[] {
    const {selection} = this.state.get();
    return selection.flatMap(element => (element.kind === 'node' ? (this.node(element.id) ?? []) : []));
  }

  // ---- the run

  play(): void {
    this.client.run();
    this.present = null;
    this.dismiss(this.stopNotice);
    this.state.set({running: true, seekable: null});
  }

  pause(): void {
    this.client.pause();
    this.state.set({running: false});
    void this.updateSeekable();
  }

  step(ticks: number): void {
    if (this.state.get().running) this.pause();
    this.client.step(ticks);
  }

  async seek(tick: number): Promise<void> {
    if (this.state.get().running) this.pause();
    const now = this.frames.latest?.tick ?? 0;
    if (tick < now) this.present ??= {to: now, spikes: this.frames.copy(0, now)};
    try {
      // The document is as it was then, without what was edited later.
      const applied = await this.client.seek(Math.max(0, tick));
      this.takeInfo(applied);
      if (applied.views.length > 0) await this.refresh();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Follows a slider that moves faster than the engine can go back. */
  scrub(tick: number): void {
    this.scrubTo = tick;
    if (this.isScrubbing) return;
    this.isScrubbing = true;
    void (async () => {
      while (this.scrubTo !== null) {
        const next = this.scrubTo;
        this.scrubTo = null;
        await this.seek(next);
      }
      this.isScrubbing = false;
    })();
  }

  async updateSeekable(): Promise<void> {
    try {
      this.state.set({seekable: await this.client.history()});
    } catch {
      this.state.set({seekable: null});
    }
  }

  fire(neurons: number[]): void {
    this.client.fire(neurons);
    if (!this.state.get().running) this.inform(t('run.firedPaused'));
  }

  /** Shows what made a neuron fire in a tick. */
  askWhy(neuron: number, tick: number): void {
    this.state.set({why: {neuron, tick}, rightOpen: true, rightTab: 'inspector'});
  }

  setTool(tool: Tool): void {
    this.state.set({tool});
    this.canvas?.setTool(tool);
  }

  setSpeed(speed: number): void {
    this.client.setSpeed(speed);
    this.state.set({speed});
  }

  /** Tells the engine which neurons' every tick is wanted. */
  watch(): void {
    const {probes, breakpoints} = this.state.get();
    this.client.watch({levels: this.drawing.levels(), probes: probes.map(probe => probe.neuron)});
    this.client.setBreakpoints(
      breakpoints.map(({neuron, level}) => (level === undefined ? {neuron, on: 'fire'} : {neuron, on: 'level', level: level * 16})),
    );
  }

  private takeFrame(frame: Frame): void {
    this.frames.push(frame);
    this.canvas?.applyFrame(frame);
    if (frame.running !== this.state.get().running) this.state.set({running: frame.running});
    if (frame.edited) void this.reload().catch(error => this.fail(error));
    if (frame.stoppedBy !== undefined) this.tellStop(frame.stoppedBy, frame.tick - 1);
  }

  private tellStop(index: number, tick: number): void {
    const breakpoint = this.state.get().breakpoints[index];
    void this.updateSeekable();
    if (!breakpoint) return;
    const {name, level} = breakpoint;
    this.inform(level === undefined ? t('run.stoppedBy', {tick, name}) : t('run.stoppedByLevel', {tick, name, value: level}));
    this.stopNotice = this.noticeId;
  }

  // ---- notices

  inform(text: string): void {
    this.notify({kind: 'info', text});
  }

  /** Stays until it is closed: for what happens while nobody may be looking. */
  remind(text: string): void {
    this.notify({kind: 'info', text, stays: true});
  }

  /** `heading` says in the person's language what did not happen; the engine's own words say why. */
  fail(error: unknown, heading?: string, more?: {action: string; act: () => void}): void {
    if (error instanceof EngineError) {
      const {code, where, reason = ''} = error;
      if (code) this.notify({kind: 'error', text: t(`problem.${code}`, {reason}), where, fix: t(`problem.${code}.fix`)});
      else this.notify({kind: 'error', heading, text: error.what, where, fix: error.fix, ...more});
    } else {
      console.error(error);
      this.notify({kind: 'error', heading, text: error instanceof Error ? error.message : String(error)});
    }
  }

  /** A line with one thing to do about it. */
  ask(text: string, action: string, act: () => void): void {
    this.notify({kind: 'info', text, action, act});
  }

  warn(text: string, fix: string): void {
    this.notify({kind: 'error', text, fix});
  }

  private notify(notice: Omit<Notice, 'id'>): void {
    const id = ++this.noticeId;
    this.state.set(({notices}) => ({notices: [...notices.filter(other => other.text !== notice.text).slice(-3), {id, ...notice}]}));
    if (notice.kind === 'info' && !notice.act && !notice.stays) setTimeout(() => this.dismiss(id), 6000);
  }

  dismiss(id: number): void {
    this.state.set(({notices}) => ({notices: notices.filter(notice => notice.id !== id)}));
  }
}

export function parentPath(path: string): string {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  // A prototype or group by itself lies in no circuit.
  return /^\/\w+$/.test(parent) ? '' : parent;
}

export function childPath(parent: string, id: string): string {
  return parent === '' ? id : `${parent}/${id}`;
}

/** Those elements that the view has. */
function existing(view: CircuitView, elements: ElementRef[]): ElementRef[] {
  if (elements.length === 0) return elements;
  const nodes = new Set(view.nodes.map(node => node.id));
  const counts = {synapses: 0, fibers: 0};
  for (const {list} of view.edges) counts[list]++;
  return elements.filter(
    element => element.kind === 'comment' || (element.kind === 'node' ? nodes.has(element.id) : element.index < counts[element.list]),
  );
}
