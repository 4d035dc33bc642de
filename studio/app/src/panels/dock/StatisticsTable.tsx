import {IntervalPlot, RatePlot} from '@flux/canvas';
import {FileSpreadsheet} from 'lucide-react';
import {useEffect, useState} from 'react';
import {useSession, useStudio} from '../../context';
import {formatNumber, t} from '../../i18n';
import {download, fileName} from '../../session/files';
import {IconButton} from '../../widgets/IconButton';
import {neuronsOf} from './neurons';
import {ExportButtons} from './PlotTools';
import {type Row, statistics} from './statistics';
import {usePlot} from './usePlot';

/** Over how many of the last ticks. */
const span = 10_000;
const mostRows = 200;

type Column = 'neuron' | 'spikes' | 'rate' | 'interval' | 'variation';
const columns: Column[] = ['neuron', 'spikes', 'rate', 'interval', 'variation'];

/** Rates and intervals of the last ten thousand ticks, once a second. */
export function Statistics() {
  const session = useSession();
  const tickLength = useStudio(state => state.info?.settings.tick ?? 1000);
  const [rows, setRows] = useState<Row[]>([]);
  const [names, setNames] = useState<Map<number, string>>(new Map());
  const [sorted, setSorted] = useState<{by: Column; down: boolean}>({by: 'rate', down: true});

  useEffect(() => {
    let isOver = false;
    const measure = async () => {
      const next = statistics(session.frames, span);
      setRows(next);
      const wanted = next.slice(0, mostRows).map(row => row.neuron);
      const paths = await session.client.paths(wanted).catch(() => []);
      if (!isOver) setNames(new Map(wanted.map((neuron, i) => [neuron, paths[i] ?? String(neuron)])));
    };
    void measure();
    const timer = setInterval(() => void measure(), 1000);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [session]);

  if (rows.length === 0) return <p className="empty">{t('statistics.empty')}</p>;
  const value = (row: Row) => (sorted.by === 'neuron' ? row.neuron : (row[sorted.by] ?? -1));
  const shown = [...rows].sort((a, b) => (value(a) - value(b)) * (sorted.down ? -1 : 1)).slice(0, mostRows);
  const perSecond = (row: Row) => Math.round((row.rate * 10_000_000) / tickLength) / 10;
  const cell = (row: Row, column: Column) => {
    if (column === 'neuron') return names.get(row.neuron) ?? row.neuron;
    return column === 'rate' ? perSecond(row) : (row[column] ?? '');
  };
  const toCsv = () =>
    [columns, ...shown.map(row => columns.map(column => cell(row, column)))].map(cells => `${cells.join(',')}\n`).join('');
  return (
    <div className="statistics">
      <table className="table">
        <caption>
          <span className="row">
            <span className="grow">{t('statistics.caption', {count: Math.min(span, session.frames.latest?.tick ?? 0)})}</span>
            <IconButton
              icon={FileSpreadsheet}
              size={14}
              label={t('statistics.csv')}
              onPress={() => download(toCsv(), fileName(`${session.state.get().info?.title ?? ''} statistics`, 'csv'), 'text/csv')}
            />
          </span>
        </caption>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column} aria-sort={sorted.by === column ? (sorted.down ? 'descending' : 'ascending') : undefined}>
                <button
                  type="button"
                  title={column === 'variation' ? t('statistics.variationHelp') : undefined}
                  onClick={() => setSorted({by: column, down: sorted.by === column ? !sorted.down : column !== 'neuron'})}
                >
                  {t(`statistics.${column}`)}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(row => (
            <tr key={row.neuron}>
              <th scope="row">{names.get(row.neuron) ?? row.neuron}</th>
              <td>{formatNumber(row.spikes)}</td>
              <td>{t('organ.perSecond', {rate: perSecond(row)})}</td>
              <td>{row.interval === null ? '—' : t('count.ticks', {count: Math.round(row.interval * 10) / 10})}</td>
              <td>{row.variation === null ? '—' : formatNumber(row.variation)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Plots />
    </div>
  );
}

/** Mean rate over time, and how often which interval came, of the selected neurons or of all. */
function Plots() {
  const session = useSession();
  const view = useStudio(state => state.view);
  const selection = useStudio(state => state.selection);
  const {time, spikes} = session.frames;
  const [rateElement, rates] = usePlot((canvas, options) => new RatePlot(canvas, time, spikes, options));
  const [intervalElement, intervals] = usePlot((canvas, options) => new IntervalPlot(canvas, time, spikes, options));
  useEffect(() => {
    const neurons = neuronsOf(view, selection);
    rates?.setNeurons(neurons);
    intervals?.setNeurons(neurons);
  }, [rates, intervals, view, selection]);
  return (
    <div className="statistics-plots">
      <figure>
        <figcaption>
          <span className="grow" title={t('statistics.rateOverTime')}>
            {t('statistics.rateOverTime')}
          </span>
          <ExportButtons name="rates" plot={rates} />
        </figcaption>
        <canvas ref={rateElement} className="plot" role="img" aria-label={t('statistics.rateOverTime')} />
      </figure>
      <figure>
        <figcaption>
          <span className="grow" title={t('statistics.intervals')}>
            {t('statistics.intervals')}
          </span>
          <ExportButtons name="intervals" plot={intervals} />
        </figcaption>
        <canvas ref={intervalElement} className="plot" role="img" aria-label={t('statistics.intervals')} />
      </figure>
    </div>
  );
}
