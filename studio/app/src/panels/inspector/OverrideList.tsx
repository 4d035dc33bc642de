import type {Override} from '@flux/engine';
import {RotateCcw} from 'lucide-react';
import {t} from '../../i18n';
import {IconButton} from '../../widgets/IconButton';

/** What is otherwise than in the prototype, and what is left out of it, each with a way back. */
export function OverrideList({
  overrides,
  removes = [],
  onReset,
  onRestore,
}: {
  overrides: Override[];
  removes?: string[];
  onReset: (name: string) => void;
  onRestore?: (path: string) => void;
}) {
  return (
    <ul className="plain-list">
      {overrides.map(({target, property, value}) => {
        const name = target === '' ? property : `${target}.${property}`;
        return (
          <li key={name} className="row">
            <span className="grow">
              <code>{name}</code> = {String(value)}
            </span>
            <IconButton icon={RotateCcw} size={14} label={`${t('action.resetOverride')}: ${name}`} onPress={() => onReset(name)} />
          </li>
        );
      })}
      {removes.map(path => (
        <li key={`- ${path}`} className="row">
          <span className="grow">
            {t('heir.without')} <code>{path}</code>
          </span>
          {onRestore && (
            <IconButton icon={RotateCcw} size={14} label={`${t('action.takeBack')}: ${path}`} onPress={() => onRestore(path)} />
          )}
        </li>
      ))}
    </ul>
  );
}
