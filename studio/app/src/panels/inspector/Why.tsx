import type {ElementRef} from '@flux/canvas';
import type {Cause, CircuitView, Why as WhyAnswer} from '@flux/engine';
import {ArrowLeft, X} from 'lucide-react';
import {useEffect, useState} from 'react';
import {useSession, useStudio} from '../../context';
import {engineText, formatNumber, t} from '../../i18n';
import {Icon} from '../../widgets/Icon';
import {IconButton} from '../../widgets/IconButton';

interface Props {
  neuron: number;
  tick: number;
}

/** Why a neuron fired: what reached it in that tick, and from each cause the way back to its own. */
export function Why({neuron, tick}: Props) {
  const session = useSession();
  const view = useStudio(state => state.view);
  const [answer, setAnswer] = useState<WhyAnswer | null>(null);
  const [names, setNames] = useState<Map<number, string>>(new Map());
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    let isOver = false;
    setAnswer(null);
    setProblem(null);
    (async () => {
      const why = await session.client.why(neuron, tick);
      const wanted = [...new Set([neuron, ...why.causes.flatMap(cause => cause.source ?? [])])];
      const paths = await session.client.paths(wanted);
      if (isOver) return;
      setNames(new Map(wanted.map((index, i) => [index, paths[i]!])));
      setAnswer(why);
    })().catch(error => !isOver && setProblem(error instanceof Error ? error.message : String(error)));
    return () => {
      isOver = true;
    };
  }, [session, neuron, tick]);

  // The way the stimuli came is lit on the canvas; the rest steps back.
  useEffect(() => {
    if (!answer) return;
    session.canvas?.highlight(causeElements(view, answer), true);
    return () => session.canvas?.highlight([]);
  }, [session, answer, view]);

  const shown = view?.nodes.find(node => node.single && node.first === neuron);
  const name = names.get(neuron) ?? shown?.id ?? '';
  return (
    <section className="section why" aria-live="polite">
      <div className="row">
        <h2 className="grow">{t('why.title', {name})}</h2>
        <IconButton icon={X} size={14} label={t('action.close')} onPress={() => session.state.set({why: null})} />
      </div>
      <p className="faint">{t('why.at', {tick})}</p>
      {problem && <p className="field-error">{engineText(problem)}</p>}
      {answer && answer.causes.length === 0 && <p>{t('why.none')}</p>}
      {answer && (
        <>
          <dl className="numbers">
            <dt>{t('why.level')}</dt>
            <dd>{formatNumber(answer.level / 16)}</dd>
            <dt>{t('inspector.threshold')}</dt>
            <dd>{formatNumber(answer.threshold / 16)}</dd>
            <dt>{t('inspector.modulation')}</dt>
            <dd>{formatNumber(answer.modulation / 256)}</dd>
          </dl>
          <ul className="plain-list causes">
            {answer.causes.map((cause, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an answer never changes
              <li key={i}>
                <CauseLine cause={cause} name={names.get(cause.source ?? -1) ?? ''} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** The neuron, the neurons that reached it, and the connections between, as far as the circuit that is shown has them. */
function causeElements(view: CircuitView | null, {neuron, causes}: WhyAnswer): {element: ElementRef}[] {
  const sources = new Set(causes.flatMap(cause => cause.source ?? []));
  const isMeant = (index: number) => index === neuron || sources.has(index);
  const nodes = (view?.nodes ?? []).filter(
    node => node.first >= 0 && [neuron, ...sources].some(index => index >= node.first && index < node.first + node.count),
  );
  const edges = (view?.edges ?? []).filter(edge => edge.to[0]?.neuron === neuron && isMeant(edge.from[0]?.neuron ?? -1));
  return [
    ...nodes.map(node => ({element: {kind: 'node' as const, id: node.id}})),
    ...edges.map(edge => ({element: {kind: 'edge' as const, list: edge.list, index: edge.index}})),
  ];
}

function CauseLine({cause, name}: {cause: Cause; name: string}) {
  const session = useSession();
  if (cause.kind === 'own timer') return <p>{t('why.own')}</p>;
  if (cause.kind === 'hand') return <p>{t('why.hand')}</p>;
  const {source, firedAt, synapse, value} = cause;
  return (
    <button type="button" className="list-button cause" onClick={() => session.askWhy(source!, firedAt!)}>
      <Icon of={ArrowLeft} size={14} />
      <span className="grow">
        {t('why.stimulus', {name, tick: firedAt!, length: synapse?.length ?? 0, weight: value > 0 ? `+${value}` : String(value)})}
        <span className="hint"> {t('why.back')}</span>
      </span>
    </button>
  );
}
