import {selectNew} from '../session/clipboard';
import {freeId, inCircuit} from '../session/operations';
import type {Session} from '../session/session';
import {newOrgan, type OrganDefinition} from './definitions';

export async function placeOrgan(session: Session, definition: OrganDefinition, id?: string, position?: [number, number]): Promise<void> {
  const {view} = session.state.get();
  if (!view) return;
  const {x, y} = session.middle(132, 76);
  const name = id ?? freeId(view, definition.type);
  const before = new Set(view.nodes.map(node => node.id));
  const value = newOrgan(definition, name, position ?? [Math.round(x), Math.round(y)]);
  const applied = await session.apply([{op: 'add', ...inCircuit(view), list: 'organs', value}], {key: 'edit.add', values: {name}});
  if (applied) selectNew(session, before);
}
