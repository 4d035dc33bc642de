import {ChevronDown, ChevronUp} from 'lucide-react';
import {type ReactNode, useState} from 'react';
import {t} from '../i18n';
import type {PropertySpec} from '../properties';
import {Icon} from './Icon';
import {PropertyField} from './PropertyField';

interface Props {
  specs: PropertySpec[];
  values: Record<string, number>;
  /** Whether things that are changed together differ in one. */
  isMixed?: (name: string) => boolean;
  onChange: (name: string, value: number, settled: boolean) => void;
  /** What unfolds the advanced ones is called. */
  more: string;
  /** Whether they are unfolded to begin with. */
  isUnfolded?: boolean;
  /** Shown with them. */
  children?: ReactNode;
}

/** A form of numbers; those that few people need are folded away. */
export function PropertyFields({specs, values, isMixed, onChange, more, isUnfolded = false, children}: Props) {
  const [showAll, setShowAll] = useState(isUnfolded);
  return (
    <>
      {specs
        .filter(spec => showAll || !spec.advanced)
        .map(spec => (
          <PropertyField
            key={spec.name}
            spec={spec}
            value={values[spec.name] ?? spec.default}
            isMixed={isMixed?.(spec.name)}
            onChange={(value, settled) => onChange(spec.name, value, settled)}
          />
        ))}
      {showAll && children}
      <button type="button" className="button small" aria-expanded={showAll} onClick={() => setShowAll(!showAll)}>
        <Icon of={showAll ? ChevronUp : ChevronDown} size={14} /> {showAll ? t('action.fewerProperties') : more}
      </button>
    </>
  );
}
