import {useId} from 'react';
import {type MessageKey, t} from '../i18n';
import {type FiberRule, fiberProperties, fiberRules, ruleProperties} from '../properties';
import {PropertyField} from './PropertyField';

/** A rule with what it goes by; probability in percent. */
export interface FiberChoice {
  rule: FiberRule;
  probability: number;
  fanout: number;
  radius: number;
}

export const defaultFiber: FiberChoice = {
  rule: 'all-to-all',
  probability: fiberProperties.probability.default,
  fanout: fiberProperties.fanout.default,
  radius: fiberProperties.radius.default,
};

/** The choice as the text form writes it; null takes away what another rule went by. */
export function writtenRule({rule, ...values}: FiberChoice): Record<string, string | number | null> {
  const written: Record<string, string | number | null> = {rule, probability: null, fanout: null, radius: null};
  for (const name of ruleProperties[rule]) written[name] = name === 'probability' ? values.probability / 100 : values[name];
  return written;
}

/** Which neurons of the two sides of a fiber are connected. */
export function FiberFields({choice, onChange}: {choice: FiberChoice; onChange: (choice: FiberChoice, settled: boolean) => void}) {
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={id} className="wide">
          {t('inspector.rule')}
        </label>
        <select
          id={id}
          className="select wide"
          value={choice.rule}
          onChange={event => onChange({...choice, rule: event.target.value as FiberRule}, true)}
        >
          {fiberRules.map(rule => (
            <option key={rule} value={rule}>
              {t(`rule.${rule}` as MessageKey)}
            </option>
          ))}
        </select>
        <span className="help">{t('rule.help')}</span>
      </div>
      {ruleProperties[choice.rule].map(name => (
        <PropertyField
          key={name}
          spec={fiberProperties[name]}
          value={choice[name]}
          onChange={(value, settled) => onChange({...choice, [name]: value}, settled)}
        />
      ))}
    </>
  );
}
