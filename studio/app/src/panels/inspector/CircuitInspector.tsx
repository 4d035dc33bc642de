import type {NodeView} from '@flux/engine';
import {command, isEnabled, showShortcut} from '../../commands';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';
import {checkId, inCircuit} from '../../session/operations';
import {PropertyField} from '../../widgets/PropertyField';
import {TextField} from '../../widgets/TextField';
import {Connections} from './Connections';
import {changeNodes, renameNode} from './change';
import {GeneratorForm} from './GeneratorForm';
import {OverrideList} from './OverrideList';

const actions = ['openTab', 'expand', 'makePrototype', 'extend', 'group', 'detach'];

export function CircuitInspector({node}: {node: NodeView}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const check = (id: string) => {
    const problem = checkId(view, id, node.id);
    return problem && t(problem, {name: id});
  };
  return (
    <>
      <section className="section">
        <h2>{t(node.generator ? 'inspector.generator' : 'inspector.circuit')}</h2>
        <TextField label={t('inspector.id')} value={node.id} check={check} onCommit={to => void renameNode(session, view, node, to)} />
        <dl className="numbers wide">
          {node.prototype && (
            <>
              <dt>{t('inspector.prototype')}</dt>
              <dd>{node.prototype}</dd>
            </>
          )}
          {node.group && (
            <>
              <dt>{t('inspector.linkedCopies')}</dt>
              <dd>{node.group}</dd>
            </>
          )}
          <dt>{t('inspector.count')}</dt>
          <dd>{node.neurons ?? 0}</dd>
        </dl>
        {node.copies !== undefined && (
          <PropertyField
            spec={{
              name: 'count',
              label: 'inspector.copies',
              help: 'inspector.copiesHelp',
              unit: 'unit.none',
              min: 1,
              max: 1000,
              default: 1,
              wide: true,
            }}
            value={node.copies}
            onChange={(value, settled) => changeNodes(session, [node], 'count', value, settled)}
          />
        )}
        <div className="row wrap actions">
          {actions.map(id => {
            const wanted = command(id);
            if (!isEnabled(session, wanted)) return null;
            return (
              <button
                key={id}
                type="button"
                className="button outlined small"
                title={showShortcut(wanted.shortcut)}
                onClick={() => void wanted.run(session)}
              >
                {t(wanted.label)}
              </button>
            );
          })}
        </div>
      </section>
      {node.generator && <GeneratorForm node={node} />}
      <Overrides node={node} />
      <Connections node={node} />
    </>
  );
}

/** What this instance changes in its prototype, each with a way back. */
function Overrides({node}: {node: NodeView}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const reset = (name: string) =>
    void session.apply([{op: 'override', ...inCircuit(view), node: node.id, changes: {[name]: null}}], {key: 'edit.reset', values: {name}});
  if (!node.overrides || node.overrides.length === 0) return null;
  return (
    <section className="section">
      <h2>{t('inspector.overridden', {name: node.prototype ?? node.group ?? ''})}</h2>
      <OverrideList overrides={node.overrides} onReset={reset} />
    </section>
  );
}
