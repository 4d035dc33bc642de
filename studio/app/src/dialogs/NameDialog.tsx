import {useState} from 'react';
import {useSession} from '../context';
import {t} from '../i18n';
import type {Dialog} from '../session/state';
import {Card} from './Card';

/** Asks for one name. */
export function NameDialog({title, value, onName}: Extract<Dialog, {kind: 'name'}>) {
  const session = useSession();
  const [name, setName] = useState(value);
  const close = () => session.showDialog(null);
  return (
    <Card
      title={t(title)}
      at={{clientX: innerWidth / 2 - 180, clientY: innerHeight / 3}}
      action={t('action.done')}
      canSubmit={name.trim() !== ''}
      onSubmit={() => {
        close();
        onName(name.trim());
      }}
      onClose={close}
    >
      <div className="field">
        <label htmlFor="name" className="wide">
          {t('inspector.id')}
        </label>
        <input id="name" data-first className="input wide" type="text" value={name} onChange={event => setName(event.target.value)} />
      </div>
    </Card>
  );
}
