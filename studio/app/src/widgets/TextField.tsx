import {useEffect, useId, useState} from 'react';

interface Props {
  label: string;
  value: string;
  help?: string;
  placeholder?: string;
  multiline?: boolean;
  autoFocus?: boolean;
  /** A message if the text cannot be taken. */
  check?: (text: string) => string | undefined;
  onCommit: (text: string) => void;
  onInput?: (text: string) => void;
}

/** Text that is taken when the field is left or Enter is pressed; Escape brings the old one back. */
export function TextField({label, value, help, placeholder, multiline, autoFocus, check, onCommit, onInput}: Props) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const problem = text === value ? undefined : check?.(text);
  const commit = () => {
    if (problem) return;
    if (text !== value) onCommit(text);
  };
  const shared = {
    id,
    value: text,
    placeholder,
    autoFocus,
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': help || problem ? `${id}-help` : undefined,
    onChange: (event: {target: {value: string}}) => {
      setText(event.target.value);
      onInput?.(event.target.value);
    },
    onBlur: commit,
  };
  return (
    <div className="field">
      <label htmlFor={id} className="wide">
        {label}
      </label>
      {multiline ? (
        <textarea className="textarea wide" rows={3} {...shared} />
      ) : (
        <input
          className="input wide"
          type="text"
          spellCheck={false}
          autoComplete="off"
          {...shared}
          onKeyDown={event => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape' && text !== value) {
              event.stopPropagation();
              setText(value);
            }
          }}
        />
      )}
      {(problem || help) && (
        <span id={`${id}-help`} className={problem ? 'field-error' : 'help'} role={problem ? 'alert' : undefined}>
          {problem ?? help}
        </span>
      )}
    </div>
  );
}
