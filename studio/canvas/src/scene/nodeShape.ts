import type {Point} from '../elements';
import type {NodeView, Port} from '../types';

export const neuronRadius = 22;
export const boxHeader = 26;
const portPitch = 20;
const cellPitch = 14;
const largestPopulation = 420;

/** How the neurons of a node are laid out inside it: a grid around the middle of the node. */
export interface CellGrid {
  columns: number;
  rows: number;
  /** Distance of neighbouring cells, in world units. */
  pitch: number;
  /** Middle of the grid relative to the middle of the node. */
  offsetX: number;
  offsetY: number;
}

/** How a node is drawn, in world units. */
export interface NodeForm {
  width: number;
  height: number;
  /** A single neuron. */
  round: boolean;
  grid: CellGrid | null;
}

export function formOf(view: NodeView): NodeForm {
  const [width, height] = nodeSize(view);
  return {width, height, round: isRound(view), grid: cellGrid(view, width, height)};
}

export function isPopulation(node: NodeView): boolean {
  return node.kind === 'neuron' && !node.single;
}

export function isBox(node: NodeView): boolean {
  return node.kind !== 'neuron';
}

export function isRound(node: NodeView): boolean {
  return node.kind === 'neuron' && node.single;
}

/** Width and height of the node in world units: its own, or what suits its content. */
export function nodeSize(node: NodeView): [number, number] {
  if (node.kind === 'neuron') {
    if (node.single) {
      const diameter = node.size ? Math.max(8, Math.min(node.size[0], node.size[1])) : 2 * neuronRadius;
      return [diameter, diameter];
    }
    if (node.size) return node.size;
    const [columns, rows] = gridOf(node.count, node.width, 1);
    const pitch = Math.min(cellPitch, largestPopulation / Math.max(columns, rows));
    return [Math.max(columns * pitch + 12, 48), Math.max(rows * pitch + 12, 48)];
  }
  if (node.size) return [Math.max(60, node.size[0]), Math.max(44, node.size[1])];
  const ports = Math.max(node.inputs?.length ?? 0, node.outputs?.length ?? 0);
  const body = Math.max(ports * portPitch, node.kind === 'organ' ? 20 : 64);
  return [node.kind === 'organ' ? 132 : 160, boxHeader + body + 10];
}

/** Columns and rows of a grid of `count` cells whose shape is nearest to `aspect` (width over height). */
export function gridOf(count: number, width: number, aspect: number): [number, number] {
  if (count <= 0) return [1, 1];
  const columns = width > 0 ? width : Math.max(1, Math.min(count, Math.round(Math.sqrt(count * aspect))));
  return [columns, Math.ceil(count / columns)];
}

export function cellGrid(node: NodeView, width: number, height: number): CellGrid | null {
  if (node.count <= 0) return null;
  if (node.kind === 'neuron') {
    if (node.single) return {columns: 1, rows: 1, pitch: width, offsetX: 0, offsetY: 0};
    const [columns, rows] = gridOf(node.count, node.width, width / height);
    return {columns, rows, pitch: Math.min((width - 8) / columns, (height - 8) / rows), offsetX: 0, offsetY: 0};
  }
  if (node.kind === 'organ') return null;
  const inner = Math.max(20, width - (hasNamedPorts(node) ? 84 : 24));
  const innerHeight = Math.max(12, height - boxHeader - 12);
  const [columns, rows] = gridOf(node.count, 0, inner / innerHeight);
  const pitch = Math.min(inner / columns, innerHeight / rows, 20);
  return {columns, rows, pitch, offsetX: 0, offsetY: (boxHeader - 4) / 2};
}

function hasNamedPorts(node: NodeView): boolean {
  return (node.inputs?.length ?? 0) + (node.outputs?.length ?? 0) > 0;
}

/** Middle of a port relative to the middle of its node. */
export function portOffset(node: NodeView, width: number, height: number, side: 'inputs' | 'outputs', index: number): Point {
  const ports = (node[side] ?? []).length;
  const top = -height / 2 + boxHeader;
  const room = height - boxHeader - 8;
  return {x: side === 'inputs' ? -width / 2 : width / 2, y: top + (room * (index + 0.5)) / Math.max(1, ports)};
}

/** Number of the port that leads to the flat neuron or is called by the path; -1: none. */
export function portIndex(ports: Port[] | undefined, neuron: number, path: string): number {
  if (!ports) return -1;
  const alias = path.slice(path.lastIndexOf('/') + 1);
  const named = ports.findIndex(port => port.name === alias);
  if (named >= 0) return named;
  return neuron < 0 ? -1 : ports.findIndex(port => port.neuron === neuron);
}

/** Middle of a neuron's cell relative to the middle of its node. */
export function cellOffset(grid: CellGrid, index: number): Point {
  const column = index % grid.columns;
  const row = Math.floor(index / grid.columns);
  return {
    x: grid.offsetX + (column - (grid.columns - 1) / 2) * grid.pitch,
    y: grid.offsetY + (row - (grid.rows - 1) / 2) * grid.pitch,
  };
}

/** Number of the cell at a place relative to the middle of the node, -1: none. */
export function cellAt(grid: CellGrid, count: number, x: number, y: number): number {
  const column = Math.round((x - grid.offsetX) / grid.pitch + (grid.columns - 1) / 2);
  const row = Math.round((y - grid.offsetY) / grid.pitch + (grid.rows - 1) / 2);
  if (column < 0 || row < 0 || column >= grid.columns || row >= grid.rows) return -1;
  const index = row * grid.columns + column;
  return index < count ? index : -1;
}
