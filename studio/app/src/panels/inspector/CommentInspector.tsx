import type {CommentView} from '@flux/engine';
import {Check, RotateCcw, Trash2} from 'lucide-react';
import {deleteSelection, resolveComments} from '../../commands/edit';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';
import {ownName, rememberName} from '../../session/author';
import {setComment} from '../../session/operations';
import {Icon} from '../../widgets/Icon';
import {Segmented} from '../../widgets/Segmented';
import {TextField} from '../../widgets/TextField';

/** World units of a pin that becomes a note. */
const noteSize = [180, 80];

/** A comment with its answers; on the canvas a pin, or a note that shows its text. */
export function CommentInspector({comment}: {comment: CommentView}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const set = (properties: Parameters<typeof setComment>[2]) =>
    void session.apply([setComment(view, comment.index, properties)], {key: 'edit.comment'});
  const sign = (author: string) => {
    rememberName(author);
    set({author});
  };
  const answer = (text: string) => text.trim() && set({thread: [...comment.thread, {author: ownName(), text: text.trim()}]});
  return (
    <section className="section">
      <h2>
        {t('inspector.comment')}
        {comment.resolved && <span className="badge">{t('comment.resolved')}</span>}
      </h2>
      <TextField label={t('inspector.text')} value={comment.text} multiline onCommit={text => set({text})} />
      <TextField label={t('inspector.author')} value={comment.author} onCommit={sign} />
      <div className="field">
        <span className="label wide">{t('comment.look')}</span>
        <div className="wide">
          <Segmented<'pin' | 'note'>
            label={t('comment.look')}
            value={comment.size ? 'note' : 'pin'}
            options={(['pin', 'note'] as const).map(value => ({value, label: t(`comment.${value}`)}))}
            onChange={look => set({size: look === 'note' ? noteSize : null})}
          />
        </div>
      </div>
      {comment.thread.length > 0 && (
        <ol className="thread" aria-label={t('comment.thread')}>
          {comment.thread.map((reply, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: replies are only added at the end
            <li key={i}>
              {reply.author && <strong>{reply.author}</strong>}
              <p>{reply.text}</p>
            </li>
          ))}
        </ol>
      )}
      <TextField key={comment.thread.length} label={t('inspector.reply')} value="" onCommit={answer} />
      <button
        type="button"
        className="button outlined small"
        onClick={() => void resolveComments(session, [comment.index], !comment.resolved)}
      >
        <Icon of={comment.resolved ? RotateCcw : Check} size={14} /> {t(comment.resolved ? 'action.reopen' : 'action.resolve')}
      </button>
      <button type="button" className="button small" onClick={() => void deleteSelection(session)}>
        <Icon of={Trash2} size={14} /> {t('comment.delete')}
      </button>
    </section>
  );
}
