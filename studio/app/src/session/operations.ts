import type {CircuitView, EdgeView, Json, NodeView, Operation} from '@flux/engine';

/** The part of an operation that names the circuit; the root goes without. */
export function inCircuit(view: CircuitView): {in?: string} {
  return view.source.in === '' ? {} : {in: view.source.in};
}

/** An instance whose body is written elsewhere: single changes to it are overrides. */
export function isInstance(node: NodeView): boolean {
  return node.prototype !== undefined || node.group !== undefined || node.generator !== undefined;
}

export function setNode(view: CircuitView, node: string, properties: Record<string, Json>): Operation {
  if (isTakenOver(view, node)) return overrideTakenOver(view, node, properties);
  return {op: 'set', ...inCircuit(view), node, properties};
}

export function setEdge(view: CircuitView, {list, index}: Pick<EdgeView, 'list' | 'index'>, properties: Record<string, Json>): Operation {
  const before = takenOver(view, list);
  if (index < before) return overrideTakenOver(view, edgeTarget(edgeAt(view, list, index)), properties);
  return {op: 'set', ...inCircuit(view), list, at: index - before, properties};
}

export function setComment(view: CircuitView, index: number, properties: Record<string, Json>): Operation {
  return {op: 'set', ...inCircuit(view), list: 'comments', at: index - takenOver(view, 'comments'), properties};
}

/** Removes nodes with their connections, connections and comments. What an heir takes over is left out of it, connections alone cannot be. */
export function removeElements(
  view: CircuitView,
  nodes: string[],
  edges: Pick<EdgeView, 'list' | 'index'>[],
  comments: number[],
): Operation[] {
  const where = inCircuit(view);
  const {heir} = view.source;
  const leftOut = nodes.filter(node => isTakenOver(view, node));
  const own = nodes.filter(node => !isTakenOver(view, node));
  // From the back, so that the places of those still to go stay right; nodes last, as they take connections along.
  return [
    ...[...edges]
      .filter(({list, index}) => index >= takenOver(view, list))
      .sort((a, b) => b.index - a.index)
      .map(({list, index}) => ({op: 'remove', ...where, list, at: index - takenOver(view, list)})),
    ...[...comments].sort((a, b) => b - a).map(at => ({op: 'remove', ...where, list: 'comments', at: at - takenOver(view, 'comments')})),
    ...own.map(node => ({op: 'remove', ...where, node})),
    ...(heir && leftOut.length > 0 ? [{op: 'set', ...where, properties: {remove: [...heir.removes, ...leftOut]}}] : []),
  ];
}

/** Whether a node of an heir is one of those that it takes over from what it extends. */
export function isTakenOver(view: CircuitView, node: string): boolean {
  return view.source.heir !== undefined && !view.source.heir.nodes.includes(node);
}

/** How many elements of a list an heir takes over: they come before its own. */
export function takenOver(view: CircuitView, list: 'synapses' | 'fibers' | 'comments'): number {
  const {heir} = view.source;
  if (!heir) return 0;
  const all = list === 'comments' ? view.comments.length : view.edges.filter(edge => edge.list === list).length;
  return Math.max(0, all - heir[list]);
}

/** An heir changes what it takes over by overrides. */
function overrideTakenOver(view: CircuitView, target: string, properties: Record<string, Json>): Operation {
  const changes: Record<string, Json> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'position' && Array.isArray(value)) [changes[`${target}.x`], changes[`${target}.y`]] = value as [number, number];
    else if (name !== 'size') changes[`${target}.${name}`] = value;
  }
  return {op: 'override', ...inCircuit(view), changes};
}

function edgeAt(view: CircuitView, list: EdgeView['list'], index: number): EdgeView {
  return view.edges.find(edge => edge.list === list && edge.index === index)!;
}

/** The ends of a connection, as overrides name it. */
export function edgeTarget(edge: EdgeView): string {
  return [edge.from, edge.to].map(side => side.map(end => end.path).join(', ')).join(' > ');
}

export function setRoot(properties: Record<string, Json>): Operation {
  return {op: 'set', properties};
}

/** `properties` without those that have their default: files stay short. */
export function withoutDefaults(properties: Record<string, number | string>, defaults: Record<string, number | string>) {
  return Object.fromEntries(Object.entries(properties).filter(([name, value]) => value !== defaults[name]));
}

/** A name that no node of the view has: `wish`, or with the next free number behind it. */
export function freeId(view: CircuitView, wish: string): string {
  const taken = new Set(view.nodes.map(node => node.id));
  if (!taken.has(wish)) return wish;
  const stem = wish.replace(/ \d+$/, '');
  for (let number = 2; ; number++) if (!taken.has(`${stem} ${number}`)) return `${stem} ${number}`;
}

/** What is wrong with `id` as a name of a node, as a key of the catalogue; undefined: nothing. */
export function checkId(view: CircuitView, id: string, own?: string): 'node.nameTaken' | 'node.nameBad' | 'node.nameTakenOver' | undefined {
  if (own !== undefined && isTakenOver(view, own)) return 'node.nameTakenOver';
  const bytes = new TextEncoder().encode(id).length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (bytes < 1 || bytes > 200 || /[/[\]"\u0000-\u001f\u007f]/.test(id) || id !== id.trim()) return 'node.nameBad';
  if (id !== own && view.nodes.some(node => node.id === id)) return 'node.nameTaken';
  return undefined;
}

/** What a connection connects, as lists show it. */
export function edgeName(edge: EdgeView): string {
  const side = (ends: EdgeView['from']) => ends.map(end => end.path).join(', ');
  return `${side(edge.from)} → ${side(edge.to)}`;
}
