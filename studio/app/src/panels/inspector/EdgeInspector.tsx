import type {EdgeView} from '@flux/engine';
import {useEffect, useState} from 'react';
import {useSession} from '../../context';
import {fiberChoice} from '../../fiber';
import {formatNumber, t} from '../../i18n';
import {fiberProperties, synapseProperties, synapseTypes} from '../../properties';
import {FiberFields} from '../../widgets/FiberFields';
import {PropertyField} from '../../widgets/PropertyField';
import {Segmented} from '../../widgets/Segmented';
import {changeEdge, changeFiber, isOverride} from './change';

export function EdgeInspector({edge}: {edge: EdgeView}) {
  const session = useSession();
  const [showAll, setShowAll] = useState(edge.stmRate > 0);
  const values: Record<string, number> = {
    weight: edge.weight[0],
    length: edge.length[0],
    stmRate: edge.stmRate,
    ltmRate: edge.ltmRate,
    restorationRate: edge.restorationRate,
  };
  const isKernel = edge.rule === 'kernel';
  const shown = synapseProperties.filter(
    spec => (showAll || !spec.advanced) && !(isKernel && (spec.name === 'weight' || spec.name === 'length')),
  );
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
        {shown.map(spec => {
          const range = edge.list === 'fibers' && (spec.name === 'weight' || spec.name === 'length') ? edge[spec.name] : null;
          const field = (of: typeof spec, value: number, written: (value: number) => number | [number, number]) => (
            <PropertyField
              key={of.name}
              spec={of}
              value={value}
              onChange={(next, settled) => changeEdge(session, edge, spec.name, written(next), settled)}
            />
          );
          if (!range) return field(spec, values[spec.name]!, value => value);
          const [low, high] = range;
          return [
            field(spec, low, value => (low === high ? value : ordered(value, high))),
            field(fiberProperties[`${spec.name as 'weight' | 'length'}High`], high, value => ordered(low, value)),
          ];
        })}
        <button type="button" className="button small" aria-expanded={showAll} onClick={() => setShowAll(!showAll)}>
          {t(showAll ? 'action.fewerProperties' : 'inspector.learning')}
        </button>
      </section>
    </>
  );
}

/** A range never goes down: the end that is moved pushes the other. */
function ordered(low: number, high: number): [number, number] {
  return low <= high ? [low, high] : [high, high];
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
