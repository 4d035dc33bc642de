import {type ChangeEvent, type InputHTMLAttributes, type KeyboardEvent, useEffect, useState} from 'react';
import {t} from '../i18n';

export interface NumberRange {
  min: number;
  max: number;
  /** Not only whole numbers. */
  decimals?: boolean;
}

/** What is wrong with a text as a number of the range; undefined: nothing. */
function problemOf(text: string, {min, max, decimals}: NumberRange): string | undefined {
  const number = Number(text);
  if (text.trim() !== '' && number >= min && number <= max && (decimals || Number.isInteger(number))) return undefined;
  return t(decimals ? 'field.rangeDecimals' : 'field.range', {min, max});
}

/**
 * An exact field: each number that can be is told while it is typed, and once more, `settled`, when the field is left or Enter is pressed. What
 * cannot be stays in the field with what is wrong with it. `value` null: of several things with different numbers.
 */
export function useTypedNumber(
  value: number | null,
  range: NumberRange,
  onChange: (value: number, settled: boolean) => void,
): {problem: string | undefined; input: InputHTMLAttributes<HTMLInputElement>} {
  const [typed, setTyped] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a value from outside ends what is being typed
  useEffect(() => setTyped(null), [value]);
  const problem = typed === null ? undefined : problemOf(typed, range);
  const commit = () => {
    if (typed === null || problem) return;
    if (Number(typed) !== value) onChange(Number(typed), true);
    setTyped(null);
  };
  return {
    problem,
    input: {
      className: 'input',
      type: 'number',
      inputMode: range.decimals ? 'decimal' : range.min < 0 ? undefined : 'numeric',
      min: range.min,
      max: range.max,
      step: range.decimals ? 'any' : 1,
      value: typed ?? value ?? '',
      placeholder: value === null ? t('field.mixed') : undefined,
      'aria-invalid': problem ? true : undefined,
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        const text = event.target.value;
        setTyped(text);
        if (!problemOf(text, range)) onChange(Number(text), false);
      },
      onBlur: commit,
      onKeyDown: (event: KeyboardEvent) => event.key === 'Enter' && commit(),
    },
  };
}
