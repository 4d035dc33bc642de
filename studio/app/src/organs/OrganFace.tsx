import {useEffect, useRef, useState} from 'react';
import {useSession} from '../context';
import {formatNumber, t} from '../i18n';
import {useStore} from '../store';
import {useOrgans} from './context';
import {organDefinition, organSettings} from './definitions';
import type {LiveOrgan} from './runtime';

/** What an organ shows of itself in the rack, and what of it can be touched. */
export function OrganFace({organ}: {organ: LiveOrgan}) {
  switch (organ.node.type) {
    case 'button':
      return <ButtonFace organ={organ} />;
    case 'key':
      return <KeyFace organ={organ} />;
    case 'slider':
      return <SliderFace organ={organ} />;
    case 'light':
      return <LightFace organ={organ} />;
    case 'oscilloscope':
      return <ScopeFace organ={organ} />;
    default:
      return <p className="hint">{t('organ.unknown', {type: organ.node.type ?? '?'})}</p>;
  }
}

const settingsOf = (organ: LiveOrgan) => organSettings(organDefinition(organ.node.type)!, organ.node);

function ButtonFace({organ}: {organ: LiveOrgan}) {
  const organs = useOrgans();
  const label = String(settingsOf(organ).label) || organ.node.id;
  return (
    <button
      type="button"
      className="button organ-button"
      onPointerDown={() => organs.press(organ)}
      onKeyDown={event => !event.repeat && /^(Enter| )$/.test(event.key) && organs.press(organ)}
    >
      {label}
    </button>
  );
}

function KeyFace({organ}: {organ: LiveOrgan}) {
  const organs = useOrgans();
  const key = String(settingsOf(organ).key);
  return (
    <div className="row">
      <button type="button" className="key-cap" aria-label={`${t('organ.press')} ${key}`} onClick={() => organs.press(organ)}>
        {key}
      </button>
      <span className="hint">{t('organ.waitsFor', {key})}</span>
    </div>
  );
}

function SliderFace({organ}: {organ: LiveOrgan}) {
  const organs = useOrgans();
  const rate = useStore(organs.state, state => state.rates[organ.path] ?? 0);
  const highest = Number(settingsOf(organ).highest);
  return (
    <label className="row">
      <input
        type="range"
        min={0}
        max={highest}
        step={1}
        value={Math.min(rate, highest)}
        aria-label={organ.node.id}
        style={{'--part': `${(Math.min(rate, highest) / highest) * 100}%`} as React.CSSProperties}
        onChange={event => organs.setRate(organ, Number(event.target.value))}
      />
      <span className="number-cell slider-rate">{t('organ.perSecond', {rate})}</span>
    </label>
  );
}

function LightFace({organ}: {organ: LiveOrgan}) {
  const session = useSession();
  const lamp = useRef<HTMLSpanElement>(null);
  const counter = useRef<HTMLSpanElement>(null);
  const count = useRef(0);
  const [, reset] = useState(0);
  const neuron = organ.node.inputs?.[0]?.neuron ?? -1;
  const afterglow = Number(settingsOf(organ).afterglow);
  useEffect(() => {
    return session.frames.subscribe(frame => {
      let fired = 0;
      for (let i = 1; i < frame.spikes.length; i += 2) if (frame.spikes[i] === neuron) fired++;
      if (fired === 0) return;
      count.current += fired;
      counter.current!.textContent = formatNumber(count.current);
      lamp.current!.getAnimations().forEach(animation => {
        animation.cancel();
      });
      lamp.current!.animate(
        [
          {background: 'var(--accent)', boxShadow: '0 0 18px var(--accent)'},
          {background: 'var(--raised)', boxShadow: '0 0 0 transparent'},
        ],
        {duration: afterglow, easing: 'ease-in'},
      );
    });
  }, [session, neuron, afterglow]);
  return (
    <div className="row">
      <span ref={lamp} className="lamp" />
      <span className="grow">
        <span className="hint">{t('organ.count')} </span>
        <span ref={counter} className="counter" data-testid={`count-${organ.node.id}`}>
          {formatNumber(count.current)}
        </span>
      </span>
      <button
        type="button"
        className="button small"
        onClick={() => {
          count.current = 0;
          counter.current!.textContent = '0';
          reset(value => value + 1);
        }}
      >
        {t('organ.reset')}
      </button>
    </div>
  );
}

function ScopeFace({organ}: {organ: LiveOrgan}) {
  const session = useSession();
  const screen = useRef<HTMLCanvasElement>(null);
  const neuron = organ.node.inputs?.[0]?.neuron ?? -1;
  const span = Number(settingsOf(organ).window);
  useEffect(() => {
    const canvas = screen.current!;
    const context = canvas.getContext('2d')!;
    return session.frames.subscribe(frame => {
      const {width, height} = canvas;
      const style = getComputedStyle(canvas);
      context.clearRect(0, 0, width, height);
      context.strokeStyle = style.getPropertyValue('--line');
      context.strokeRect(0.5, 0.5, width - 1, height - 1);
      context.strokeStyle = style.getPropertyValue('--accent');
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(0, height - 8);
      const from = frame.tick - span;
      session.frames.forEachSpike(Math.max(0, from), frame.tick, (tick, fired) => {
        if (fired !== neuron) return;
        const x = ((tick - from) / span) * width;
        context.lineTo(x, height - 8);
        context.lineTo(x, 8);
        context.lineTo(x + 1, height - 8);
      });
      context.lineTo(width, height - 8);
      context.stroke();
    });
  }, [session, neuron, span]);
  return (
    <canvas ref={screen} className="scope" width={520} height={112} role="img" aria-label={`${t('organ.oscilloscope')} ${organ.node.id}`} />
  );
}
