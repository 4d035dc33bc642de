import {t} from '../i18n';
import {TextField} from './TextField';

interface Props {
  /** In decimal digits: it has 64 bits. */
  value: string;
  help: string;
  /** May be empty. */
  isOptional?: boolean;
  onCommit: (seed: string) => void;
}

export function SeedField({value, help, isOptional = false, onCommit}: Props) {
  const check = (text: string) => {
    const isSeed = (isOptional && text === '') || (/^\d{1,20}$/.test(text) && BigInt(text) < 1n << 64n);
    return isSeed ? undefined : t('settings.seedBad');
  };
  return <TextField label={t('settings.seed')} help={help} value={value} check={check} onCommit={onCommit} />;
}
