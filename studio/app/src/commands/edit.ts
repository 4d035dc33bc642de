import {Check, ClipboardPaste, Copy, CopyPlus, Redo2, Scissors, Search, Trash2, Undo2} from 'lucide-react';
import {t} from '../i18n';
import {clipboardText, copySelection, duplicateSelection, pasteText} from '../session/clipboard';
import {removeElements, setComment, takenOver} from '../session/operations';
import type {Session} from '../session/session';
import type {Command} from './command';

const hasSelection = (session: Session) => session.state.get().selection.length > 0;
const hasNodes = (session: Session) => session.state.get().selection.some(element => element.kind === 'node');

export async function deleteSelection(session: Session): Promise<void> {
  const {selection, view} = session.state.get();
  if (!view) return;
  const edges = selection.flatMap(element => (element.kind === 'edge' ? [element] : []));
  const comments = selection.flatMap(element => (element.kind === 'comment' ? [Number(element.id)] : []));
  const nodes = selection.flatMap(element => (element.kind === 'node' ? [element.id] : []));
  if (edges.some(({list, index}) => index < takenOver(view, list))) session.warn(t('heir.edgeStays'), t('heir.edgeStaysFix'));
  const operations = removeElements(view, nodes, edges, comments);
  await session.apply(operations, {key: 'edit.delete', values: {count: selection.length}});
}

/** Comments whose matter is settled step back; they stay, and can be opened again. */
export async function resolveComments(session: Session, comments: number[], resolved: boolean): Promise<void> {
  const {view} = session.state.get();
  if (!view) return;
  const operations = comments.map(index => setComment(view, index, {resolved: resolved || null}));
  await session.apply(operations, {key: resolved ? 'edit.resolve' : 'edit.reopen'});
}

const selectedComments = (session: Session) => {
  const {selection, view} = session.state.get();
  return selection.flatMap(({kind, ...element}) =>
    kind === 'comment' && 'id' in element ? (view?.comments[Number(element.id)] ?? []) : [],
  );
};

export const editCommands: Command[] = [
  {
    id: 'undo',
    label: 'action.undo',
    group: 'group.edit',
    icon: Undo2,
    shortcut: 'Mod+Z',
    isEnabled: session => session.state.get().editsDone > 0,
    run: session => session.undo(),
  },
  {
    id: 'redo',
    label: 'action.redo',
    group: 'group.edit',
    icon: Redo2,
    shortcut: 'Mod+Shift+Z Mod+Y',
    isEnabled: session => session.state.get().editsDone < session.state.get().edits.length,
    run: session => session.redo(),
  },
  {
    id: 'cut',
    label: 'action.cut',
    group: 'group.edit',
    icon: Scissors,
    shortcut: 'Mod+X',
    isEnabled: hasNodes,
    run: async session => {
      if (await copySelection(session)) await deleteSelection(session);
    },
  },
  {
    id: 'copy',
    label: 'action.copy',
    group: 'group.edit',
    icon: Copy,
    shortcut: 'Mod+C',
    isEnabled: hasNodes,
    run: async session => {
      await copySelection(session);
    },
  },
  {
    id: 'paste',
    label: 'action.paste',
    group: 'group.edit',
    icon: ClipboardPaste,
    shortcut: 'Mod+V',
    run: async session => {
      const text = await clipboardText(session);
      if (text !== null) await pasteText(session, text);
    },
  },
  {
    id: 'duplicate',
    label: 'action.duplicate',
    group: 'group.edit',
    icon: CopyPlus,
    shortcut: 'Mod+D',
    isEnabled: hasNodes,
    run: duplicateSelection,
  },
  {
    id: 'delete',
    label: 'action.delete',
    group: 'group.edit',
    icon: Trash2,
    shortcut: 'Delete Backspace',
    isEnabled: hasSelection,
    run: deleteSelection,
  },
  {
    id: 'resolve',
    label: 'action.resolve',
    group: 'group.edit',
    icon: Check,
    isEnabled: session => selectedComments(session).some(comment => !comment.resolved),
    run: session =>
      resolveComments(
        session,
        selectedComments(session).map(comment => comment.index),
        true,
      ),
  },
  {
    id: 'reopen',
    label: 'action.reopen',
    group: 'group.edit',
    isEnabled: session => selectedComments(session).some(comment => comment.resolved),
    run: session =>
      resolveComments(
        session,
        selectedComments(session).map(comment => comment.index),
        false,
      ),
  },
  {
    id: 'selectAll',
    label: 'action.selectAll',
    group: 'group.edit',
    shortcut: 'Mod+A',
    run: session => session.select((session.state.get().view?.nodes ?? []).map(node => ({kind: 'node', id: node.id}))),
  },
  {
    id: 'deselect',
    label: 'action.deselect',
    group: 'group.edit',
    shortcut: 'Escape',
    isEnabled: session => hasSelection(session) || session.state.get().dialog !== null || session.state.get().tool === 'comment',
    run: session => {
      const {dialog, tool} = session.state.get();
      if (dialog) return session.showDialog(null);
      session.select([]);
      // A connection that was begun by a click is given up too, and so is a comment that was not placed.
      session.setTool(tool === 'comment' ? 'hand' : tool);
    },
  },
  {
    id: 'search',
    label: 'action.search',
    group: 'group.edit',
    icon: Search,
    shortcut: 'Mod+F',
    run: session => session.showDialog({kind: 'palette', nodesOnly: true}),
  },
];
