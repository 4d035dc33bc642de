// The worker's side: pumps the network in short slices so that calls take effect at once, and sends a frame whenever the page took the last.
// Where a GPU computes, the module waits for it in the middle of a call: calls and slices take turns, so that it is never entered twice.
import {Drawing, type MakeRenderer} from './drawing';
import {difference, type Lines, type Runs} from './elements';
import {EngineModule, settingLines} from './module';
import {BufferPool} from './pool';
import type {CallMessage, CallName, Calls, HostMessage, ListCall} from './protocol';
import {type Applied, type CoreChoice, type CoreInfo, EngineError, type Frame, type Opened, type Problem, type Watch} from './types';

/** Milliseconds of computing between two looks at the messages. */
const SLICE = 4;
/** Milliseconds between two frames: a display of 120 Hz gets one each time. */
const FRAME_INTERVAL = 8;
/** Most numbers of a frame's spikes: pairs (tick, neuron). */
const MOST_SPIKES = 2 * 2 ** 18;
/** Elements in one part of a large answer. */
const PART = 400;
/** Answers with more elements are large: of them only what changed is sent. */
const LARGE = 2 * PART;
/** As flux_set_core() numbers them. */
const CORES: Record<CoreChoice, number> = {cpu: 0, gpu: 2, auto: 3};
const SAVE_FORMS = ['text', 'flx', 'flx with state'];

export type Post = (message: HostMessage, transfer: Transferable[]) => void;

export class EngineHost {
  private engine: EngineModule | undefined;
  private readonly pool = new BufferPool();
  private watched: Watch = {levels: false, probes: []};
  private hidden = false;
  private stepsLeft = 0;
  private scheduled = false;
  private frameWanted = true;
  private frameDue = false;
  private lastFrame = 0;
  /** The last large answer of a call, and what it was asked. */
  private readonly lastLarge: {[Call in ListCall]?: {key: string; lines: Lines}} = {};
  /** The canvas that is drawn here. */
  private drawing: Drawing | undefined;
  private pace: {time: number; tick: number}[] = [];
  /** Ends with the call or slice that came last. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly compiled: Promise<WebAssembly.Module>,
    private readonly post: Post,
    /** Calls back when the messages that have come were taken. */
    private readonly yieldTo: (callback: () => void) => void,
    private readonly makeRenderer?: MakeRenderer,
  ) {}

  /** Answers a call. A fault of the engine ends the host: the module's memory cannot be trusted after it. */
  receive(message: CallMessage): Promise<void> {
    this.turn = this.turn.then(() => this.answer(message)).then(() => this.lookAtDrawing());
    return this.turn;
  }

  private async answer(message: CallMessage): Promise<void> {
    try {
      if (message.call === 'view' || message.call === 'outline') return await this.answerLists(message.id, message.call, message.values);
      const value = await this.dispatch(message);
      if (message.id !== 0) this.post({kind: 'answer', id: message.id, value}, []);
    } catch (error) {
      if (!(error instanceof EngineError)) return this.crash(error);
      const {what, where, fix, problems, problemCount} = error;
      const problem: Problem = {what, where, fix, problems, problemCount};
      this.post(message.id !== 0 ? {kind: 'error', id: message.id, problem} : {kind: 'problem', problem}, []);
    }
  }

  /** Answers with what changed since the last large answer of the same call. */
  private async answerLists(id: number, call: ListCall, values: unknown[]): Promise<void> {
    const lines = await this.module.askLines(call, ...(values as string[]));
    const large = lines.elements > LARGE;
    const key = values.join();
    const last = this.lastLarge[call];
    const before = large && last?.key === key ? last.lines : null;
    if (large) this.lastLarge[call] = {key, lines};
    const runs = lines.lists.map(({from, to}, list) => {
      const {added, runs} = before ? difference(before, lines, list) : {added: [[from, to]] as const, runs: null};
      for (const [begin, end] of added) {
        for (let at = begin; at < end; at += PART)
          this.post({kind: 'part', id, list, elements: lines.parse(at, Math.min(end, at + PART))}, []);
      }
      return runs;
    });
    const {value} = lines.parseRest() as {value: object};
    this.post({kind: 'lists', id, call, large, value, runs: before ? (runs as Runs[]) : null}, []);
  }

  private dispatch(message: CallMessage): unknown {
    const call = this.calls[message.call as Exclude<CallName, ListCall>] as (...values: unknown[]) => unknown;
    return call(...message.values);
  }

  private get module(): EngineModule {
    if (!this.engine) throw new EngineError({what: 'no document is open', where: '', fix: 'open one first'});
    return this.engine;
  }

  private readonly calls: {
    [Name in Exclude<CallName, ListCall>]: (
      ...values: Parameters<Calls[Name]>
    ) => ReturnType<Calls[Name]> | Promise<ReturnType<Calls[Name]>>;
  } = {
    open: async (bytes, name) => {
      const engine = await EngineModule.instantiate(await this.compiled);
      const opened = await engine.ask<Opened>('open', bytes, name, 0);
      this.endDrawing();
      this.engine?.releaseGpu();
      this.engine = engine;
      this.stepsLeft = 0;
      this.pace = [];
      this.frameDue = true;
      await this.watch(this.watched);
      this.schedule();
      return opened;
    },
    document: () => this.module.ask('document'),
    learned: async path => {
      await this.module.order('learned', path);
      return this.module.viewInt32(this.module.call('learned_parts'), this.module.call('learned_size')).slice();
    },
    library: () => this.module.ask('library'),
    apply: (operations, merge) => this.applied('apply', JSON.stringify({fluxOperations: 1, operations}), merge),
    undo: () => this.applied('undo'),
    redo: () => this.applied('redo'),
    settle: () => this.applied('settle'),
    copyText: (path, ids) => this.module.ask('copy', path, ids.join('\n')),
    generate: (name, settings, seed) => this.module.ask('generate', name, settingLines(settings), seed),
    run: () => {
      this.stepsLeft = 0;
      this.module.call('run');
      this.pace = [];
      this.changed();
    },
    pause: () => {
      this.stepsLeft = 0;
      this.module.call('pause');
      this.changed();
    },
    step: ticks => {
      this.module.call('pause');
      this.stepsLeft += ticks;
      this.changed();
    },
    setSpeed: thousandths => {
      this.module.call('set_speed', thousandths);
      this.pace = [];
    },
    setHidden: hidden => {
      this.hidden = hidden;
      this.changed();
    },
    setCore: async choice => {
      const info = await this.module.askOpening<CoreInfo>('set_core', CORES[choice]);
      this.pace = [];
      this.tellCore(info);
      return info;
    },
    core: () => this.module.ask('core'),
    drawOn: async (canvas, port) => {
      this.endDrawing();
      if (this.makeRenderer) this.drawing = await Drawing.begin(this.module, this.makeRenderer, canvas, port);
      return this.drawing !== undefined;
    },
    fire: async neurons => {
      for (const neuron of neurons) await this.module.order('fire', neuron);
    },
    stimulate: (neuron, levels) => this.module.order('stimulate', neuron, levels),
    modulate: (neuron, levels) => this.module.order('modulate', neuron, levels),
    watch: async options => {
      await this.watch(options);
      this.changed();
    },
    setBreakpoints: async breakpoints => {
      const triples = breakpoints.flatMap(({neuron, on, level}) => [neuron, on === 'level' ? 1 : 0, level ?? 0]);
      await this.module.wait('set_breakpoints', [Int32Array.from(triples)]);
    },
    seek: tick => {
      this.stepsLeft = 0;
      this.pace = [];
      return this.applied('seek', tick);
    },
    history: () => ({from: this.module.call('recorded_from'), to: this.module.call('recorded_to')}),
    neuron: index => this.module.ask('neuron', index),
    find: path => {
      const index = this.module.call('find', path);
      return index < 0 ? null : index;
    },
    paths: neurons => this.module.ask('paths', Uint32Array.from(neurons)),
    why: (neuron, tick) => this.module.ask('why', neuron, tick),
    save: form => this.module.bytes('save', SAVE_FORMS.indexOf(form)),
    hash: () => this.module.ask('hash'),
    frameTaken: buffers => {
      this.pool.give(buffers);
      this.frameWanted = true;
      this.schedule();
    },
    trap: () => {
      this.module.call('trap');
    },
    loseGpu: () => this.module.loseGpu(),
  };

  private async applied(name: string, ...values: (string | number)[]): Promise<Applied> {
    const applied = await this.module.ask<Applied>(name, ...values);
    if (applied.moved) applied.moved = Uint32Array.from(applied.moved);
    this.changed();
    return applied;
  }

  private async watch(options: Watch): Promise<void> {
    this.watched = options;
    await this.module.wait('set_probes', [Uint32Array.from(options.probes)]);
  }

  private tellCore(info: CoreInfo): void {
    this.module.call('core_changed'); // what it tells is known now
    this.post({kind: 'core', info}, []);
  }

  // --- The pump

  /** Something can be seen that could not before. */
  private changed(): void {
    this.frameDue = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || !this.engine) return;
    this.scheduled = true;
    this.yieldTo(() => this.takeTurn());
  }

  private scheduleIn(milliseconds: number): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setTimeout(() => this.takeTurn(), milliseconds);
  }

  private takeTurn(): void {
    this.turn = this.turn.then(() => this.slice()).then(() => this.lookAtDrawing());
  }

  private async slice(): Promise<void> {
    this.scheduled = false;
    const engine = this.engine;
    if (!engine) return;
    try {
      const busy = !this.hidden && (await this.compute(engine));
      await this.lookAtCore(engine);
      const now = performance.now();
      if (this.frameDue && this.frameWanted && !this.hidden && now - this.lastFrame >= FRAME_INTERVAL) await this.sendFrame(engine, now);
      if (busy) this.schedule();
      else if (!this.hidden && engine.call('running') !== 0) this.scheduleIn(SLICE / 2);
      else if (this.frameDue && this.frameWanted && !this.hidden) this.scheduleIn(FRAME_INTERVAL);
    } catch (error) {
      this.crash(error);
    }
  }

  /** Computes for a slice. True: there is more to do at once. */
  private async compute(engine: EngineModule): Promise<boolean> {
    const start = performance.now();
    if (this.stepsLeft > 0) {
      for (let chunk = 1; this.stepsLeft > 0 && performance.now() - start < SLICE; chunk = Math.min(2 * chunk, 64)) {
        const ticks = Math.min(chunk, this.stepsLeft);
        await engine.wait('step', [ticks]);
        this.stepsLeft -= ticks;
      }
      this.frameDue = true;
      return this.stepsLeft > 0;
    }
    if (engine.call('running') === 0) return false;
    const ticks = await engine.wait('pump', [start * 1000, SLICE * 1000]);
    if (ticks > 0) this.frameDue = true;
    const end = performance.now();
    this.remember(end, engine.call('now'));
    return end - start >= SLICE;
  }

  /** Changes the core when that is due, and tells the page of another one. */
  private async lookAtCore(engine: EngineModule): Promise<void> {
    if (engine.call('core_choice_due') !== 0) {
      await engine.wait('choose_core', [], true);
      this.pace = [];
    }
    if (engine.call('core_changed') !== 0) this.tellCore(await engine.ask<CoreInfo>('core'));
  }

  private lookAtDrawing(): void {
    if (this.drawing?.look() === false) this.endDrawing();
  }
  private endDrawing(): void {
    this.drawing?.end();
    this.drawing = undefined;
  }

  private remember(time: number, tick: number): void {
    const last = this.pace.at(-1);
    if (last && time - last.time < 10) return;
    this.pace.push({time, tick});
    while (this.pace.length > 2 && time - this.pace[0]!.time > 1000) this.pace.shift();
  }

  /** Ticks per millisecond over the last second. */
  private ticksPerMillisecond(): number {
    const first = this.pace[0];
    const last = this.pace.at(-1);
    if (!first || !last || last.time - first.time < 50) return 0;
    return (last.tick - first.tick) / (last.time - first.time);
  }

  // --- Frames

  private async sendFrame(engine: EngineModule, now: number): Promise<void> {
    const levels = await this.sampleLevels(engine);
    const transfer: ArrayBuffer[] = [];
    const copy = <T extends Int16Array | Uint16Array | Uint32Array>(
      source: T,
      kind: {new (buffer: ArrayBuffer, from: number, length: number): T},
    ): T => {
      const buffer = this.pool.take(source.byteLength);
      const target = new kind(buffer, 0, source.length);
      target.set(source);
      transfer.push(buffer);
      return target;
    };
    const size = engine.call('spikes_size');
    const shown = Math.min(size, MOST_SPIKES);
    const running = engine.call('running') !== 0 || this.stepsLeft > 0;
    const frame: Frame = {
      tick: engine.call('now'),
      running,
      factor: running ? this.ticksPerMillisecond() : 0,
      spikes: copy(engine.viewUint32(engine.call('spikes') + 4 * (size - shown), shown), Uint32Array),
      spikeCount: engine.call('spike_count'),
    };
    if (levels) {
      const {at, first, count} = levels;
      if (first !== null) frame.levelsFrom = first;
      frame.levels = copy(engine.viewInt16(at, count), Int16Array);
      frame.thresholds = copy(engine.viewUint16(at + 2 * count, count), Uint16Array);
      frame.modulation = copy(engine.viewInt16(at + 4 * count, count), Int16Array);
    }
    if (this.watched.probes.length > 0) frame.probes = this.probeSamples(engine);
    if (engine.call('replayed') !== 0) frame.edited = true;
    const stoppedBy = engine.call('stopped_by');
    if (stoppedBy >= 0) frame.stoppedBy = stoppedBy;
    engine.call('clear_frame');
    this.frameDue = false;
    this.frameWanted = false;
    this.lastFrame = now;
    this.post({kind: 'frame', frame}, transfer);
  }

  /** Where the levels that are watched lie in the module's memory; `first` null: of all neurons. */
  private async sampleLevels(engine: EngineModule): Promise<{at: number; first: number | null; count: number} | null> {
    const {levels} = this.watched;
    if (!levels) return null;
    const size = engine.call('size');
    const from = levels === true ? 0 : Math.min(levels.first, size);
    const count = levels === true ? size : Math.min(levels.count, size - from);
    return {at: await engine.wait('levels', [from, count]), first: levels === true ? null : from, count};
  }

  private probeSamples(engine: EngineModule): Frame['probes'] {
    const neurons = Uint32Array.from(this.watched.probes);
    const samples = engine.viewInt32(engine.call('probe_samples'), engine.call('probe_samples_size'));
    const values = samples.length / 3;
    const levels = new Int16Array(values);
    const thresholds = new Uint16Array(values);
    const modulation = new Int16Array(values);
    for (let i = 0; i < values; ++i) {
      levels[i] = samples[3 * i]!;
      thresholds[i] = samples[3 * i + 1]!;
      modulation[i] = samples[3 * i + 2]!;
    }
    return {neurons, from: engine.call('probe_from'), levels, thresholds, modulation};
  }

  private crash(error: unknown): void {
    this.endDrawing();
    this.engine = undefined;
    const text = error instanceof Error ? error.message : String(error);
    const isMemory = /memory/i.test(text);
    this.post(
      {
        kind: 'crash',
        problem: {
          what: isMemory ? 'the engine ran out of memory' : `the engine stopped unexpectedly (${text})`,
          where: '',
          fix: isMemory ? 'use a smaller circuit' : 'start it again: the document is kept',
        },
      },
      [],
    );
  }
}
