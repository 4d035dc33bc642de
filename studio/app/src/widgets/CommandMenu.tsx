import {Menu, MenuItem, Popover, Separator} from 'react-aria-components';
import {command, isEnabled, showShortcut} from '../commands';
import {useSession} from '../context';
import {t} from '../i18n';
import {Icon} from './Icon';

interface Props {
  /** Of the commands; null draws a line. */
  ids: (string | null)[];
  label: string;
  /** Called before a command runs. */
  onChosen?: () => void;
}

/** The items of a menu of commands. */
export function CommandMenu({ids, label, onChosen}: Props) {
  const session = useSession();
  return (
    <Menu
      className="menu"
      aria-label={label}
      autoFocus="first"
      onAction={key => {
        onChosen?.();
        void command(String(key)).run(session);
      }}
    >
      {ids.map((id, i) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: lines between the items have no name
        if (id === null) return <Separator key={i} className="menu-separator" />;
        const wanted = command(id);
        return (
          <MenuItem key={id} id={id} className="menu-item" isDisabled={!isEnabled(session, wanted)} textValue={t(wanted.label)}>
            {wanted.icon ? <Icon of={wanted.icon} /> : <span style={{width: 16}} />}
            <span>{t(wanted.label)}</span>
            {wanted.shortcut && <kbd>{showShortcut(wanted.shortcut)}</kbd>}
          </MenuItem>
        );
      })}
    </Menu>
  );
}

export {Popover};
