import type {CircuitView, EdgeView, Json, NodeView, Operation} from '@flux/engine';
import {type FiberChoice, fiberChanges} from '../../fiber';
import {type MessageKey, t} from '../../i18n';
import {edgeName, edgeTarget, setEdge, setNode, takenOver} from '../../session/operations';
import type {Session} from '../../session/session';
import type {Owner} from '../../session/state';

let gesture = 0;

/** Changes one property of nodes while a slider moves; `settled` ends the step that undo takes back. */
export function changeNodes(session: Session, nodes: NodeView[], property: string, value: Json, settled: boolean): void {
  const {view, scope, owner} = session.state.get();
  if (!view || nodes.length === 0) return;
  const operations = nodes.map(node => {
    const properties = withBounds(node, property, value);
    return owner && scope === 'this' ? override(owner, node.id, properties) : setNode(view, node.id, properties);
  });
  send(session, operations, nodes.length === 1 ? nodes[0]!.id : t('inspector.several'), property, value, settled);
}

export function changeEdge(session: Session, edge: EdgeView, property: string, value: Json, settled: boolean): void {
  changeEdgeBy(session, edge, {[property]: value}, property, settled);
}

/** Changes the rule of a fiber, or what it goes by. */
export function changeFiber(session: Session, edge: EdgeView, choice: FiberChoice, settled: boolean): void {
  const changes = fiberChanges(edge, choice);
  const [property] = Object.keys(changes);
  if (property !== undefined) changeEdgeBy(session, edge, changes, property, settled);
}

/** Whether a change of a connection overrides what it is where it was taken over from: then not everything can be changed. */
export function isOverride(session: Session, {list, index}: EdgeView): boolean {
  const {view, scope, owner} = session.state.get();
  return (owner !== null && scope === 'this') || (view !== null && index < takenOver(view, list));
}

/** `property`: what the step is called by. */
function changeEdgeBy(session: Session, edge: EdgeView, properties: Record<string, Json>, property: string, settled: boolean): void {
  const {view, scope, owner} = session.state.get();
  if (!view) return;
  send(
    session,
    [owner && scope === 'this' ? override(owner, edgeTarget(edge), properties) : setEdge(view, edge, properties)],
    edgeName(edge),
    property,
    properties[property]!,
    settled,
  );
}

/** Changes the settings of an organ, wherever it stands: `where` is the circuit as operations name it. */
export function setOrgan(session: Session, where: string, id: string, settings: Record<string, Json>): void {
  send(session, [{op: 'set', ...(where === '' ? {} : {in: where}), node: id, properties: {settings}}], id, 'settings', settings, true);
}

/** Changes that only the instance gets that is looked into. */
function override(owner: Owner, target: string, properties: Record<string, Json>): Operation {
  const changes = Object.fromEntries(Object.entries(properties).map(([name, value]) => [`${owner.prefix}${target}.${name}`, value]));
  return {op: 'override', ...(owner.in === '' ? {} : {in: owner.in}), node: owner.node, changes};
}

function send(session: Session, operations: Operation[], name: string, property: string, value: Json, settled: boolean): void {
  session.applyLatest(operations, {
    key: 'edit.set',
    values: {name, property: propertyName(property), value: valueText(value)},
    merge: `${name}.${property}.${gesture}`,
  });
  if (settled) gesture++;
}

function valueText(value: Json): string {
  if (typeof value === 'boolean') return t(value ? 'edit.yes' : 'edit.no');
  if (Array.isArray(value)) return Array.isArray(value[0]) ? String(value.length) : value.join('..');
  if (typeof value === 'object' && value !== null) return Object.values(value).join(', ');
  return value === null ? '' : String(value);
}

/** Properties that are no numbers of neurons or synapses. */
const otherNames: Record<string, MessageKey> = {
  count: 'inspector.count',
  inputAlias: 'inspector.input',
  outputAlias: 'inspector.output',
  modulates: 'inspector.modulates',
  type: 'inspector.type',
  rule: 'inspector.rule',
  kernel: 'kernel.title',
  seed: 'settings.seed',
  settings: 'panel.settings',
};

function propertyName(property: string): string {
  return t(otherNames[property] ?? (`property.${property}` as MessageKey), {}, property);
}

/** The lowest and highest threshold always enclose the threshold: what would be left outside moves along. */
function withBounds(node: NodeView, property: string, value: Json): Record<string, Json> {
  const {threshold, minThreshold, maxThreshold} = node.properties;
  if (typeof value !== 'number') return {[property]: value};
  if (property === 'threshold') {
    return {
      threshold: value,
      ...(Number(minThreshold) === Number(threshold) || Number(minThreshold) > value ? {minThreshold: null} : {}),
      ...(Number(maxThreshold) === Number(threshold) || Number(maxThreshold) < value ? {maxThreshold: null} : {}),
    };
  }
  if (property === 'minThreshold' && value > Number(threshold)) return {minThreshold: Number(threshold)};
  if (property === 'maxThreshold' && value < Number(threshold)) return {maxThreshold: Number(threshold)};
  return {[property]: value};
}

/** Renames a node; whatever names it follows. */
export async function renameNode(session: Session, view: CircuitView, node: NodeView, to: string): Promise<void> {
  const where = view.source.in === '' ? {} : {in: view.source.in};
  const applied = await session.apply([{op: 'rename', ...where, node: node.id, to}], {key: 'edit.rename', values: {from: node.id, to}});
  if (applied) session.select([{kind: 'node', id: to}]);
}
