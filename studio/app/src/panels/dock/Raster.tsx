import {RasterPlot, SpikeLog} from '@flux/canvas';
import {useEffect, useMemo, useState} from 'react';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';
import type {Future} from '../../session/state';
import {Segmented} from '../../widgets/Segmented';
import {Futures} from './Futures';
import {neuronsOf} from './neurons';
import {PlotTools} from './PlotTools';
import {stacked} from './stacked';
import {usePlot} from './usePlot';

/** One row a neuron, one mark a spike. A click on a mark asks why it fired. After a change in the past both futures stand one above the other. */
export function Raster() {
  const session = useSession();
  const [scope, setScope] = useState<'all' | 'selection'>('all');
  /** The plot of the future that was. */
  const [other, setOther] = useState<RasterPlot | null>(null);
  const view = useStudio(state => state.view);
  const selection = useStudio(state => state.selection);
  const future = useStudio(state => state.future);
  const rows = useMemo(() => neuronsOf(view, scope === 'selection' ? selection : []), [view, scope, selection]);

  const [element, plot] = usePlot(
    (canvas, options) => new RasterPlot(canvas, session.frames.time, session.frames.spikes, neuron => session.names.of(neuron), options),
  );
  useEffect(() => session.names.subscribe(() => plot?.redraw()), [plot, session]);
  useEffect(() => plot?.setRows(rows), [plot, rows]);
  useEffect(
    () =>
      plot?.on('select', ({neuron, tick}) => {
        session.pause();
        session.askWhy(neuron, tick);
      }),
    [plot, session],
  );
  return (
    <div className="plot-panel">
      <PlotTools name="raster" plot={future && other && plot ? stacked(other, plot, 'future', ['before', 'after']) : plot}>
        <Segmented
          label={t('raster.rows')}
          value={scope}
          options={[
            {value: 'all', label: t('raster.all')},
            {value: 'selection', label: t('raster.selection')},
          ]}
          onChange={setScope}
        />
        <Futures />
      </PlotTools>
      {future && <OtherFuture key={future.tick} future={future} rows={rows} onPlot={setOther} />}
      <canvas ref={element} role="img" aria-label={future ? t('time.after') : t('panel.raster')} className="plot" />
    </div>
  );
}

/** The spikes as they would have been without the change. */
function OtherFuture({future, rows, onPlot}: {future: Future; rows: Uint32Array; onPlot: (plot: RasterPlot | null) => void}) {
  const session = useSession();
  const [element, plot] = usePlot((canvas, options) => {
    const log = new SpikeLog(Math.max(1, future.before.length / 2));
    log.add(future.before);
    return new RasterPlot(canvas, session.frames.time, log, neuron => session.names.of(neuron), options);
  });
  useEffect(() => plot?.setRows(rows), [plot, rows]);
  useEffect(() => {
    onPlot(plot);
    return () => onPlot(null);
  }, [plot, onPlot]);
  return <canvas ref={element} role="img" aria-label={t('time.before')} className="plot was" />;
}
