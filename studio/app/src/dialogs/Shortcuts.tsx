import {commands, showShortcut} from '../commands';
import {useSession} from '../context';
import {type MessageKey, t} from '../i18n';
import {ModalDialog} from './ModalDialog';

const gestures: MessageKey[] = [
  'shortcut.addClick',
  'shortcut.connectClick',
  'shortcut.fireClick',
  'shortcut.panDrag',
  'shortcut.zoomWheel',
];

export function Shortcuts() {
  const session = useSession();
  const groups = [...new Set(commands.filter(command => command.shortcut).map(command => command.group))];
  return (
    <ModalDialog title={t('shortcut.title')} className="wide" onClose={() => session.showDialog(null)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="shortcuts" tabIndex={0} aria-label={t('shortcut.title')}>
        <div>
          <section>
            <h3>{t('shortcut.canvas')}</h3>
            <ul className="plain-list">
              {gestures.map(gesture => (
                <li key={gesture}>{t(gesture)}</li>
              ))}
            </ul>
          </section>
          {groups.map(group => (
            <section key={group}>
              <h3>{t(group)}</h3>
              <dl>
                {commands
                  .filter(command => command.group === group && command.shortcut)
                  .map(command => (
                    <div key={command.id}>
                      <dt>{t(command.label)}</dt>
                      <dd>
                        <kbd>{showShortcut(command.shortcut)}</kbd>
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
      </section>
    </ModalDialog>
  );
}
