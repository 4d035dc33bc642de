import type {NodeView} from '@flux/engine';
import {useId} from 'react';
import {selectedNeuron} from '../../commands/observe';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';
import {countProperty, modulationTargets, neuronProperties} from '../../properties';
import {checkId} from '../../session/operations';
import {PropertyField} from '../../widgets/PropertyField';
import {PropertyFields} from '../../widgets/PropertyFields';
import {TextField} from '../../widgets/TextField';
import {Connections} from './Connections';
import {changeNodes, renameNode} from './change';
import {LiveState} from './LiveState';
import {OwnSynapses} from './OwnSynapses';

export function NeuronInspector({node}: {node: NodeView}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const check = (id: string) => {
    const problem = checkId(view, id, node.id);
    return problem && t(problem, {name: id});
  };
  useStudio(state => state.cell);
  const one = selectedNeuron(session);
  return (
    <>
      <section className="section">
        <h2>{t(node.single ? 'inspector.neuron' : 'inspector.population')}</h2>
        <TextField label={t('inspector.id')} value={node.id} check={check} onCommit={to => void renameNode(session, view, node, to)} />
        {!node.single && (
          <PropertyField
            spec={countProperty}
            value={node.count}
            onChange={(value, settled) => changeNodes(session, [node], 'count', value, settled)}
          />
        )}
        {!node.single && node.first >= 0 && <CellField count={node.count} />}
      </section>
      {one && <LiveState key={one.neuron} one={one} />}
      {one && <OwnSynapses key={`synapses ${one.neuron}`} neuron={one.neuron} />}
      <section className="section">
        <NeuronFields nodes={[node]} />
      </section>
      <section className="section">
        <TextField
          label={t('inspector.input')}
          help={t('inspector.inputHelp')}
          value={node.inputAlias ?? ''}
          onCommit={alias => changeNodes(session, [node], 'inputAlias', alias || null, true)}
        />
        <TextField
          label={t('inspector.output')}
          help={t('inspector.outputHelp')}
          value={node.outputAlias ?? ''}
          onCommit={alias => changeNodes(session, [node], 'outputAlias', alias || null, true)}
        />
      </section>
      <Connections node={node} />
    </>
  );
}

/** Which neuron of a population is looked at by itself. */
function CellField({count}: {count: number}) {
  const session = useSession();
  const id = useId();
  const cell = useStudio(state => state.cell);
  return (
    <div className="field">
      <label htmlFor={id}>{t('inspector.cell')}</label>
      <input
        id={id}
        className="input"
        type="number"
        min={0}
        max={count - 1}
        placeholder="—"
        value={cell ?? ''}
        onChange={event => {
          const next = Number(event.target.value);
          session.state.set({cell: event.target.value === '' || !(next >= 0 && next < count) ? null : Math.floor(next)});
        }}
      />
      <span className="help">{t('inspector.cellHelp')}</span>
    </div>
  );
}

/** Several at once: a change goes to all of them. */
export function SeveralNeurons({nodes, count}: {nodes: NodeView[]; count: number}) {
  return (
    <section className="section">
      <h2>{t('count.selected', {count})}</h2>
      {nodes.length > 0 && <NeuronFields nodes={nodes} />}
    </section>
  );
}

function NeuronFields({nodes}: {nodes: NodeView[]}) {
  const session = useSession();
  const [first] = nodes;
  const {modulates, ...numbers} = first!.properties;
  const isMixed = (name: string) => nodes.some(node => node.properties[name] !== first!.properties[name]);
  return (
    <PropertyFields
      specs={neuronProperties}
      values={numbers as Record<string, number>}
      isMixed={isMixed}
      onChange={(name, value, settled) => changeNodes(session, nodes, name, value, settled)}
      more={t('action.moreProperties')}
      isUnfolded={neuronProperties.some(spec => spec.advanced && numbers[spec.name] !== standard(first!, spec.name))}
    >
      <div className="field">
        <label htmlFor="modulates" className="wide">
          {t('inspector.modulates')}
        </label>
        <select
          id="modulates"
          className="select wide"
          value={isMixed('modulates') ? '' : String(modulates ?? 'both')}
          onChange={event => changeNodes(session, nodes, 'modulates', event.target.value, true)}
        >
          {isMixed('modulates') && <option value="">{t('field.mixed')}</option>}
          {modulationTargets.map(target => (
            <option key={target} value={target}>
              {t(`modulates.${target}`)}
            </option>
          ))}
        </select>
        <span className="help">{t('inspector.modulatesHelp')}</span>
      </div>
    </PropertyFields>
  );
}

function standard(node: NodeView, name: string): number | string {
  if (name === 'minThreshold' || name === 'maxThreshold') return node.properties.threshold ?? 127;
  return neuronProperties.find(spec => spec.name === name)!.default;
}
