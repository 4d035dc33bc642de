import {Activity, CircleHelp, CirclePause, Flame, Snowflake, Zap} from 'lucide-react';
import {type MouseEvent, useEffect, useId, useRef} from 'react';
import {command, showShortcut} from '../../commands';
import {hasBreakpoint, isProbed, type OneNeuron, removeBreakpoint, setBreakpoint} from '../../commands/observe';
import {useSession, useStudio} from '../../context';
import {formatNumber, t} from '../../i18n';
import {IconButton} from '../../widgets/IconButton';

/** Level, threshold and modulation as they are now, and what can be done to the neuron by hand. Written past React. */
export function LiveState({one}: {one: OneNeuron}) {
  const session = useSession();
  const {neuron, threshold: written} = one;
  const probed = useStudio(state => state.probes.some(probe => probe.neuron === neuron)) || isProbed(session, neuron);
  const paused = useStudio(state => state.breakpoints.some(point => point.neuron === neuron)) || hasBreakpoint(session, neuron);
  const breakLevel = useStudio(state => state.breakpoints.find(point => point.neuron === neuron)?.level);
  const bar = useRef<HTMLDivElement>(null);
  const level = useRef<HTMLElement>(null);
  const threshold = useRef<HTMLElement>(null);
  const modulation = useRef<HTMLElement>(null);
  const last = useRef<HTMLElement>(null);

  useEffect(() => {
    let shown = 0;
    return session.frames.subscribe(frame => {
      const now = performance.now();
      if (frame.running && now - shown < 80) return;
      shown = now;
      const known = session.frames.stateOf(neuron);
      const levelNow = known?.level ?? 0;
      const thresholdNow = known?.threshold ?? written;
      bar.current!.style.setProperty('--part', `${Math.min(100, Math.max(0, (levelNow / thresholdNow) * 100))}%`);
      bar.current!.style.setProperty('--below', `${Math.min(100, Math.max(0, (-levelNow / thresholdNow) * 100))}%`);
      level.current!.textContent = formatNumber(Math.round(levelNow * 10) / 10);
      threshold.current!.textContent = formatNumber(Math.round(thresholdNow * 10) / 10);
      modulation.current!.textContent = formatNumber(Math.round((known?.modulation ?? 0) * 10) / 10);
      const spike = session.frames.lastSpike(neuron);
      last.current!.textContent = spike === null ? t('inspector.never') : formatNumber(spike);
    });
  }, [session, neuron, written]);

  const breakHere = (event: MouseEvent) => {
    const {left, width} = event.currentTarget.getBoundingClientRect();
    const part = (event.clientX - left) / width;
    setBreakpoint(session, one, Math.max(1, Math.round(part * written)));
  };
  const act = (id: string) => void command(id).run(session);
  return (
    <section className="section live-state">
      <h2>{t('inspector.live')}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: for a hand with a mouse; the field below does the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
      <div ref={bar} className="level-bar" title={t('action.breakHere')} onClick={breakHere}>
        {breakLevel !== undefined && breakLevel > 0 && <span className="level-mark" style={{left: `${(breakLevel / written) * 100}%`}} />}
      </div>
      <dl className="numbers">
        <dt>{t('inspector.level')}</dt>
        <dd ref={level} data-testid="level" />
        <dt>{t('inspector.threshold')}</dt>
        <dd ref={threshold} />
        <dt>{t('inspector.modulation')}</dt>
        <dd ref={modulation} />
        <dt>{t('inspector.lastSpike')}</dt>
        <dd ref={last} data-testid="last-spike" />
      </dl>
      <div className="row wrap tight">
        <button type="button" className="button outlined small" onClick={() => act('fire')}>
          <Zap size={14} aria-hidden /> {t('action.fire')}
        </button>
        <IconButton icon={Flame} label={t('action.stimulate')} shortcut={showShortcut('S')} onPress={() => act('stimulate')} />
        <IconButton icon={Snowflake} label={t('action.calm')} shortcut={showShortcut('Shift+S')} onPress={() => act('calm')} />
        <IconButton
          icon={Activity}
          label={t(probed ? 'action.unprobe' : 'action.probe')}
          shortcut={showShortcut('P')}
          pressed={probed}
          onPress={() => act('probe')}
        />
        <IconButton
          icon={CirclePause}
          label={t(paused ? 'action.unbreak' : 'action.breakFire')}
          shortcut={showShortcut('B')}
          pressed={paused}
          onPress={() => act('breakFire')}
        />
        <IconButton icon={CircleHelp} label={t('action.why')} shortcut={showShortcut('W')} onPress={() => act('why')} />
      </div>
      <LevelBreakpoint one={one} />
    </section>
  );
}

/** Pauses the run when the level reaches a value from below; of a negative one, from above. */
function LevelBreakpoint({one}: {one: OneNeuron}) {
  const session = useSession();
  const id = useId();
  const level = useStudio(state => state.breakpoints.find(point => point.neuron === one.neuron)?.level);
  return (
    <div className="field">
      <label htmlFor={id}>{t('action.breakLevel')}</label>
      <input
        key={level}
        id={id}
        className="input"
        type="number"
        min={-255}
        max={255}
        defaultValue={level}
        placeholder="—"
        onBlur={event => {
          const next = Math.round(Number(event.target.value));
          if (event.target.value === '' ? level === undefined : next === level) return;
          if (event.target.value === '' || next === 0 || Math.abs(next) > 255) removeBreakpoint(session, one.neuron);
          else setBreakpoint(session, one, next);
        }}
        onKeyDown={event => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </div>
  );
}
