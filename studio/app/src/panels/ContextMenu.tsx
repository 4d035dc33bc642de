import {useRef} from 'react';
import {command, isEnabled} from '../commands';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import type {Session} from '../session/session';
import {CommandMenu, Popover} from '../widgets/CommandMenu';

/** The commands that can be done now, without lines that part nothing. */
function possible(session: Session, ids: (string | null)[]): (string | null)[] {
  const left = ids.filter(id => id === null || isEnabled(session, command(id)));
  return left.filter((id, i) => id !== null || (i > 0 && left[i - 1] !== null && left.slice(i).some(later => later !== null)));
}

/** The menu that a right click, a long press or Shift+F10 opens, at its place. */
export function ContextMenu() {
  const session = useSession();
  const menu = useStudio(state => state.menu);
  const anchor = useRef<HTMLSpanElement>(null);
  const close = () => session.state.set({menu: null});
  return (
    <>
      <span ref={anchor} style={{position: 'fixed', left: menu?.x ?? 0, top: menu?.y ?? 0, width: 1, height: 1, pointerEvents: 'none'}} />
      {menu && (
        <Popover
          key={`${menu.x} ${menu.y}`}
          isOpen
          triggerRef={anchor}
          onOpenChange={isOpen => !isOpen && close()}
          placement="bottom start"
          offset={2}
        >
          <CommandMenu ids={possible(session, menu.commands)} label={t('panel.contextMenu')} onChosen={close} />
        </Popover>
      )}
    </>
  );
}
