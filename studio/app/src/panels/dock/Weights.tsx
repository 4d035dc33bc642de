import {WeightPlot} from '@flux/canvas';
import {useEffect} from 'react';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';
import {PlotTools} from './PlotTools';
import {usePlot} from './usePlot';

/** Effective weights of the plastic synapses of the circuit that is shown, over time. */
export function Weights() {
  const session = useSession();
  const hasPlastic = useStudio(state => state.view?.edges.some(edge => edge.list === 'synapses' && edge.stmRate > 0) ?? false);
  const [element, plot] = usePlot((canvas, options) => new WeightPlot(canvas, session.frames.time, options));
  useEffect(() => {
    if (!plot) return;
    const {weights} = session;
    let names = '';
    let shown = 0;
    const draw = () => {
      const key = weights.names.join('|');
      const first = weights.samples[0]?.tick ?? 0;
      // Other synapses, or the past was left: all is drawn anew.
      if (key !== names || (shown > 0 && (weights.samples.at(-1)?.tick ?? 0) < shown) || first > shown) {
        plot.setSynapses(weights.names);
        names = key;
        shown = -1;
      }
      for (const {tick, weights: values} of weights.samples) {
        if (tick <= shown) continue;
        plot.add(tick, values);
        shown = tick;
      }
    };
    draw();
    return weights.subscribe(draw);
  }, [plot, session]);
  return (
    <div className="plot-panel">
      <PlotTools name="weights" plot={plot} />
      {!hasPlastic && <p className="empty over">{t('weights.static')}</p>}
      <canvas ref={element} className="plot" role="img" aria-label={t('panel.weights')} />
    </div>
  );
}
