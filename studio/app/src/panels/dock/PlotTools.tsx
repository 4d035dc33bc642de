import {FileImage, FileSpreadsheet, Image, Radio} from 'lucide-react';
import {type ReactNode, useEffect, useState} from 'react';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';
import {download, fileName} from '../../session/files';
import {Icon} from '../../widgets/Icon';
import {IconButton} from '../../widgets/IconButton';

const spans = [100, 200, 500, 1000, 2000, 5000, 10_000, 50_000];

export interface Exportable {
  toSvg(): string;
  toPng(): Promise<Blob | null>;
  toCsv(): string;
}

/** Above a plot: how much time it shows, and what can be taken out of it. */
export function PlotTools({name, plot, children}: {name: string; plot: Exportable | null; children?: ReactNode}) {
  return (
    <div className="plot-tools">
      <TimeSpan />
      {children}
      <span className="spacer" />
      <ExportButtons name={name} plot={plot} />
    </div>
  );
}

/** Saves a plot as a picture, or its numbers. */
export function ExportButtons({name, plot}: {name: string; plot: Exportable | null}) {
  const session = useSession();
  const title = useStudio(state => state.info?.title ?? '');
  const file = (extension: string) => fileName(`${title} ${name}`, extension);
  return (
    <>
      <IconButton
        icon={FileImage}
        size={14}
        label={t('plot.svg')}
        disabled={!plot}
        onPress={() => download(plot!.toSvg(), file('svg'), 'image/svg+xml')}
      />
      <IconButton
        icon={Image}
        size={14}
        label={t('plot.png')}
        disabled={!plot}
        onPress={async () => {
          const picture = await plot!.toPng();
          if (picture) download(picture, file('png'), 'image/png');
          else session.inform(t('error.render'));
        }}
      />
      <IconButton
        icon={FileSpreadsheet}
        size={14}
        label={t('plot.csv')}
        disabled={!plot}
        onPress={() => download(plot!.toCsv(), file('csv'), 'text/csv')}
      />
    </>
  );
}

/** The stretch of time that all plots share. The wheel over a plot changes it too. */
function TimeSpan() {
  const session = useSession();
  const {time} = session.frames;
  const [span, setSpan] = useState(time.span);
  const [follows, setFollows] = useState(time.follow);
  useEffect(
    () =>
      time.onChange(() => {
        setSpan(time.span);
        setFollows(time.follow);
      }),
    [time],
  );
  const shown = Math.round(span);
  return (
    <>
      <label className="row">
        {t('raster.window')}
        <select className="select compact" value={shown} onChange={event => time.show(time.to, Number(event.target.value))}>
          {[...new Set([...spans, shown])]
            .sort((a, b) => a - b)
            .map(value => (
              <option key={value} value={value}>
                {t('count.ticks', {count: value})}
              </option>
            ))}
        </select>
      </label>
      {!follows && (
        <button type="button" className="button small" onClick={() => time.show(time.latest, time.span)}>
          <Icon of={Radio} size={14} /> {t('time.return')}
        </button>
      )}
    </>
  );
}
