// What the studio and its engine say to each other. The engine is the C++ one in a worker: nothing here is a second model of a network, only the
// shapes in which it answers. All numbers are whole; times are in ticks (1 tick = 1 ms unless the circuit says otherwise).

/** Problems that arise in the browser, not in the C++ engine: the page may tell them in its own words. */
export type ProblemCode =
  | 'badLink'
  | 'storageFull'
  | 'storageCleared'
  | 'storageRefused'
  | 'takenOver'
  | 'serverGone'
  | 'fileChanged'
  | 'stopped';

/** A problem as the engine tells it: what is wrong, where, and what to do. `where` and `fix` may be empty. */
export interface Problem {
  what: string;
  where: string;
  fix: string;
  code?: ProblemCode;
  /** Of what the browser refused: its own words. */
  reason?: string;
  /** Of a text that is no circuit: all that is wrong with it, at most 200, in the order of the text; and how many there are. */
  problems?: TextProblem[];
  problemCount?: number;
}

/** What is wrong in a text, and where: line and column from 1, in characters. */
export interface TextProblem {
  line: number;
  column: number;
  what: string;
  fix: string;
}

export type Json = null | boolean | number | string | Json[] | {[name: string]: Json};

/** One operation on the document, as docs/operations.md describes them. */
export interface Operation {
  op: string;
  [member: string]: Json | undefined;
}

export interface Settings {
  /** Microseconds a tick. */
  tick: number;
  /** 64 bits, in decimal digits. */
  seed: string;
  thresholdNoise: number;
  delayJitter: number;
}

/** Name -> text or number. */
export type Environment = Record<string, string | number>;

export interface Counts {
  neurons: number;
  synapses: number;
  plasticSynapses: number;
  graphBytes: number;
  stateBytes: number;
}

/** The document as a whole, with how far it can be undone. */
export interface DocumentInfo {
  title: string;
  description: string;
  settings: Settings;
  /** Variables of the root circuit, which settings of organs can name. */
  environment?: Environment;
  counts: Counts;
  /** Number of flat neurons: indices are 0..size-1, those of removed neurons included. */
  size: number;
  /** Edits that can be undone and redone. */
  undo: number;
  redo: number;
  /** What looks unintended. */
  warnings: Problem[];
}

export interface Opened extends DocumentInfo {
  tick: number;
}

export interface Applied extends DocumentInfo {
  /** `in` of each circuit whose own content changed. */
  views: string[];
  /** Absent: all flat indices stay valid, new neurons come behind them. Else the new index of each old one, or 0xffffffff. */
  moved?: Uint32Array;
  /** Whether the network changed; false: only drawing and texts. */
  structure: boolean;
  /** Ids of nodes that were added. */
  created: string[];
  /** Kind of the first operation of the undo step. */
  label: string;
}

export type Source = {text: string; name?: string} | {bytes: Uint8Array; name?: string} | {example: string};

/** A number of neurons, or none, in the flat list: first .. first + count - 1. */
export interface NeuronRange {
  first: number;
  count: number;
}

export interface Port {
  /** Alias, or path of the neuron inside. */
  name: string;
  description: string;
  /** Flat index. */
  neuron: number;
}

/** A property that an instance or heir has otherwise than what it takes over. */
export interface Override {
  target: string;
  property: string;
  value: number | string | boolean | [number, number];
}

export interface NodeView extends NeuronRange {
  id: string;
  kind: 'neuron' | 'circuit' | 'organ' | 'generator';
  position: [number, number] | null;
  size: [number, number] | null;
  /** False: a population. */
  single: boolean;
  /** Neurons in a row of a population's grid; 0: all in one row. */
  width: number;
  /** As the text form names them, defaults included. */
  properties: Record<string, number | string>;
  inputAlias?: string;
  outputAlias?: string;
  /** Of circuits, organs and generators. */
  title?: string;
  inputs?: Port[];
  outputs?: Port[];
  neurons?: number;
  circuits?: number;
  organs?: number;
  /** Number of copies id[0]..; absent: a single one. */
  copies?: number;
  prototype?: string;
  group?: string;
  /** What this instance changes in what it takes over. */
  overrides?: Override[];
  /** Of an organ: its type. */
  type?: string;
  /** Of an organ: a JSON object. Of a circuit that a generator makes: those that differ from its defaults. */
  settings?: string | Record<string, number | string>;
  /** Of an organ: its settings with the variables of the environment put in, a JSON object. */
  effective?: string;
  /** Of a circuit that is made by a generator: its name, and its seed if it has one of its own. */
  generator?: string;
  seed?: string;
}

export interface EndView {
  /** Id of the node of this circuit that the end lies in. */
  node: string;
  /** As written, relative to this circuit. */
  path: string;
  /** Flat index, or -1: all neurons of the node. */
  neuron: number;
}

/** A synapse or a fiber, as written. */
export interface EdgeView {
  list: 'synapses' | 'fibers';
  /** Place in the list, the latest one: it changes in the same object when edges before this one come or go. */
  index: number;
  from: EndView[];
  to: EndView[];
  /** Of a fiber: its rule, and what that goes by: 0..1, synapses of a source, cells. */
  rule?: string;
  probability?: number;
  fanout?: number;
  radius?: number;
  /** Columns and rows from each source to its targets, and weight and length of their synapses. */
  kernel?: [columns: number, rows: number, weight: number, length: number][];
  /** Opposite edges of the grid border on each other; a neuron may be connected to itself. */
  wrap?: boolean;
  allowSelf?: boolean;
  /** 64 bits, in decimal digits; absent: the circuit's. */
  seed?: string;
  synapses: number;
  type: 'direct' | 'modulator' | 'electric';
  /** Lowest and highest. */
  weight: [number, number];
  length: [number, number];
  stmRate: number;
  ltmRate: number;
  restorationRate: number;
}

export interface CommentView {
  index: number;
  author: string;
  text: string;
  thread: {author: string; text: string}[];
  /** What it asks for is done. */
  resolved: boolean;
  position: [number, number] | null;
  size: [number, number] | null;
}

/** What a prototype that extends another has of its own, and what it changes in the rest. */
export interface Heir {
  extends: string;
  /** Ids of its own nodes. */
  nodes: string[];
  /** How many of the connections and comments are its own: the last of the view. */
  synapses: number;
  fibers: number;
  comments: number;
  overrides: Override[];
  removes: string[];
}

/** One circuit of the tree as the canvas shows it. */
export interface CircuitView {
  /** '' = root, 'leg[2]' = an instance, '/prototypes/leg' = a prototype by itself (then no neuron is alive: every first is -1). */
  path: string;
  title: string;
  description: string;
  /** Whose body an edit of this view changes, and the `in` of operations that do it. */
  source: {kind: 'own' | 'prototype' | 'group' | 'inside' | 'generator'; name?: string; in: string; heir?: Heir};
  nodes: NodeView[];
  edges: EdgeView[];
  comments: CommentView[];
}

/** Live, for one tick after another: tick, level, threshold, modulation of each probed neuron. */
export interface ProbeSamples {
  neurons: Uint32Array;
  /** Tick of the first row. */
  from: number;
  /** Row by row (one a tick), in the order of `neurons`. Units as in Frame. */
  levels: Int16Array;
  thresholds: Uint16Array;
  modulation: Int16Array;
}

export interface Breakpoint {
  neuron: number;
  /** Stops when it fires, or when its level (1/16) reaches `level` from below (from above when `level` is negative). */
  on: 'fire' | 'level';
  level?: number;
}

export interface Frame {
  /** The tick that comes next. */
  tick: number;
  running: boolean;
  /** Model time per real time over the last second. */
  factor: number;
  /** Pairs (tick, neuron) since the frame before, rising. At most 2^18 pairs: the latest. */
  spikes: Uint32Array;
  /** Spikes since the frame before, those that are left out of `spikes` included. */
  spikeCount: number;
  /** The first neuron of the following three, when not all were watched. */
  levelsFrom?: number;
  /** Per flat neuron, in 1/16 level; when watched. */
  levels?: Int16Array;
  /** Per flat neuron: effective threshold in 1/16 level. */
  thresholds?: Uint16Array;
  /** Per flat neuron, in 1/256 level. */
  modulation?: Int16Array;
  probes?: ProbeSamples;
  /** Edits of a past that is being replayed have changed the document: what is shown of it is to be asked for anew. */
  edited?: boolean;
  /** Index of the breakpoint that has just paused the run. */
  stoppedBy?: number;
}

export interface SynapseDetails {
  source: number;
  target: number;
  /** Counts synapses alike in source, target and type. */
  ordinal: number;
  type: 'direct' | 'modulator' | 'electric';
  weight: number;
  length: number;
  stmRate: number;
  ltmRate: number;
  restorationRate: number;
  /** Learned parts in 1/256 weight. */
  shortTerm: number;
  longTerm: number;
  /** What a spike that crosses it now adds. */
  effectiveWeight: number;
}

export interface NeuronDetails {
  neuron: number;
  path: string;
  properties: Record<string, number | string>;
  /** 1/16 level; threshold in 1/256 level; effectiveThreshold in 1/16 level; modulation in 1/256 level; the rest in ticks and spikes. */
  state: {
    level: number;
    threshold: number;
    effectiveThreshold: number;
    modulation: number;
    refractoryLeft: number;
    burstLeft: number;
    ownSpikeIn: number;
  };
  afferents: SynapseDetails[];
  efferents: SynapseDetails[];
}

/** A stimulus that reached a neuron in the tick of a spike. */
export interface Cause {
  kind: 'synapse' | 'hand' | 'own timer';
  /** How it acts; absent for the own timer. */
  type?: 'direct' | 'modulator' | 'electric';
  /** Of a synapse: where it came from, and the tick in which the source fired. */
  source?: number;
  firedAt?: number;
  synapse?: SynapseDetails;
  /** Levels that it added. */
  value: number;
}

export interface Why {
  neuron: number;
  tick: number;
  fires: boolean;
  /** It was refractory: what arrived was ignored. */
  blocked: boolean;
  /** In 1/16 level: before the stimuli of the tick, and what it was compared with. */
  level: number;
  threshold: number;
  /** 1/16 level: part of the threshold that was drawn for this tick. */
  noise: number;
  /** 1/256 level. */
  modulation: number;
  causes: Cause[];
}

export interface GeneratorSetting {
  name: string;
  title: string;
  description: string;
  /** Whole numbers low..high, or one of the choices. */
  low?: number;
  high?: number;
  choices?: string[];
  value: number | string;
}

export interface GeneratorInfo {
  name: string;
  title: string;
  description: string;
  settings: GeneratorSetting[];
}

export interface PrototypeInfo {
  name: string;
  version: number;
  title: string;
  description: string;
  extends?: string;
  /** Of a library: the file it comes from. */
  library?: string;
}

export interface Library {
  prototypes: PrototypeInfo[];
  groups: {name: string; title: string; copies: number}[];
  generators: GeneratorInfo[];
}

export interface OutlineNode {
  id: string;
  kind: NodeView['kind'];
  path: string;
  title?: string;
  /** Of a population: its neurons; of copies: their number. */
  count: number;
  prototype?: string;
  group?: string;
  generator?: string;
  children?: OutlineNode[];
}

export interface Watch {
  /** Levels, thresholds and modulation in every frame: of all neurons, of none, or of `count` from `first` on. */
  levels: boolean | {first: number; count: number};
  /** Neurons whose every tick is wanted: at most 64. */
  probes: number[];
}

/** Which core is to compute; 'auto': a GPU where it was measured to be faster on this network, else the cpu core. */
export type CoreChoice = 'auto' | 'cpu' | 'gpu';

export interface CoreInfo {
  choice: CoreChoice;
  running: 'cpu' | 'gpu';
  /** Of the GPU, or of the instruction set of the cpu core. */
  name: string;
  /**
   * Why that one runs. chosen: asked for, or nothing was measured yet; light: no GPU could be faster; faster, slower: measured, the GPU is or is
   * not; software: the only GPU is a processor that plays one; missing: there is none that a page may use; refused: it cannot hold this network;
   * failed: it was lost or its memory ran out, and the cpu core went on.
   */
  because: 'chosen' | 'light' | 'faster' | 'slower' | 'software' | 'missing' | 'refused' | 'failed';
  /** The same in a line of English; may be empty. */
  reason: string;
}

export type SaveForm = 'flx' | 'flx with state' | 'text';

export interface EngineClient {
  open(source: Source): Promise<Opened>;
  document(): Promise<DocumentInfo>;
  /** Of a large circuit, elements that did not change are the same objects as in the view before. */
  view(path: string): Promise<CircuitView>;
  /** What the edges of a view have learned, in its order: short-term and long-term part together, in 1/256 weight. */
  learned(path: string): Promise<Int32Array>;
  outline(): Promise<OutlineNode>;
  library(): Promise<Library>;
  /** One undo step. Steps in a row with the same `merge` become one: a slider that is dragged. Rejects with an EngineError, nothing changed. */
  apply(operations: Operation[], options?: {merge?: string}): Promise<Applied>;
  undo(): Promise<Applied>;
  redo(): Promise<Applied>;
  /** Gives neurons the places that the document gives them when it is opened: what is saved with its state then goes on alike, noise too. */
  settle(): Promise<Applied>;
  /** A fragment of the circuit `path` (its `source.in`) as text, for the clipboard and the `paste` operation. */
  copyText(path: string, ids: string[]): Promise<string>;
  /** The circuit that a generator makes, as a document in the text form. */
  generate(name: string, settings: Record<string, number | string>, seed?: string): Promise<string>;

  run(): void;
  pause(): void;
  step(ticks: number): void;
  /** Model time per real time in thousandths; 0 = as fast as possible. */
  setSpeed(thousandths: number): void;
  /** Stops computing while nobody looks; nothing is lost. */
  setHidden(hidden: boolean): void;

  /** Goes on with another core; nothing is lost. Where there is no GPU the cpu core computes, and the answer says why. */
  setCore(choice: CoreChoice): Promise<CoreInfo>;
  core(): Promise<CoreInfo>;
  /** Calls back when another core runs or another reason holds. Returns what ends it. */
  onCore(callback: (info: CoreInfo) => void): () => void;

  /**
   * Lets the worker draw on a canvas, from the buffers of a network that runs on its GPU. The port carries what Drawing takes and answers. False:
   * no GPU computes, or it cannot draw. The drawing ends with the GPU's turn, and says so.
   */
  drawOn(canvas: OffscreenCanvas, port: MessagePort): Promise<boolean>;

  fire(neurons: number | number[]): void;
  stimulate(neuron: number, levels: number): void;
  modulate(neuron: number, levels: number): void;

  watch(options: Watch): void;
  setBreakpoints(breakpoints: Breakpoint[]): void;
  /** Called at most once per display frame, and only when the frame before was taken. Returns what ends it. */
  onFrame(callback: (frame: Frame) => void): () => void;

  /** Goes to the moment before a recorded tick; the document is as it was then. */
  seek(tick: number): Promise<Applied>;
  history(): Promise<{from: number; to: number}>;
  neuron(index: number): Promise<NeuronDetails>;
  find(pathOrAlias: string): Promise<number | null>;
  paths(neurons: number[]): Promise<string[]>;
  why(neuron: number, tick: number): Promise<Why>;

  save(form: SaveForm): Promise<Uint8Array>;
  hash(): Promise<{spikes: string; state: string}>;

  /** The worker ended (a trap, no memory). The document is kept; `restart` opens it again as it was after the last edit, at tick 0. */
  onCrash(callback: (problem: Problem) => void): () => void;
  restart(): Promise<Opened>;
  close(): void;
}

/** A Problem as an exception: what every call of the client rejects with. */
export class EngineError extends Error implements Problem {
  readonly what: string;
  readonly where: string;
  readonly fix: string;
  readonly code?: ProblemCode;
  readonly reason?: string;
  readonly problems?: TextProblem[];
  readonly problemCount?: number;

  constructor(problem: Problem) {
    super([problem.where, problem.what, problem.fix].filter(part => part !== '').join(': '));
    this.name = 'EngineError';
    this.what = problem.what;
    this.where = problem.where;
    this.fix = problem.fix;
    this.code = problem.code;
    this.reason = problem.reason;
    this.problems = problem.problems;
    this.problemCount = problem.problemCount;
  }
}
