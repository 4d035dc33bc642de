import {type CSSProperties, useEffect, useId, useState} from 'react';
import {t} from '../i18n';
import {fromSlider, type PropertySpec, toSlider} from '../properties';
import {useTypedNumber} from './typedNumber';

interface Props {
  spec: PropertySpec;
  value: number;
  /** Called while a slider moves as well as at its end; `settled` tells the end. */
  onChange: (value: number, settled: boolean) => void;
  showHelp?: boolean;
  /** Of several things whose numbers differ: `value` is that of one of them. */
  isMixed?: boolean;
  error?: string;
}

/** A number with name, unit, slider, exact field and a line that explains it. A double click on the name takes the default. */
export function PropertyField({spec, value, onChange, showHelp = true, isMixed = false, error}: Props) {
  const id = useId();
  const {problem: typing, input} = useTypedNumber(isMixed ? null : value, spec, onChange);
  const problem = error ?? typing;
  const position = toSlider(value, spec);
  // Where a person has the slider, until the network has taken it: it answers a moment later, to a slider that is elsewhere by then.
  const [slid, setSlid] = useState<number | null>(null);
  useEffect(() => setSlid(at => (at !== null && fromSlider(at, spec) === value ? null : at)), [value, spec]);
  const settle = () => slid !== null && onChange(fromSlider(slid, spec), true);

  return (
    <div className="field">
      <label htmlFor={id} onDoubleClick={() => onChange(spec.default, true)} title={t('field.default', {value: spec.default})}>
        {t(spec.label)}
        <span className="unit">{t(spec.unit)}</span>
      </label>
      <span className="number">
        <input {...input} id={id} aria-invalid={problem ? true : undefined} aria-describedby={`${id}-help`} />
      </span>
      <input
        className="slider"
        type="range"
        aria-label={t('field.slider', {name: t(spec.label)})}
        aria-valuetext={isMixed ? t('field.mixed') : String(value)}
        min={0}
        max={1}
        step={spec.wide ? 0.005 : 1 / (spec.max - spec.min)}
        value={slid ?? position}
        style={{'--part': `${(slid ?? (isMixed ? 0 : position)) * 100}%`} as CSSProperties}
        onChange={event => {
          setSlid(Number(event.target.value));
          onChange(fromSlider(Number(event.target.value), spec), false);
        }}
        onPointerUp={settle}
        onKeyUp={settle}
        onBlur={() => setSlid(null)}
      />
      {problem ? (
        <span id={`${id}-help`} className="field-error" role="alert">
          {problem}
        </span>
      ) : (
        <span id={`${id}-help`} className={showHelp ? 'help' : 'visually-hidden'}>
          {t(spec.help)}
        </span>
      )}
    </div>
  );
}
