import {isSameSynapse, lookAtNeuron, markSingle} from '@flux/canvas';
import type {NeuronDetails, SynapseDetails} from '@flux/engine';
import {useEffect, useId, useState, useSyncExternalStore} from 'react';
import {useSession, useStudio} from '../../context';
import {formatNumber, t} from '../../i18n';

/** Most synapses of a neuron that are drawn one by one. */
const most = 400;
/** Milliseconds between two looks at what the synapses have learned. */
const interval = 500;

/**
 * The synapses of the neuron that is looked at, those that fibers stand for too: the canvas draws them one by one, and a click on one, or the
 * choice here, tells what it is.
 */
export function OwnSynapses({neuron}: {neuron: number}) {
  const session = useSession();
  const id = useId();
  const picked = useStudio(state => state.single);
  const synapses = useOwnSynapses(neuron);
  const at = picked ? synapses.findIndex(synapse => isSameSynapse(synapse, picked)) : -1;
  const found = synapses[at] ?? null;
  useEffect(() => {
    if (session.canvas) markSingle(session.canvas, session.canvas.marks.singles.find(one => found && isSameSynapse(one, found)) ?? null);
  }, [session, found]);
  if (synapses.length === 0) return null;
  return (
    <section className="section">
      <h2>{t('single.title')}</h2>
      <select
        className="select"
        aria-label={t('single.title')}
        aria-describedby={id}
        value={at}
        onChange={event => session.state.set({single: synapses[Number(event.target.value)] ?? null})}
      >
        <option value={-1}>—</option>
        {synapses.map((synapse, i) => (
          <option key={`${synapse.source} ${synapse.target} ${synapse.type} ${synapse.ordinal}`} value={i}>
            <Ends {...synapse} />
          </option>
        ))}
      </select>
      <p id={id} className="help">
        {t('single.help')}
      </p>
      {found && <Details synapse={found} />}
    </section>
  );
}

/** What the engine says of them, time and again; and draws them on the canvas. */
function useOwnSynapses(neuron: number): SynapseDetails[] {
  const session = useSession();
  const info = useStudio(state => state.info);
  const hasCanvas = useStudio(state => state.hasCanvas);
  const [synapses, setSynapses] = useState<SynapseDetails[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an edit may change its synapses
  useEffect(() => {
    const {canvas} = session;
    let isOver = false;
    const take = ({afferents, efferents}: NeuronDetails) => {
      // A synapse to itself is on both sides.
      const all = [...efferents, ...afferents.filter(synapse => synapse.source !== neuron)].slice(0, most);
      if (!isOver) setSynapses(all);
      return all;
    };
    if (canvas) lookAtNeuron(canvas, neuron);
    session.client
      .neuron(neuron)
      .then(details => {
        const all = take(details);
        if (canvas && !isOver) lookAtNeuron(canvas, neuron, all);
      })
      .catch(() => {});
    const timer = setInterval(() => {
      if (session.state.get().single) session.client.neuron(neuron).then(take, () => {});
    }, interval);
    return () => {
      isOver = true;
      clearInterval(timer);
      if (canvas) lookAtNeuron(canvas, -1);
    };
  }, [session, neuron, info, hasCanvas]);
  useEffect(() => () => session.state.set({single: null}), [session]);
  return synapses;
}

/** The ends of a synapse as the circuit calls them. */
function Ends({source, target}: {source: number; target: number}) {
  return `${useName(source)} → ${useName(target)}`;
}

function useName(neuron: number): string {
  const {names} = useSession();
  return useSyncExternalStore(
    listener => names.subscribe(listener),
    () => names.of(neuron),
  );
}

function Details({synapse}: {synapse: SynapseDetails}) {
  const {source, target, type, weight, length, effectiveWeight, shortTerm, longTerm} = synapse;
  const learns = synapse.stmRate > 0;
  return (
    <dl className="numbers wide" aria-label={t('inspector.synapse')}>
      <dt>{t('inspector.from')}</dt>
      <dd>{useName(source)}</dd>
      <dt>{t('inspector.to')}</dt>
      <dd>{useName(target)}</dd>
      <dt>{t('inspector.type')}</dt>
      <dd>{t(`type.${type}`)}</dd>
      <dt>{t('property.weight')}</dt>
      <dd>{formatNumber(weight)}</dd>
      <dt>{t('property.length')}</dt>
      <dd>{t('count.ticks', {count: length})}</dd>
      {learns && (
        <>
          <dt>{t('inspector.effective')}</dt>
          <dd>{formatNumber(effectiveWeight)}</dd>
          <dt>{t('inspector.shortTerm')}</dt>
          <dd>{formatNumber(shortTerm / 256)}</dd>
          <dt>{t('inspector.longTerm')}</dt>
          <dd>{formatNumber(longTerm / 256)}</dd>
        </>
      )}
    </dl>
  );
}
