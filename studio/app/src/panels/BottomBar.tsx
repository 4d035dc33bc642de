import {useEffect, useRef} from 'react';
import {speeds} from '../commands/run';
import {useSession, useStudio} from '../context';
import {formatNumber, t} from '../i18n';
import {CommandButton} from '../widgets/CommandButton';

export function BottomBar() {
  const running = useStudio(state => state.running);
  const info = useStudio(state => state.info);
  return (
    <footer className="bottombar" data-tour="run">
      <CommandButton id="stepBack" />
      <CommandButton id={running ? 'pause' : 'play'} />
      <CommandButton id="step" />
      <span className={`live ${running ? 'on' : ''}`}>{running ? t('run.live') : t('run.paused')}</span>
      <span className="divider" />
      <Speed />
      <Clock />
      <span className="spacer" />
      <Detail />
      <span className="divider hide-narrow" />
      {info && (
        <span className="counts hide-narrow">
          {t('count.neurons', {count: info.counts.neurons})} · {t('count.synapses', {count: info.counts.synapses})}
        </span>
      )}
    </footer>
  );
}

function Speed() {
  const session = useSession();
  const speed = useStudio(state => state.speed);
  return (
    <label className="row">
      <span>{t('run.speed')}</span>
      <select className="select compact" value={speed} onChange={event => session.setSpeed(Number(event.target.value))}>
        {speeds.map(value => (
          <option key={value} value={value}>
            {value === 0 ? t('run.max') : `${formatNumber(value / 1000)}×`}
          </option>
        ))}
      </select>
    </label>
  );
}

function Detail() {
  const session = useSession();
  const detail = useStudio(state => state.detail);
  return (
    <label className="row hide-narrow">
      <span>{t('settings.detail')}</span>
      <select
        className="select compact"
        value={detail}
        onChange={event => {
          const next = Number(event.target.value) as typeof detail;
          session.state.set({detail: next});
          session.canvas?.setDetail(next);
        }}
      >
        {(['low', 'medium', 'high'] as const).map((level, i) => (
          <option key={level} value={i}>
            {t(`detail.${level}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Tick, factor and rate, written a few times a second past React. */
function Clock() {
  const session = useSession();
  const tick = useRef<HTMLSpanElement>(null);
  const factor = useRef<HTMLSpanElement>(null);
  const rate = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let shown = 0;
    let spikes = 0;
    let since = performance.now();
    return session.frames.subscribe(frame => {
      spikes += frame.spikeCount;
      const now = performance.now();
      if (frame.running && now - shown < 200) return;
      shown = now;
      tick.current!.textContent = formatNumber(frame.tick);
      const asked = session.state.get().speed / 1000;
      const isBehind = frame.running && asked > 0 && frame.factor > 0 && frame.factor < asked * 0.9;
      factor.current!.textContent = frame.running ? t('run.factor', {factor: formatNumber(round(frame.factor))}) : '';
      factor.current!.classList.toggle('behind', isBehind);
      factor.current!.title = isBehind ? t('run.behind') : '';
      if (now - since < 900) return;
      rate.current!.textContent = frame.running ? t('run.rate', {rate: formatNumber(Math.round((spikes * 1000) / (now - since)))}) : '';
      spikes = 0;
      since = now;
    });
  }, [session]);
  return (
    <span className="clock">
      <span className="faint">{t('run.tick')}</span> <span ref={tick} className="tick" data-testid="tick" />
      <span ref={factor} className="factor" data-testid="factor" />
      <span ref={rate} className="rate hide-narrow" />
    </span>
  );
}

function round(factor: number): number {
  return factor >= 10 ? Math.round(factor) : Math.round(factor * 100) / 100;
}
