import {useState} from 'react';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import {ownName} from '../session/author';
import {inCircuit} from '../session/operations';
import type {Place} from '../session/state';
import {Card} from './Card';

export function NewComment({place}: {place: Place}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const [text, setText] = useState('');
  const close = () => session.showDialog(null);
  const create = () => {
    close();
    const value = {text: text.trim(), author: ownName(), position: [Math.round(place.x), Math.round(place.y)]};
    void session.apply([{op: 'add', ...inCircuit(view), list: 'comments', value}], {key: 'edit.comment'});
  };
  return (
    <Card
      title={t('comment.newTitle')}
      at={place}
      action={t('action.create')}
      canSubmit={text.trim() !== ''}
      onSubmit={create}
      onClose={close}
    >
      <textarea
        data-first
        className="textarea"
        rows={4}
        aria-label={t('inspector.text')}
        placeholder={t('comment.placeholder')}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && text.trim() && create()}
      />
    </Card>
  );
}
