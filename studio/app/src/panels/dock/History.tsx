import type {Version} from '@flux/engine';
import {useEffect, useState} from 'react';
import {useSession, useStudio} from '../../context';
import {getLocale, t} from '../../i18n';

/** Edits, each a place to go back to, and the versions that were saved by themselves. */
export function History() {
  const session = useSession();
  const edits = useStudio(state => state.edits);
  const done = useStudio(state => state.editsDone);
  const saved = useStudio(state => state.saved);
  const [versions, setVersions] = useState<Version[]>([]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for anew after each saving
  useEffect(() => {
    void session.documents?.versions().then(setVersions, () => setVersions([]));
  }, [session, saved]);

  const restore = async (version: Version) => {
    await session.documents!.restore(version);
    session.inform(t('history.restored', {time: new Date(version.time).toLocaleString(getLocale())}));
  };
  const goTo = async (count: number) => {
    const difference = count - session.state.get().editsDone;
    for (let i = 0; i < Math.abs(difference); i++) await (difference < 0 ? session.undo() : session.redo());
  };
  return (
    <div className="history">
      <section>
        <h2>{t('history.edits')}</h2>
        {edits.length === 0 && <p className="hint">{t('history.empty')}</p>}
        <ol className="plain-list" reversed>
          {edits
            .map((edit, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: edits keep their places
              <li key={i}>
                <button
                  type="button"
                  className={`list-button ${i >= done ? 'undone' : ''}`}
                  aria-current={i === done - 1}
                  onClick={() => void goTo(i + 1)}
                >
                  <span className="grow">{t(edit.key, edit.values)}</span>
                  <span className="hint">{edit.at > 0 && new Date(edit.at).toLocaleTimeString(getLocale())}</span>
                </button>
              </li>
            ))
            .reverse()}
          {edits.length > 0 && (
            <li>
              <button type="button" className="list-button" aria-current={done === 0} onClick={() => void goTo(0)}>
                <span className="grow">{t('history.opened')}</span>
              </button>
            </li>
          )}
        </ol>
      </section>
      <section>
        <h2>{t('history.versions')}</h2>
        {versions.length === 0 && <p className="hint">{t('document.noRecent')}</p>}
        <ul className="plain-list">
          {versions.map(version => (
            <li key={version.name}>
              <button type="button" className="list-button" onClick={() => void restore(version)}>
                <span className="grow">{new Date(version.time).toLocaleString(getLocale())}</span>
                <span className="hint">{t('action.restore')}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
