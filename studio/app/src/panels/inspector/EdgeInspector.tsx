import type {EdgeView} from '@flux/engine';
import {useEffect, useState} from 'react';
import {useSession} from '../../context';
import {fiberChoice} from '../../fiber';
import {formatNumber, t} from '../../i18n';
import {fiberProperties, synapseProperties, synapseTypes} from '../../properties';
import {FiberFields} from '../../widgets/FiberFields';
import {PropertyFields} from '../../widgets/PropertyFields';
import {Segmented} from '../../widgets/Segmented';
import {changeEdge, changeFiber, isOverride} from './change';

export function EdgeInspector({edge}: {edge: EdgeView}) {
  const session = useSession();
  const {specs, values, written} = edgeForm(edge);
  return (
    <>
      <section className="section">
        <h2>{t(edge.list === 'synapses' ? 'inspector.synapse' : 'inspector.fiber')}</h2>
        <dl className="numbers wide">
          <dt>{t('inspector.from')}</dt>
          <dd>{edge.from.map(end => end.path).join(', ')}</dd>
          <dt>{t('inspector.to')}</dt>
          <dd>{edge.to.map(end => end.path).join(', ')}</dd>
          {edge.rule && edge.synapses > 0 && (
            <>
              <dt>{t('outline.synapses')}</dt>
              <dd>{formatNumber(edge.synapses)}</dd>
            </>
          )}
        </dl>
      </section>
      {edge.stmRate > 0 && edge.list === 'synapses' && <Learned edge={edge} />}
      {edge.rule && (
        <section className="section">
          <FiberFields
            choice={fiberChoice(edge)}
            isFixed={isOverride(session, edge)}
            onChange={(choice, settled) => changeFiber(session, edge, choice, settled)}
          />
        </section>
      )}
      <section className="section">
        <Segmented
          label={t('inspector.type')}
          value={edge.type}
          options={synapseTypes.map(type => ({value: type, label: t(`type.${type}`)}))}
          onChange={type => changeEdge(session, edge, 'type', type, true)}
        />
        <p className="help card-help">{t('inspector.typeHelp')}</p>
        <PropertyFields
          specs={specs}
          values={values}
          onChange={(name, value, settled) => changeEdge(session, edge, ...written(name, value), settled)}
          more={t('inspector.learning')}
          isUnfolded={edge.stmRate > 0}
        />
      </section>
    </>
  );
}

/** The numbers of a connection as a form: a fiber draws weight and length between two ends, a kernel has them in itself. */
function edgeForm(edge: EdgeView) {
  const {weight, length, stmRate, ltmRate, restorationRate} = edge;
  const values: Record<string, number> = {stmRate, ltmRate, restorationRate, weight: weight[0], length: length[0]};
  Object.assign(values, {weightHigh: weight[1], lengthHigh: length[1]});
  const isRange = (name: string): name is 'weight' | 'length' => name === 'weight' || name === 'length';
  const specs = synapseProperties.flatMap(spec => {
    if (edge.list === 'synapses' || !isRange(spec.name)) return [spec];
    return edge.rule === 'kernel' ? [] : [spec, fiberProperties[`${spec.name}High`]];
  });
  /** The property that a field changes, and its value. An end that passes the other pushes it: a range never goes down. */
  const written = (name: string, value: number): [string, number | [number, number]] => {
    const property = name.replace('High', '');
    if (edge.list === 'synapses' || !isRange(property)) return [property, value];
    const [low, high] = edge[property];
    if (property !== name) return [property, [Math.min(low, value), value]];
    return [property, low === high ? value : [value, Math.max(value, high)]];
  };
  return {specs, values, written};
}

/** What the synapse has learned so far, asked for twice a second. */
function Learned({edge}: {edge: EdgeView}) {
  const session = useSession();
  const [learned, setLearned] = useState<{shortTerm: number; longTerm: number; effectiveWeight: number} | null>(null);
  const source = edge.from[0]?.neuron ?? -1;
  const target = edge.to[0]?.neuron ?? -1;
  useEffect(() => {
    if (source < 0) return;
    let isOver = false;
    const ask = async () => {
      const details = await session.client.neuron(source).catch(() => null);
      const found = details?.efferents.find(synapse => synapse.target === target && synapse.stmRate > 0);
      if (!isOver && found) setLearned(found);
    };
    void ask();
    const timer = setInterval(() => void ask(), 500);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [session, source, target]);
  if (!learned) return null;
  return (
    <section className="section">
      <h2>{t('inspector.learned')}</h2>
      <dl className="numbers">
        <dt>{t('inspector.effective')}</dt>
        <dd>{learned.effectiveWeight}</dd>
        <dt>{t('inspector.shortTerm')}</dt>
        <dd>{formatNumber(learned.shortTerm / 256)}</dd>
        <dt>{t('inspector.longTerm')}</dt>
        <dd>{formatNumber(learned.longTerm / 256)}</dd>
      </dl>
    </section>
  );
}
