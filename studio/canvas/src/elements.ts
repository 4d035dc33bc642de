import type {GraphicsName} from './graphics/graphics';
import type {SingleSynapse} from './scene/singles';
import type {EdgeView} from './types';

/** One thing on the canvas, named so that it survives a new view. */
export type ElementRef = {kind: 'node'; id: string} | {kind: 'edge'; list: EdgeView['list']; index: number} | {kind: 'comment'; id: string};

export function elementKey(element: ElementRef): string {
  return element.kind === 'edge' ? `edge ${element.list} ${element.index}` : `${element.kind} ${element.id}`;
}

export function nodeRef(id: string): ElementRef {
  return {kind: 'node', id};
}

export interface Point {
  x: number;
  y: number;
}

/** Left, top, right, bottom in world units. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** One end of a connection that a person draws: the whole node, or one neuron or port of it. */
export interface ConnectionEnd {
  node: string;
  /** Flat number, or -1: all of the node. */
  neuron: number;
  /** Alias of the port, when one was hit. */
  port?: string;
}

export type Tool = 'hand' | 'select' | 'comment' | 'connect';
export type ThemeName = 'dark' | 'light';

/** Where the pointer was, in world units and in CSS pixels of the window, and the modifiers held. */
export interface PointerPlace extends Point {
  clientX: number;
  clientY: number;
  shift: boolean;
  alt: boolean;
  ctrl: boolean;
}

export interface CanvasEvents {
  'click-empty': PointerPlace;
  'click-node': PointerPlace & {node: string; neuron: number};
  'click-edge': PointerPlace & {element: ElementRef};
  /** A synapse of a fiber was clicked, one of those that are drawn for the neuron that is looked at. */
  'click-single': PointerPlace & {synapse: SingleSynapse};
  'click-comment': PointerPlace & {id: string};
  'double-click-node': PointerPlace & {node: string; neuron: number};
  /** The comment tool was used on empty canvas. */
  'add-comment': PointerPlace;
  select: {elements: ElementRef[]};
  /** A drag, an alignment or a layout ended: centres in world units. */
  move: {items: {element: ElementRef; position: [number, number]}[]};
  resize: {element: ElementRef; position: [number, number]; size: [number, number]};
  connect: {from: ConnectionEnd; to: ConnectionEnd};
  'connect-start': {from: ConnectionEnd | null};
  'context-menu': PointerPlace & {element: ElementRef | null; neuron: number};
  hover: (PointerPlace & {element: ElementRef; neuron: number}) | null;
  /** A neuron was clicked with the modifier that fires it. */
  fire: {node: string; neuron: number};
  delete: {elements: ElementRef[]};
  /** Enter on a node: open or edit it. */
  open: {element: ElementRef};
  camera: {x: number; y: number; zoom: number};
  /** A circuit handed over with setView is now shown. */
  view: {path: string};
  theme: {name: ThemeName};
  /** Neurons, from the first to the last, whose levels are shown as numbers; null: none are. */
  numbered: {neurons: {first: number; count: number} | null};
  /** What draws from now on; 'simulation': a worker, from the buffers of a network that runs on its GPU. */
  graphics: {name: GraphicsName | 'simulation'};
  /** The graphics context was lost or came back. */
  context: {lost: boolean};
  /** Nothing can draw any more. */
  failed: {message: string};
}

export type CanvasEventName = keyof CanvasEvents;
