import {Radio} from 'lucide-react';
import {type CSSProperties, useEffect, useState} from 'react';
import {useSession, useStudio} from '../context';
import {formatNumber, t} from '../i18n';
import {CommandButton} from '../widgets/CommandButton';
import {Icon} from '../widgets/Icon';

/** The time machine: shown while the run is paused. Scrubs over all ticks that the engine can go back to. */
export function TimeBar() {
  const session = useSession();
  const running = useStudio(state => state.running);
  const seekable = useStudio(state => state.seekable);
  const [tick, setTick] = useState(0);

  useEffect(() => session.frames.subscribe(frame => !frame.running && setTick(frame.tick)), [session]);

  if (running || !seekable || seekable.to <= seekable.from) return null;
  const {from, to} = seekable;
  const part = ((tick - from) / Math.max(1, to - from)) * 100;
  return (
    <section className="floating time-bar" aria-label={t('time.machine')}>
      <CommandButton id="stepBack" />
      <input
        type="range"
        min={from}
        max={to}
        step={1}
        value={tick}
        aria-label={t('time.machine')}
        aria-valuetext={`${t('time.position')} ${tick}`}
        style={{'--part': `${part}%`} as CSSProperties}
        onChange={event => session.scrub(Number(event.target.value))}
      />
      <CommandButton id="step" />
      <span className="time-tick">
        {formatNumber(tick)} / {formatNumber(to)}
      </span>
      {tick < to && (
        <button type="button" className="button small" onClick={() => void session.seek(to)}>
          <Icon of={Radio} size={14} /> {t('time.return')}
        </button>
      )}
    </section>
  );
}
