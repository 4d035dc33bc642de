import {X} from 'lucide-react';
import {useEffect} from 'react';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import {IconButton} from '../widgets/IconButton';

/** Colours of the canvas' marks, in parts of 1. */
const added = [0.21, 0.82, 0.5] as const;
const changed = [0.95, 0.76, 0.31] as const;

/** How the circuit that is shown differs from another version, marked on the canvas and listed beside it. */
export function ComparePanel() {
  const session = useSession();
  const comparison = useStudio(state => state.comparison);
  const view = useStudio(state => state.view);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new view has lost its marks
  useEffect(() => {
    if (!comparison) return;
    session.canvas?.highlight(
      [
        ...comparison.added.map(element => ({element, color: added})),
        ...comparison.changed.map(({element}) => ({element, color: changed})),
      ],
      true,
    );
    return () => session.canvas?.highlight([]);
  }, [session, comparison, view]);

  if (!comparison) return null;
  const isSame = comparison.added.length + comparison.changed.length + comparison.removed.length === 0;
  return (
    <section className="floating compare" aria-label={t('compare.title', {name: comparison.name})}>
      <div className="row">
        <h2 className="grow">{t('compare.title', {name: comparison.name})}</h2>
        <IconButton icon={X} size={14} label={t('action.stopCompare')} onPress={() => session.state.set({comparison: null})} />
      </div>
      {isSame && <p>{t('compare.same')}</p>}
      <ul className="plain-list">
        {comparison.changed.map(({element, name, what}) => (
          <li key={name}>
            <button type="button" className="list-button" onClick={() => session.select([element], {reveal: true})}>
              <span className="compare-mark changed">{t('compare.changed')}</span>
              <span className="grow">
                {name}
                <span className="hint"> {what}</span>
              </span>
            </button>
          </li>
        ))}
        {comparison.added.map(element => {
          const name = element.kind === 'node' ? element.id : element.kind === 'edge' ? session.edgeName(element) : '';
          return (
            <li key={`${element.kind} ${name}`}>
              <button type="button" className="list-button" onClick={() => session.select([element], {reveal: true})}>
                <span className="compare-mark added">{t('compare.added')}</span>
                <span className="grow">{name}</span>
              </button>
            </li>
          );
        })}
        {comparison.removed.map(name => (
          <li key={name} className="list-button">
            <span className="compare-mark removed">{t('compare.removed')}</span>
            <span className="grow">{name}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
