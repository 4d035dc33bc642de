import type {KeyboardEvent, ReactNode} from 'react';

interface Props<T extends string> {
  label: string;
  value: T;
  options: {value: T; label: ReactNode}[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight: a radio group drawn as one bar. Arrow keys move the choice. */
export function Segmented<T extends string>({label, value, options, onChange}: Props<T>) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (!by) return;
    event.preventDefault();
    const at = options.findIndex(option => option.value === value);
    const next = (at + by + options.length) % options.length;
    onChange(options[next]!.value);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div className="segmented" role="radiogroup" aria-label={label} onKeyDown={move}>
      {options.map(option => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot be drawn as a bar
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
