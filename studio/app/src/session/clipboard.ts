import type {Json} from '@flux/engine';
import {t} from '../i18n';
import {inCircuit} from './operations';
import type {Session} from './session';
import {withoutComments} from './text';

/** How far a pasted copy lies from where it came from, in world units. */
const pasteOffset = 40;
let pastes = 0;
let lastPasted = '';

async function selectionText(session: Session): Promise<string | null> {
  const {view} = session.state.get();
  const ids = session.selectedNodes().map(node => node.id);
  if (!view || ids.length === 0) return null;
  try {
    return await session.client.copyText(view.source.in, ids);
  } catch (error) {
    session.fail(error);
    return null;
  }
}

export async function copySelection(session: Session): Promise<boolean> {
  const text = await selectionText(session);
  if (text === null) return false;
  lastPasted = '';
  if (!(await writeClipboard(text))) {
    session.warn(t('error.clipboard'), t('error.clipboardFix'));
    return false;
  }
  session.inform(t('document.copied', {count: session.selectedNodes().length}));
  return true;
}

/** Puts text on the clipboard; where the page is not trusted with it, the way that browsers had before. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const write = (event: ClipboardEvent) => {
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    document.addEventListener('copy', write, {once: true});
    const isDone = document.execCommand('copy');
    document.removeEventListener('copy', write);
    return isDone;
  }
}

/** Whether pasting waits for the browser's own event: the page may not read the clipboard by itself. */
export function pastesByEvent(): boolean {
  return !navigator.clipboard?.readText;
}

export function listenToPaste(session: Session): () => void {
  const listener = (event: ClipboardEvent) => {
    const {target} = event;
    if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return;
    event.preventDefault();
    void pasteText(session, event.clipboardData?.getData('text/plain') ?? '');
  };
  addEventListener('paste', listener);
  return () => removeEventListener('paste', listener);
}

export async function clipboardText(session: Session): Promise<string | null> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    session.warn(t('error.clipboard'), t('error.clipboardFix'));
    return null;
  }
}

/** Pastes a fragment, or a whole circuit in the text form, into the circuit that is shown, and selects it. */
export async function pasteText(session: Session, text: string): Promise<void> {
  const {view} = session.state.get();
  if (!view) return;
  if (text.trim() === '') return session.inform(t('document.pasteEmpty'));
  let value: Json;
  try {
    value = JSON.parse(withoutComments(text)) as Json;
  } catch {
    return session.inform(t('document.pasteBad'));
  }
  if (typeof value !== 'object' || value === null || !('fluxFragment' in value || 'flux' in value))
    return session.inform(t('document.pasteBad'));
  pastes = text === lastPasted ? pastes + 1 : 1;
  lastPasted = text;
  const offset = pasteOffset * pastes;
  const before = new Set(view.nodes.map(node => node.id));
  const applied = await session.apply([{op: 'paste', ...inCircuit(view), value, offset: [offset, offset]}], {key: 'edit.paste'});
  if (!applied) return;
  selectNew(session, before);
  // What has no place of its own is given one somewhere.
  const [first] = session.selectedNodes();
  const number = first && session.canvas ? session.canvas.scene().nodeNumber(first.id) : -1;
  if (number >= 0) session.canvas?.reveal(number);
}

export async function duplicateSelection(session: Session): Promise<void> {
  const {view} = session.state.get();
  const text = await selectionText(session);
  if (!view || text === null) return;
  const before = new Set(view.nodes.map(node => node.id));
  const value = JSON.parse(withoutComments(text)) as Json;
  const applied = await session.apply([{op: 'paste', ...inCircuit(view), value, offset: [pasteOffset, pasteOffset]}], {
    key: 'edit.duplicate',
  });
  if (applied) selectNew(session, before);
}

/** Selects the nodes that an edit has added. */
export function selectNew(session: Session, before: Set<string>): void {
  const added = (session.state.get().view?.nodes ?? []).filter(node => !before.has(node.id));
  session.select(added.map(node => ({kind: 'node', id: node.id})));
}
