import {useMemo, useState} from 'react';
import {useSession} from '../context';
import {engineText, formatNumber, t} from '../i18n';
import {type BadFile as BadText, excerpt} from '../session/badFile';
import {ModalDialog} from './ModalDialog';

/** All that is wrong with a text that was not opened; each problem leads to its line. */
export function BadFile({file}: {file: BadText}) {
  const session = useSession();
  const {name, text, problems, count} = file;
  const [shown, setShown] = useState(0);
  const problem = problems[shown]!;
  const lines = useMemo(() => excerpt(text, problem), [text, problem]);
  return (
    <ModalDialog title={t('badFile.title', {name})} className="wide" onClose={() => session.showDialog(null)}>
      <div className="bad-file">
        <ul className="plain-list" aria-label={t('panel.problems')}>
          {problems.map(({line, column, what, fix}, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: several may be alike
            <li key={i}>
              <button type="button" className="list-button" aria-current={i === shown} onClick={() => setShown(i)}>
                <span className="faint place">{`${line}:${column}`}</span>
                <span className="grow">
                  {engineText(what)}
                  {fix && <span className="hint">{t('error.fix', {fix: engineText(fix)})}</span>}
                </span>
              </button>
            </li>
          ))}
          {count > problems.length && <li className="hint padded">{t('badFile.more', {count: count - problems.length})}</li>}
        </ul>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may be wider than the window, and is scrolled by keys */}
        <section className="excerpt" tabIndex={0} aria-label={t('badFile.line', {line: formatNumber(problem.line)})}>
          <pre>
            {lines.map(({number, before, marked}) => (
              <div key={number} aria-current={number === problem.line || undefined}>
                <span className="line-number">{number}</span>
                {before}
                {number === problem.line ? <mark>{marked || ' '}</mark> : marked}
              </div>
            ))}
          </pre>
        </section>
      </div>
    </ModalDialog>
  );
}
