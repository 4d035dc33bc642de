import type {NodeView} from '@flux/engine';
import {
  Box,
  Boxes,
  BoxSelect,
  FolderTree,
  Link,
  MessageSquarePlus,
  PackageOpen,
  Plus,
  Puzzle,
  Shapes,
  Spline,
  SquareArrowOutUpRight,
  Unlink,
} from 'lucide-react';
import {selectNew} from '../session/clipboard';
import {freeId, inCircuit, isInstance} from '../session/operations';
import {childPath, type Session} from '../session/session';
import type {Command} from './command';

/** The one selected node that is a circuit; null: something else, or several. */
export function selectedCircuit(session: Session): NodeView | null {
  const nodes = session.selectedNodes();
  return nodes.length === 1 && nodes[0]!.kind === 'circuit' ? nodes[0]! : null;
}

/** A command for the one selected circuit. */
function onCircuit(
  command: Omit<Command, 'isEnabled' | 'run' | 'group'>,
  fits: (node: NodeView) => boolean,
  run: (session: Session, node: NodeView) => unknown,
): Command {
  return {
    ...command,
    group: 'group.circuit',
    isEnabled: session => {
      const node = selectedCircuit(session);
      return node !== null && fits(node);
    },
    run: async session => {
      const node = selectedCircuit(session);
      if (node) await run(session, node);
    },
  };
}

export async function makeCircuit(session: Session): Promise<void> {
  const {view} = session.state.get();
  const nodes = session.selectedNodes();
  if (!view || nodes.length === 0) return;
  const id = freeId(view, 'circuit');
  const before = new Set(view.nodes.map(node => node.id));
  const operation = {op: 'enclose', ...inCircuit(view), nodes: nodes.map(node => node.id), id, ...middleOf(nodes)};
  const applied = await session.apply([operation], {key: 'edit.enclose', values: {count: nodes.length}});
  if (applied) selectNew(session, before);
}

/** The middle of those that have a place: what takes theirs stands there. */
function middleOf(nodes: NodeView[]): {position?: [number, number]} {
  const places = nodes.flatMap(node => (node.position ? [node.position] : []));
  if (places.length === 0) return {};
  const mean = (axis: 0 | 1) => Math.round(places.reduce((sum, place) => sum + place[axis], 0) / places.length);
  return {position: [mean(0), mean(1)]};
}

export function saveAsPrototype(session: Session, node: NodeView): void {
  const {view} = session.state.get();
  if (!view) return;
  session.showDialog({
    kind: 'name',
    title: 'action.makePrototype',
    value: node.title || node.id,
    onName: name =>
      void session.apply([{op: 'makePrototype', ...inCircuit(view), node: node.id, name}], {key: 'edit.prototype', values: {name}}),
  });
}

export async function placePrototype(session: Session, name: string, position?: [number, number]): Promise<void> {
  const {view} = session.state.get();
  if (!view) return;
  const {x, y} = session.middle(160, 120);
  const before = new Set(view.nodes.map(node => node.id));
  const value = {id: freeId(view, name), prototype: name, position: position ?? [Math.round(x), Math.round(y)]};
  const applied = await session.apply([{op: 'add', ...inCircuit(view), list: 'circuits', value}], {
    key: 'edit.add',
    values: {name: value.id},
  });
  if (applied) selectNew(session, before);
}

async function makeLinkedCopy(session: Session, node: NodeView): Promise<void> {
  const {view} = session.state.get();
  if (!view) return;
  const group = node.group ?? node.id;
  const at = node.position ?? [0, 0];
  const copy = {id: freeId(view, node.id), group, position: [at[0] + 40, at[1] + 120]};
  const before = new Set(view.nodes.map(other => other.id));
  const join = node.group ? [] : [{op: 'joinGroup', ...inCircuit(view), node: node.id, group}];
  const applied = await session.apply([...join, {op: 'add', ...inCircuit(view), list: 'circuits', value: copy}], {
    key: 'edit.group',
    values: {name: group},
  });
  if (applied) selectNew(session, before);
}

/** Makes a prototype that takes over all of another, and opens it to be changed. */
export function extendInExplorer(session: Session, parent: string): void {
  session.showDialog({
    kind: 'name',
    title: 'action.extend',
    value: `${parent} 2`,
    onName: async name => {
      const operation = {op: 'add', list: 'prototypes', value: {name, extends: parent}};
      if (await session.apply([operation], {key: 'edit.extend', values: {name}})) await session.openTab(`/prototypes/${name}`);
    },
  });
}

function extendPrototype(session: Session, node: NodeView): void {
  const {view} = session.state.get();
  const parent = node.prototype;
  if (!view || parent === undefined) return;
  session.showDialog({
    kind: 'name',
    title: 'action.extend',
    value: `${parent} 2`,
    onName: name =>
      void session.apply(
        [
          {op: 'add', list: 'prototypes', value: {name, extends: parent}},
          {op: 'set', ...inCircuit(view), node: node.id, properties: {prototype: name}},
        ],
        {key: 'edit.extend', values: {name}},
      ),
  });
}

export const circuitCommands: Command[] = [
  {
    id: 'newNode',
    label: 'action.newNode',
    group: 'group.circuit',
    icon: Plus,
    shortcut: 'N',
    run: session => session.showDialog({kind: 'new-node', place: session.middle(), type: 'neuron'}),
  },
  {
    id: 'newCircuit',
    label: 'action.newCircuit',
    group: 'group.circuit',
    icon: Box,
    run: session => session.showDialog({kind: 'new-node', place: session.middle(160, 120), type: 'circuit'}),
  },
  {
    id: 'connect',
    label: 'action.connect',
    group: 'group.circuit',
    icon: Spline,
    shortcut: 'Shift+C',
    isEnabled: session => session.selectedNodes().length === 1 && (session.state.get().view?.nodes.length ?? 0) > 1,
    run: session => {
      const [from] = session.selectedNodes();
      const to = session.state.get().view?.nodes.find(node => node !== from);
      if (!from || !to) return;
      const place = {...session.middle(), x: 0, y: 0};
      session.showDialog({kind: 'new-synapse', from: {node: from.id, neuron: -1}, to: {node: to.id, neuron: -1}, place, pick: true});
    },
  },
  {
    id: 'newComment',
    label: 'action.newComment',
    group: 'group.circuit',
    icon: MessageSquarePlus,
    shortcut: 'Shift+M',
    run: session => session.showDialog({kind: 'new-comment', place: session.middle()}),
  },
  {
    id: 'makeCircuit',
    label: 'action.makeCircuit',
    group: 'group.circuit',
    icon: BoxSelect,
    shortcut: 'Mod+G',
    isEnabled: session => session.selectedNodes().length > 0,
    run: makeCircuit,
  },
  onCircuit(
    {id: 'openTab', label: 'action.openTab', icon: SquareArrowOutUpRight, shortcut: 'Enter'},
    () => true,
    (session, node) => session.openTab(childPath(session.state.get().active, node.copies === undefined ? node.id : `${node.id}[0]`)),
  ),
  onCircuit(
    {id: 'expand', label: 'action.expand', icon: PackageOpen, shortcut: 'Mod+Shift+G'},
    node => node.copies === undefined,
    (session, node) => {
      const where = inCircuit(session.state.get().view!);
      const detach = isInstance(node) ? [{op: node.group ? 'leaveGroup' : 'detach', ...where, node: node.id}] : [];
      return session.apply([...detach, {op: 'dissolve', ...where, node: node.id}], {key: 'edit.dissolve', values: {name: node.id}});
    },
  ),
  onCircuit({id: 'detach', label: 'action.detach', icon: Unlink}, isInstance, (session, node) =>
    session.apply([{op: node.group ? 'leaveGroup' : 'detach', ...inCircuit(session.state.get().view!), node: node.id}], {
      key: 'edit.detach',
      values: {name: node.id},
    }),
  ),
  onCircuit({id: 'makePrototype', label: 'action.makePrototype', icon: Puzzle}, node => !isInstance(node), saveAsPrototype),
  onCircuit(
    {id: 'group', label: 'action.group', icon: Link},
    node => node.prototype === undefined && node.generator === undefined && node.copies === undefined,
    makeLinkedCopy,
  ),
  onCircuit({id: 'extend', label: 'action.extend', icon: Shapes}, node => node.prototype !== undefined, extendPrototype),
  {
    id: 'showExplorer',
    label: 'panel.explorer',
    group: 'group.view',
    icon: FolderTree,
    shortcut: 'Mod+E',
    run: session => session.state.set({leftOpen: true, leftTab: 'explorer'}),
  },
  {
    id: 'showOutline',
    label: 'panel.outline',
    group: 'group.view',
    icon: Boxes,
    shortcut: 'Mod+Shift+E',
    run: session => session.state.set({leftOpen: true, leftTab: 'outline'}),
  },
];
