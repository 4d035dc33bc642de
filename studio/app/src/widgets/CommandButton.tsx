import {command, isEnabled, showShortcut} from '../commands';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import {IconButton} from './IconButton';

/** A button for a command: its icon, name and shortcut, and whether it can be used now. */
export function CommandButton({id, pressed}: {id: string; pressed?: boolean}) {
  const session = useSession();
  const wanted = command(id);
  const enabled = useStudio(() => isEnabled(session, wanted));
  return (
    <IconButton
      icon={wanted.icon!}
      label={t(wanted.label)}
      shortcut={showShortcut(wanted.shortcut)}
      disabled={!enabled}
      pressed={pressed}
      onPress={() => void wanted.run(session)}
    />
  );
}
