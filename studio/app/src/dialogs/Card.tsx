import {X} from 'lucide-react';
import {type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef} from 'react';
import {t} from '../i18n';
import {IconButton} from '../widgets/IconButton';

interface Props {
  title: string;
  /** Where on the window it belongs; it stays inside. */
  at: {clientX: number; clientY: number};
  width?: number;
  action: string;
  canSubmit?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A small form beside the place it speaks of. Not modal: the network goes on and can be looked at. Enter takes it, Escape leaves it. */
export function Card({title, at, width = 320, action, canSubmit = true, onSubmit, onClose, children}: Props) {
  const id = useId();
  const card = useRef<HTMLDivElement>(null);
  const form = useRef<HTMLFormElement>(null);

  useLayoutEffect(() => {
    const {offsetHeight} = card.current!;
    const beside = at.clientX + 18 + width > innerWidth ? at.clientX - width - 18 : at.clientX + 18;
    // In a window that is little wider than the form it stands in the middle.
    const left = innerWidth < width * 1.5 ? Math.max(8, (innerWidth - width) / 2) : Math.max(8, Math.min(innerWidth - width - 8, beside));
    const top = Math.max(52, Math.min(innerHeight - offsetHeight - 42, at.clientY - 40));
    card.current!.style.left = `${left}px`;
    card.current!.style.top = `${top}px`;
  });

  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const field = card.current!.querySelector<HTMLElement>('[data-first], input:not([type=hidden])');
    field?.focus();
    if (field instanceof HTMLInputElement && field.type === 'text') field.select();
    return () => before?.focus?.();
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // What is refused at a field is not left out in silence.
    const refused = card.current!.querySelector<HTMLElement>('[aria-invalid=true]');
    if (refused) refused.focus();
    else if (canSubmit) onSubmit();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
    // A choice takes Enter for itself, and has no use for it: arrow keys move it.
    if (event.key === 'Enter' && (event.target as HTMLElement).role === 'radio') {
      event.preventDefault();
      form.current!.requestSubmit();
    }
  };
  return (
    <div ref={card} className="card" role="dialog" aria-labelledby={id} style={{width}} onKeyDown={key}>
      <form ref={form} onSubmit={submit} noValidate>
        <div className="card-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon={X} size={14} label={t('action.close')} onPress={onClose} />
        </div>
        <div className="card-body">{children}</div>
        <div className="card-foot">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')} <kbd>Esc</kbd>
          </button>
          <button type="submit" className="button primary" disabled={!canSubmit}>
            {action} <kbd>↵</kbd>
          </button>
        </div>
      </form>
    </div>
  );
}
