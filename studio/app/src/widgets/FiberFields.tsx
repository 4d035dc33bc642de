import {useId} from 'react';
import {drawing, type FiberChoice} from '../fiber';
import {type MessageKey, t} from '../i18n';
import {type FiberRule, fiberProperties, fiberRules} from '../properties';
import {KernelTable} from './KernelTable';
import {PropertyField} from './PropertyField';
import {SeedField} from './SeedField';
import {Segmented} from './Segmented';

interface Props {
  choice: FiberChoice;
  /** An override of an instance: only how many synapses are drawn can be another. */
  isFixed?: boolean;
  onChange: (choice: FiberChoice, settled: boolean) => void;
}

/** Which neurons of the two sides of a fiber are connected. */
export function FiberFields({choice, isFixed = false, onChange}: Props) {
  const id = useId();
  const {rule, kernel} = choice;
  const change = (part: Partial<FiberChoice>, settled = true) => onChange({...choice, ...part}, settled);
  const drawnBy = drawing(choice);
  const number = (name: 'radius' | 'probability' | 'fanout') => (
    <PropertyField spec={fiberProperties[name]} value={choice[name]} onChange={(value, settled) => change({[name]: value}, settled)} />
  );
  return (
    <>
      <fieldset disabled={isFixed}>
        <div className="field">
          <label htmlFor={id} className="wide">
            {t('inspector.rule')}
          </label>
          <select id={id} className="select wide" value={rule} onChange={event => change({rule: event.target.value as FiberRule})}>
            {fiberRules.map(name => (
              <option key={name} value={name}>
                {t(`rule.${name}` as MessageKey)}
              </option>
            ))}
          </select>
          <span className="help">{t(isFixed ? 'rule.fixed' : 'rule.help')}</span>
        </div>
        {rule === 'distance' && (
          <>
            {number('radius')}
            <Segmented
              label={t('rule.drawnBy')}
              value={choice.drawnBy}
              options={[
                {value: 'probability', label: t('property.probability')},
                {value: 'fanout', label: t('property.fanout')},
              ]}
              onChange={drawnBy => change({drawnBy})}
            />
          </>
        )}
      </fieldset>
      {drawnBy && number(drawnBy)}
      <fieldset disabled={isFixed}>
        {rule === 'kernel' && <KernelTable offsets={kernel} onChange={(offsets, settled) => change({kernel: offsets}, settled)} />}
        {(rule === 'distance' || rule === 'kernel') && <Check name="wrap" value={choice.wrap} onChange={wrap => change({wrap})} />}
        <Check name="allowSelf" value={choice.allowSelf} onChange={allowSelf => change({allowSelf})} />
        {rule !== 'kernel' && <SeedField value={choice.seed} help={t('rule.seedHelp')} isOptional onCommit={seed => change({seed})} />}
      </fieldset>
    </>
  );
}

function Check({name, value, onChange}: {name: 'wrap' | 'allowSelf'; value: boolean; onChange: (value: boolean) => void}) {
  const id = useId();
  return (
    <div className="field">
      <label className="check wide">
        <input type="checkbox" checked={value} aria-describedby={id} onChange={event => onChange(event.target.checked)} />
        {t(`property.${name}`)}
      </label>
      <span id={id} className="help">
        {t(`property.${name}.help`)}
      </span>
    </div>
  );
}
