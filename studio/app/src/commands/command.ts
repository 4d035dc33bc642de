import type {MessageKey} from '../i18n';
import type {Session} from '../session/session';
import type {IconType} from '../widgets/Icon';

export interface Command {
  id: string;
  label: MessageKey;
  group: MessageKey;
  icon?: IconType;
  /** As `Mod+Shift+Z`: Mod is Cmd on a Mac and Ctrl elsewhere. Several are told apart by a space; the first is shown. */
  shortcut?: string;
  /** Left out: always. */
  isEnabled?: (session: Session) => boolean;
  run: (session: Session) => void | Promise<void>;
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** How a shortcut is shown: ⌘⇧Z on a Mac, Ctrl+Shift+Z elsewhere. */
export function showShortcut(shortcut: string | undefined): string | undefined {
  const first = shortcut?.split(' ')[0];
  if (!first) return undefined;
  const keys = first.split('+').map(key => (isMac ? (macNames[key] ?? key) : (otherNames[key] ?? key)));
  return keys.join(isMac ? '' : '+');
}

const macNames: Record<string, string> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Delete: '⌫',
  Space: '␣',
  Plus: '+',
  Minus: '−',
  Enter: '↵',
  Escape: 'esc',
};
const otherNames: Record<string, string> = {Mod: 'Ctrl', Delete: 'Del', Plus: '+', Minus: '−', Escape: 'Esc'};

/** The shortcut that a key event is, in the same spelling. */
export function shortcutOf(event: KeyboardEvent): string {
  const key = keyNames[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const byCode = /^(Key[A-Z]|Digit\d)$/.test(event.code) ? event.code.replace(/^(Key|Digit)/, '') : key;
  // Letters go by their place on the keyboard, so that they work with a Cyrillic layout too.
  const name = /^[A-Z0-9]$/.test(key) || /\p{L}/u.test(event.key) || event.shiftKey ? byCode : key;
  const named = /^(Key|Digit)/.test(event.code) ? name : key;
  return [(isMac ? event.metaKey : event.ctrlKey) && 'Mod', event.shiftKey && named !== '?' && 'Shift', event.altKey && 'Alt', named]
    .filter(Boolean)
    .join('+');
}

const keyNames: Record<string, string> = {' ': 'Space', '+': 'Plus', '=': 'Plus', '-': 'Minus', _: 'Minus'};
