import type {CircuitView, Heir} from '@flux/engine';
import {useSession, useStudio} from '../../context';
import {descriptionText, engineText, t, titleText} from '../../i18n';
import {inCircuit} from '../../session/operations';
import {Markdown} from '../../widgets/Markdown';
import {TextField} from '../../widgets/TextField';
import {OverrideList} from './OverrideList';

/** The circuit that is shown: its title, what it says of itself, and what is odd about it. */
export function ViewInspector({view}: {view: CircuitView}) {
  const session = useSession();
  const warnings = useStudio(state => state.info?.warnings);
  const set = (property: 'title' | 'description', value: string) =>
    void session.apply([{op: 'set', ...inCircuit(view), properties: {[property]: value}}], {
      key: 'edit.settings',
      values: {property: t(`inspector.${property}`)},
    });
  return (
    <>
      <section className="section">
        <h2>{t('inspector.circuit')}</h2>
        <TextField label={t('inspector.title')} value={view.title && titleText(view.title)} onCommit={text => set('title', text)} />
        {view.description && <Markdown text={descriptionText(view.description)} />}
        <details>
          <summary>{t('inspector.description')}</summary>
          <TextField label={t('inspector.description')} value={view.description} multiline onCommit={text => set('description', text)} />
        </details>
      </section>
      {view.source.heir && <HeirSection view={view} heir={view.source.heir} />}
      {warnings && warnings.length > 0 && (
        <section className="section">
          <h2>{t('panel.problems')}</h2>
          <ul className="problems">
            {warnings.slice(0, 50).map((warning, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: warnings have no name of their own
              <li key={i}>
                {engineText(warning.what)}
                {warning.where && <Place where={warning.where} />}
                {warning.fix && <div className="hint">{engineText(warning.fix)}</div>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <p className="empty">{t('inspector.empty')}</p>
    </>
  );
}

/** Where a warning belongs; a node is a way to it. */
function Place({where}: {where: string}) {
  const session = useSession();
  const text = t('error.where', {where: engineText(where)});
  const path = /^(?:neuron|organ|circuit) "([^"]+)"$/.exec(where)?.[1];
  if (path === undefined) return <div className="hint">{text}</div>;
  return (
    <button type="button" className="list-button hint" onClick={() => void session.reveal(path)}>
      {text}
    </button>
  );
}

/** Of a prototype that extends another: what it changes in what it takes over. */
function HeirSection({view, heir}: {view: CircuitView; heir: Heir}) {
  const session = useSession();
  const where = inCircuit(view);
  return (
    <section className="section">
      <h2>{t('heir.title', {name: heir.extends})}</h2>
      <p className="help">{t('heir.help')}</p>
      <OverrideList
        overrides={heir.overrides}
        removes={heir.removes}
        onReset={name => void session.apply([{op: 'override', ...where, changes: {[name]: null}}], {key: 'edit.reset', values: {name}})}
        onRestore={path =>
          void session.apply([{op: 'set', ...where, properties: {remove: heir.removes.filter(other => other !== path)}}], {
            key: 'edit.reset',
            values: {name: path},
          })
        }
      />
    </section>
  );
}
