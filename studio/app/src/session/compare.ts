import type {ElementRef} from '@flux/canvas';
import type {CircuitView, EdgeView, NodeView, Source} from '@flux/engine';
import {startEngine} from './engine';
import type {Session} from './session';

export interface Comparison {
  /** What the open circuit is compared with. */
  name: string;
  /** Elements of the open circuit: those the other has not, and those that it has otherwise. */
  added: ElementRef[];
  changed: {element: ElementRef; name: string; what: string}[];
  /** Names of elements that only the other has. */
  removed: string[];
}

/** Compares the circuit that is shown with the one at the same path of another document. */
export async function compareWith(session: Session, source: Source, name: string): Promise<Comparison | null> {
  const {view, active} = session.state.get();
  if (!view) return null;
  const engine = startEngine();
  try {
    await engine.open(source);
    return differences(view, await engine.view(active), name);
  } finally {
    engine.close();
  }
}

export function differences(view: CircuitView, other: CircuitView, name: string): Comparison {
  const comparison: Comparison = {name, added: [], changed: [], removed: []};
  const otherNodes = new Map(other.nodes.map(node => [node.id, node]));
  for (const node of view.nodes) {
    const element: ElementRef = {kind: 'node', id: node.id};
    const before = otherNodes.get(node.id);
    if (!before) comparison.added.push(element);
    else note(comparison, element, node.id, nodeChanges(before, node));
    otherNodes.delete(node.id);
  }
  comparison.removed.push(...otherNodes.keys());

  const otherEdges = named(other.edges);
  for (const [key, edge] of named(view.edges)) {
    const element: ElementRef = {kind: 'edge', list: edge.list, index: edge.index};
    const before = otherEdges.get(key);
    if (!before) comparison.added.push(element);
    else note(comparison, element, key, edgeChanges(before, edge));
    otherEdges.delete(key);
  }
  comparison.removed.push(...otherEdges.keys());
  return comparison;
}

function note(comparison: Comparison, element: ElementRef, name: string, changes: string[]): void {
  if (changes.length > 0) comparison.changed.push({element, name, what: changes.join(', ')});
}

function nodeChanges(before: NodeView, now: NodeView): string[] {
  const own = (node: NodeView): Record<string, unknown> => ({
    ...node.properties,
    count: node.single ? 1 : node.count,
    prototype: node.prototype,
    group: node.group,
    type: node.type,
    settings: JSON.stringify(node.settings),
    generator: node.generator,
    inputAlias: node.inputAlias,
    outputAlias: node.outputAlias,
  });
  return changes(own(before), own(now));
}

function edgeChanges(before: EdgeView, now: EdgeView): string[] {
  const own = ({type, weight, length, stmRate, ltmRate, restorationRate, rule}: EdgeView): Record<string, unknown> => ({
    type,
    weight: range(weight),
    length: range(length),
    stmRate,
    ltmRate,
    restorationRate,
    rule,
  });
  return changes(own(before), own(now));
}

function changes(before: Record<string, unknown>, now: Record<string, unknown>): string[] {
  return Object.keys({...before, ...now}).flatMap(key =>
    before[key] === now[key] ? [] : [`${key}: ${before[key] ?? '—'} → ${now[key] ?? '—'}`],
  );
}

function range([low, high]: [number, number]): string {
  return low === high ? String(low) : `${low}..${high}`;
}

/** Connections by what they connect; several alike are numbered. */
function named(edges: EdgeView[]): Map<string, EdgeView> {
  const map = new Map<string, EdgeView>();
  for (const edge of edges) {
    const sides = [edge.from, edge.to].map(ends => ends.map(end => end.path).join(', '));
    const stem = sides.join(' → ');
    let key = stem;
    for (let number = 2; map.has(key); number++) key = `${stem} (${number})`;
    map.set(key, edge);
  }
  return map;
}
