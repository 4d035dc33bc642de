import {pastesByEvent} from '../session/clipboard';
import type {Session} from '../session/session';
import {arrangeCommands} from './arrange';
import {circuitCommands} from './circuit';
import {type Command, shortcutOf} from './command';
import {editCommands} from './edit';
import {fileCommands} from './file';
import {helpCommands} from './help';
import {observeCommands} from './observe';
import {runCommands} from './run';
import {viewCommands} from './view';

export type {Command} from './command';
export {showShortcut} from './command';

export const commands: readonly Command[] = [
  ...fileCommands,
  ...editCommands,
  ...viewCommands,
  ...runCommands,
  ...circuitCommands,
  ...arrangeCommands,
  ...observeCommands,
  ...helpCommands,
];

const byId = new Map(commands.map(command => [command.id, command]));

export function command(id: string): Command {
  const found = byId.get(id);
  if (!found) throw new Error(`There is no command '${id}'.`);
  return found;
}

export function isEnabled(session: Session, wanted: Command): boolean {
  return wanted.isEnabled?.(session) ?? true;
}

export function runCommand(session: Session, id: string): void {
  const wanted = command(id);
  if (isEnabled(session, wanted)) void wanted.run(session);
}

/** These have their plain meaning inside fields, lists and buttons. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function belongsToWidget(event: KeyboardEvent, shortcut: string): boolean {
  const {target} = event;
  if (!(target instanceof HTMLElement)) return false;
  const isSlider = target instanceof HTMLInputElement && target.type === 'range';
  if (isTyping(target) && !isSlider) return !shortcut.startsWith('Mod+') || /^Mod\+(Shift\+)?[ZYXCVA]$/.test(shortcut);
  // A focused button takes Space and Enter; a focused list what moves in it.
  if (target.closest('button, a, [role=menuitem], [role=tab], [role=radio], [role=row]')) return /^(Space|Enter)$/.test(shortcut);
  return false;
}

/** One listener for all shortcuts. */
export function listenToKeys(session: Session): () => void {
  const listener = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const shortcut = shortcutOf(event);
    if (belongsToWidget(event, shortcut)) return;
    // Behind a modal dialog nothing is meant.
    if (document.querySelector('[data-modal-open]')) return;
    const wanted = commands.find(candidate => candidate.shortcut?.split(' ').includes(shortcut) && isEnabled(session, candidate));
    if (!wanted || (wanted.id === 'paste' && pastesByEvent())) return;
    event.preventDefault();
    void wanted.run(session);
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}
