// The messages between the page and the worker. A call with id 0 wants no answer; an error of one comes as a `problem`.
import type {Runs} from './elements';
import type {
  Applied,
  Breakpoint,
  CircuitView,
  CoreChoice,
  CoreInfo,
  DocumentInfo,
  Frame,
  Library,
  NeuronDetails,
  Opened,
  Operation,
  OutlineNode,
  Problem,
  SaveForm,
  Watch,
  Why,
} from './types';

export interface Calls {
  open(bytes: Uint8Array, name: string): Opened;
  document(): DocumentInfo;
  view(path: string): CircuitView;
  outline(): OutlineNode;
  learned(path: string): Int32Array;
  library(): Library;
  apply(operations: Operation[], merge: string): Applied;
  undo(): Applied;
  redo(): Applied;
  settle(): Applied;
  copyText(path: string, ids: string[]): string;
  generate(name: string, settings: Record<string, number | string>, seed: string): string;
  run(): void;
  pause(): void;
  step(ticks: number): void;
  setSpeed(thousandths: number): void;
  setHidden(hidden: boolean): void;
  setCore(choice: CoreChoice): CoreInfo;
  core(): CoreInfo;
  drawOn(canvas: OffscreenCanvas, port: MessagePort): boolean;
  fire(neurons: number[]): void;
  stimulate(neuron: number, levels: number): void;
  modulate(neuron: number, levels: number): void;
  watch(options: Watch): void;
  setBreakpoints(breakpoints: Breakpoint[]): void;
  seek(tick: number): Applied;
  history(): {from: number; to: number};
  neuron(index: number): NeuronDetails;
  find(pathOrAlias: string): number | null;
  paths(neurons: number[]): string[];
  why(neuron: number, tick: number): Why;
  save(form: SaveForm): Uint8Array;
  hash(): {spikes: string; state: string};
  /** The page has taken the last frame; its buffers may be used again. */
  frameTaken(buffers: ArrayBuffer[]): void;
  /** Ends the worker as a fault of the engine would: for tests of what happens then. */
  trap(): void;
  /** Loses the GPU as when its driver is reset: for tests. */
  loseGpu(): void;
}

/** Calls whose answers hold long lists, and the names of those. */
export const listsOf = {view: ['nodes', 'edges'], outline: ['children']} as const;
export type ListCall = keyof typeof listsOf;

export type CallName = keyof Calls;

export interface CallMessage {
  id: number;
  call: CallName;
  values: unknown[];
}

export type HostMessage =
  | {kind: 'answer'; id: number; value: unknown}
  /** New elements of a list of the answer that comes: in parts, so that the page is not blocked while it takes them. */
  | {kind: 'part'; id: number; list: number; elements: unknown[]}
  /** An answer without its lists, and how each of them comes from the last large answer of the same call; null: all of it came in parts. */
  | {kind: 'lists'; id: number; call: ListCall; value: object; large: boolean; runs: Runs[] | null}
  | {kind: 'error'; id: number; problem: Problem}
  | {kind: 'problem'; problem: Problem}
  | {kind: 'frame'; frame: Frame}
  | {kind: 'core'; info: CoreInfo}
  | {kind: 'crash'; problem: Problem};
