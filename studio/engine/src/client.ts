// The page's side: calls become messages, frames come when the last was taken, and the document outlives a worker that ends.
import {assembled} from './elements';
import {exampleText} from './examples';
import {type CallName, type Calls, type HostMessage, type ListCall, listsOf} from './protocol';
import type {Step} from './steps';
import {
  type Applied,
  type Breakpoint,
  type CoreChoice,
  type CoreInfo,
  type EdgeView,
  type EngineClient,
  EngineError,
  type Frame,
  type Opened,
  type Operation,
  type Problem,
  type SaveForm,
  type Source,
  type Watch,
} from './types';

/** What the client needs of a Worker. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<HostMessage>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Milliseconds after an edit before the document's text is fetched, so that a crash loses nothing. */
const KEEP_AFTER = 1000;

/** Characters of a text that are encoded in one go. */
const ENCODED_AT_ONCE = 1 << 20;

/** How a document can be made again: its bytes, and what was applied since. */
interface Kept {
  bytes: Uint8Array;
  name: string;
  steps: Step[];
}

interface Pending {
  /** New elements of lists that came ahead. */
  added: unknown[][];
  resolve(value: unknown): void;
  reject(error: EngineError): void;
}

const encoder = new TextEncoder();

export class WorkerClient implements EngineClient {
  private worker: WorkerLike;
  private lastId = 0;
  private readonly pending = new Map<number, Pending>();
  private readonly frameCallbacks = new Set<(frame: Frame) => void>();
  private readonly crashCallbacks = new Set<(problem: Problem) => void>();
  private readonly coreCallbacks = new Set<(info: CoreInfo) => void>();
  private readonly problemCallbacks = new Set<(problem: Problem) => void>();
  private kept: Kept | undefined;
  private keepTimer: ReturnType<typeof setTimeout> | undefined;
  private choice: CoreChoice = 'auto';
  private watched: Watch = {levels: false, probes: []};
  private lastBuffers: ArrayBuffer[] = [];
  /** Lists of the last large answer of a call, from which the worker tells the next. */
  private lastLarge: {[Call in ListCall]?: unknown[][]} = {};
  private crashed = false;

  constructor(private readonly makeWorker: () => WorkerLike) {
    this.worker = this.start();
  }

  async open(source: Source): Promise<Opened> {
    const {bytes, name} = await bytesOf(source);
    return this.openBytes({bytes, name, steps: []});
  }

  document = () => this.call('document');
  view = (path: string) => this.call('view', path);
  outline = () => this.call('outline');
  learned = (path: string) => this.call('learned', path);
  library = () => this.call('library');

  async apply(operations: Operation[], options: {merge?: string} = {}): Promise<Applied> {
    const merge = options.merge ?? '';
    const applied = await this.call('apply', operations, merge);
    this.keep({operations, merge});
    return applied;
  }
  async undo(): Promise<Applied> {
    const applied = await this.call('undo');
    this.keep('undo');
    return applied;
  }
  settle = () => this.call('settle');
  async redo(): Promise<Applied> {
    const applied = await this.call('redo');
    this.keep('redo');
    return applied;
  }
  // Comments stand on lines of their own in the text form; without them it is JSON, as operations are.
  copyText = async (path: string, ids: string[]) => (await this.call('copyText', path, ids)).replace(/^\s*\/\/.*\n/gm, '');
  generate = (name: string, settings: Record<string, number | string>, seed = '1') => this.call('generate', name, settings, seed);

  run = () => this.order('run');
  pause = () => this.order('pause');
  step = (ticks: number) => this.order('step', ticks);
  setSpeed = (thousandths: number) => this.order('setSpeed', thousandths);
  setHidden = (hidden: boolean) => this.order('setHidden', hidden);
  setCore = (choice: CoreChoice) => {
    this.choice = choice;
    return this.call('setCore', choice);
  };
  core = () => this.call('core');
  drawOn = (canvas: OffscreenCanvas, port: MessagePort) => this.callWith([canvas, port], 'drawOn', canvas, port);
  fire = (neurons: number | number[]) => this.order('fire', typeof neurons === 'number' ? [neurons] : neurons);
  stimulate = (neuron: number, levels: number) => this.order('stimulate', neuron, levels);
  modulate = (neuron: number, levels: number) => this.order('modulate', neuron, levels);
  watch = (options: Watch) => {
    this.watched = options;
    if (this.kept) this.order('watch', options);
  };
  setBreakpoints = (breakpoints: Breakpoint[]) => this.order('setBreakpoints', breakpoints);
  seek = (tick: number) => this.call('seek', tick);
  history = () => this.call('history');
  neuron = (index: number) => this.call('neuron', index);
  find = (pathOrAlias: string) => this.call('find', pathOrAlias);
  paths = (neurons: number[]) => this.call('paths', neurons);
  why = (neuron: number, tick: number) => this.call('why', neuron, tick);
  save = (form: SaveForm) => this.call('save', form);
  hash = () => this.call('hash');
  /** Makes the worker end as by a fault of the engine: for tests. */
  trap = () => this.order('trap');
  /** Loses the GPU as when its driver is reset: for tests. */
  loseGpu = () => this.order('loseGpu');

  onFrame(callback: (frame: Frame) => void): () => void {
    return subscribe(this.frameCallbacks, callback);
  }
  onCore(callback: (info: CoreInfo) => void): () => void {
    return subscribe(this.coreCallbacks, callback);
  }
  onCrash(callback: (problem: Problem) => void): () => void {
    return subscribe(this.crashCallbacks, callback);
  }
  onProblem(callback: (problem: Problem) => void): () => void {
    return subscribe(this.problemCallbacks, callback);
  }

  async restart(): Promise<Opened> {
    const kept = this.kept;
    if (!kept) throw new EngineError({what: 'no document is open', where: '', fix: 'open one first'});
    this.worker.terminate();
    this.worker = this.start();
    let opened = await this.openBytes({...kept, steps: []});
    for (const step of kept.steps) {
      const again = step === 'undo' ? this.undo() : step === 'redo' ? this.redo() : this.apply(step.operations, {merge: step.merge});
      await again.catch(() => undefined);
    }
    if (kept.steps.length > 0) opened = {...opened, ...(await this.document())};
    return opened;
  }

  close(): void {
    clearTimeout(this.keepTimer);
    this.worker.terminate();
  }

  // --- Messages

  private start(): WorkerLike {
    const worker = this.makeWorker();
    this.crashed = false;
    this.lastBuffers = [];
    this.lastLarge = {};
    worker.onmessage = event => this.receive(event.data);
    worker.onerror = event => this.crash({what: `the engine stopped unexpectedly (${event.message})`, where: '', fix: 'start it again'});
    return worker;
  }

  private call<Name extends CallName>(name: Name, ...values: Parameters<Calls[Name]>): Promise<ReturnType<Calls[Name]>> {
    return this.callWith([], name, ...values);
  }
  private callWith<Name extends CallName>(
    transfer: Transferable[],
    name: Name,
    ...values: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    if (this.crashed)
      return Promise.reject(new EngineError({what: 'the engine has stopped', where: '', fix: 'start it again', code: 'stopped'}));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, {added: [], resolve: value => resolve(value as ReturnType<Calls[Name]>), reject});
      this.worker.postMessage({id, call: name, values}, transfer);
    });
  }

  private order<Name extends CallName>(name: Name, ...values: Parameters<Calls[Name]>): void {
    if (!this.crashed) this.worker.postMessage({id: 0, call: name, values}, []);
  }

  private receive(message: HostMessage): void {
    switch (message.kind) {
      case 'part': {
        const {added = []} = this.pending.get(message.id) ?? {};
        added[message.list] = [...(added[message.list] ?? []), ...message.elements];
        break;
      }
      case 'lists':
        this.takeLists(message);
        break;
      case 'answer':
        this.pending.get(message.id)?.resolve(message.value);
        this.pending.delete(message.id);
        break;
      case 'error':
        this.pending.get(message.id)?.reject(new EngineError(message.problem));
        this.pending.delete(message.id);
        break;
      case 'problem':
        for (const callback of this.problemCallbacks) callback(message.problem);
        break;
      case 'frame':
        this.show(message.frame);
        break;
      case 'core':
        for (const callback of this.coreCallbacks) callback(message.info);
        break;
      case 'crash':
        this.crash(message.problem);
        break;
    }
  }

  /** Puts an answer together; elements that did not change are the same objects as before. */
  private takeLists({id, call, value, large, runs}: HostMessage & {kind: 'lists'}): void {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    const before = this.lastLarge[call];
    const lists = listsOf[call].map((_, list) => assembled(before?.[list] ?? [], pending?.added[list] ?? [], runs?.[list] ?? null));
    if (large) this.lastLarge[call] = lists;
    const named = Object.fromEntries(listsOf[call].map((name, list) => [name, lists[list]]));
    if (call === 'view') numberEdges(named.edges as EdgeView[]);
    pending?.resolve({...value, ...named});
  }

  /** Passes a frame on; the worker may send the next when the page has drawn. A frame's arrays stand until the next frame comes. */
  private show(frame: Frame): void {
    for (const callback of this.frameCallbacks) callback(frame);
    const buffers = this.lastBuffers;
    this.lastBuffers = [frame.spikes, frame.levels, frame.thresholds, frame.modulation]
      .filter(array => array !== undefined)
      .map(array => array.buffer as ArrayBuffer);
    const taken = () => {
      if (!this.crashed) this.worker.postMessage({id: 0, call: 'frameTaken', values: [buffers]}, buffers);
    };
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(taken);
    else setTimeout(taken, 16);
  }

  private crash(problem: Problem): void {
    if (this.crashed) return;
    this.crashed = true;
    clearTimeout(this.keepTimer);
    for (const {reject} of this.pending.values()) reject(new EngineError(problem));
    this.pending.clear();
    for (const callback of this.crashCallbacks) callback(problem);
  }

  // --- What outlives the worker

  private async openBytes(kept: Kept): Promise<Opened> {
    const opened = await this.call('open', kept.bytes, kept.name);
    clearTimeout(this.keepTimer);
    this.kept = kept;
    this.order('setCore', this.choice);
    this.order('watch', this.watched);
    return opened;
  }

  private keep(step: Step): void {
    this.kept?.steps.push(step);
    clearTimeout(this.keepTimer);
    // What was undone may be from before the text that is kept: only a new text can tell.
    this.keepTimer = setTimeout(() => void this.fetchText(), typeof step === 'string' ? 0 : KEEP_AFTER);
  }

  /** Replaces what is kept by the text of the document as it is. */
  private async fetchText(): Promise<void> {
    const kept = this.kept;
    const steps = kept?.steps.length;
    try {
      const bytes = await this.save('text');
      if (kept && kept === this.kept && steps === kept.steps.length) this.kept = {bytes, name: kept.name, steps: []};
    } catch {
      // What is kept stays.
    }
  }
}

/** Each edge learns its place in its list; those that stay get another one when edges before them come or go. */
function numberEdges(edges: EdgeView[]): void {
  let index = 0;
  let {list} = edges[0] ?? {};
  for (const edge of edges) {
    if (edge.list !== list) index = 0;
    list = edge.list;
    edge.index = index++;
  }
}

function subscribe<T>(callbacks: Set<T>, callback: T): () => void {
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}

async function bytesOf(source: Source): Promise<{bytes: Uint8Array; name: string}> {
  if ('bytes' in source) return {bytes: source.bytes, name: source.name ?? 'circuit'};
  if ('text' in source) return {bytes: await encoded(source.text), name: source.name ?? 'circuit'};
  const text = await exampleText(source.example);
  if (text === undefined) {
    throw new EngineError({what: `there is no example "${source.example}"`, where: '', fix: 'choose one of the gallery'});
  }
  return {bytes: encoder.encode(text), name: `${source.example}.json`};
}

/** In UTF-8. A long text takes its time: in parts, between which the page lives on. */
async function encoded(text: string): Promise<Uint8Array> {
  if (text.length <= ENCODED_AT_ONCE) return encoder.encode(text);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at + ENCODED_AT_ONCE;
    // The two halves of a character stay together.
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end++;
    parts.push(encoder.encode(text.slice(at, end)));
    at = end;
    await new Promise(resolve => setTimeout(resolve));
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    bytes.set(part, at);
    return at + part.length;
  }, 0);
  return bytes;
}

/** An engine in a worker of its own: one that calls `serve`. */
export function createEngine(makeWorker: () => Worker): WorkerClient {
  return new WorkerClient(() => makeWorker() as unknown as WorkerLike);
}
