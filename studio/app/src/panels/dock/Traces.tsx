import {TracePlot} from '@flux/canvas';
import {X} from 'lucide-react';
import {useEffect} from 'react';
import {selectedNeuron, toggleProbe} from '../../commands/observe';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';
import {Icon} from '../../widgets/Icon';
import {PlotTools} from './PlotTools';
import {usePlot} from './usePlot';

/** Level, threshold and modulation of probed neurons, tick by tick. */
export function Traces() {
  const session = useSession();
  const probes = useStudio(state => state.probes);
  useStudio(state => state.selection);
  useStudio(state => state.cell);
  const candidate = selectedNeuron(session);
  const canAdd = candidate && !probes.some(probe => probe.neuron === candidate.neuron);

  const [element, plot] = usePlot(
    (canvas, options) =>
      new TracePlot(
        canvas,
        session.frames.time,
        session.frames.spikes,
        neuron => session.state.get().probes.find(probe => probe.neuron === neuron)?.name ?? String(neuron),
        options,
      ),
  );
  useEffect(() => {
    if (!plot) return;
    plot.setNeurons(probes.map(probe => probe.neuron));
    for (const samples of session.frames.probes) plot.add(samples);
    let isFirst = true;
    return session.frames.subscribe(frame => {
      // What the latest frame carries is among those that were kept.
      if (frame.probes && !isFirst) plot.add(frame.probes);
      isFirst = false;
    });
  }, [plot, probes, session]);

  const remove = (neuron: number) => {
    session.state.set(state => ({probes: state.probes.filter(probe => probe.neuron !== neuron)}));
    session.watch();
  };
  return (
    <div className="plot-panel">
      <PlotTools name="traces" plot={plot}>
        {probes.map(({neuron, name}) => (
          <button key={neuron} type="button" className="chip" aria-label={`${t('action.unprobe')}: ${name}`} onClick={() => remove(neuron)}>
            {name} <Icon of={X} size={11} />
          </button>
        ))}
        {canAdd && (
          <button type="button" className="button outlined small" onClick={() => toggleProbe(session, candidate)}>
            {t('action.probe')}: {candidate.name}
          </button>
        )}
      </PlotTools>
      {probes.length === 0 && <p className="empty over">{t('traces.empty')}</p>}
      <canvas ref={element} className="plot" role="img" aria-label={t('panel.traces')} />
    </div>
  );
}
