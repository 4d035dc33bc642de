import type {ConnectionEnd, ElementRef, SingleSynapse, ThemeName, Tool} from '@flux/canvas';
import type {CircuitView, CoreInfo, DocumentInfo, Library, OutlineNode} from '@flux/engine';
import type {MessageKey, Values} from '../i18n';
import type {BadFile} from './badFile';
import type {Comparison} from './compare';

export type LeftTab = 'outline' | 'explorer';
export type RightTab = 'inspector' | 'organs' | 'settings';
export type DockTab = 'raster' | 'traces' | 'weights' | 'statistics' | 'history';

/** A place on the canvas (world units) and on the window (CSS pixels), for what opens beside it. */
export interface Place {
  x: number;
  y: number;
  clientX: number;
  clientY: number;
}

export type Dialog =
  | {kind: 'new-node'; place: Place; type: 'neuron' | 'circuit' | 'organ' | 'generator'; generator?: string}
  | {kind: 'new-synapse'; from: ConnectionEnd; to: ConnectionEnd; place: Place /** The target is still to be chosen. */; pick?: boolean}
  | {kind: 'new-comment'; place: Place}
  | {kind: 'palette'; nodesOnly: boolean}
  | {kind: 'gallery'}
  | {kind: 'shortcuts'}
  | {kind: 'bad-file'; file: BadFile}
  | {kind: 'name'; title: MessageKey; value: string; onName: (name: string) => void};

/**
 * A change that was made in the past: where the two futures part, how far the first one is known, and its spikes as pairs, with those of the
 * past that both share.
 */
export interface Future {
  tick: number;
  to: number;
  before: Uint32Array;
}

/** The instance that the circuit which is shown lies in: the circuit it is written in, its id there, and the path from it to here. */
export interface Owner {
  in: string;
  node: string;
  prefix: string;
}

/** Something that went wrong or is worth a line, shown until it is dismissed or its time is over. */
export interface Notice {
  id: number;
  kind: 'info' | 'error';
  heading?: string;
  text: string;
  where?: string;
  fix?: string;
  /** One thing to do about it. */
  action?: string;
  act?: () => void;
  stays?: boolean;
}

export interface Edit {
  key: MessageKey;
  values: Values;
  at: number;
}

export interface Breakpoint {
  neuron: number;
  name: string;
  /** Level in whole levels, or absent: pause at its spike. */
  level?: number;
}

export interface Probe {
  neuron: number;
  name: string;
}

export interface StudioState {
  status: 'loading' | 'ready' | 'crashed';
  /** How many documents were opened so far: what counts for one document begins anew with the next. */
  opened: number;
  /** Title, settings, counts, as of the last edit. */
  info: DocumentInfo | null;
  library: Library | null;
  /** What computes, and why. */
  core: CoreInfo | null;
  view: CircuitView | null;
  tabs: string[];
  active: string;
  outline: OutlineNode | null;
  hasCanvas: boolean;
  selection: ElementRef[];
  /** Of the one selected population: which of its neurons is looked at. */
  cell: number | null;
  /** Of the synapses that are drawn one by one for the neuron that is looked at: which one is told about. */
  single: Omit<SingleSynapse, 'weight'> | null;
  tool: Tool;
  edits: Edit[];
  /** How many of the edits are in effect; those behind it can be redone. */
  editsDone: number;
  running: boolean;
  /** Thousandths of real time; 0: as fast as possible. */
  speed: number;
  seekable: {from: number; to: number} | null;
  dialog: Dialog | null;
  menu: {x: number; y: number; commands: (string | null)[]} | null;
  leftTab: LeftTab;
  rightTab: RightTab;
  dockTab: DockTab;
  leftOpen: boolean;
  rightOpen: boolean;
  dockOpen: boolean;
  leftWidth: number;
  rightWidth: number;
  dockHeight: number;
  theme: ThemeName;
  /** 0 little, 1 what the machine carries easily, 2 everything. */
  detail: 0 | 1 | 2;
  saved: 'saved' | 'saving' | 'failed' | 'none';
  notices: Notice[];
  probes: Probe[];
  breakpoints: Breakpoint[];
  /** The spike that is being explained. */
  why: {neuron: number; tick: number} | null;
  /** Set after a change made in the past: where it branched off. */
  future: Future | null;
  /** How the circuit that is shown differs from another version of it. */
  comparison: Comparison | null;
  /** Of an instance that is looked into: whether a change shows in all instances, or is an override of this one. */
  scope: 'all' | 'this';
  owner: Owner | null;
}
