import type {KeyboardEvent, PointerEvent} from 'react';

interface Props {
  label: string;
  /** The direction of the dividing line. */
  orientation: 'vertical' | 'horizontal';
  value: number;
  min: number;
  max: number;
  /** 1: the pane grows to the right or down; -1: to the left or up. */
  direction: 1 | -1;
  onChange: (size: number) => void;
}

/** The line between two panes: dragged by pointer, moved by arrow keys. Sizes in pixels. */
export function Splitter({label, orientation, value, min, max, direction, onChange}: Props) {
  const clamp = (size: number) => Math.min(max, Math.max(min, Math.round(size)));
  const along = (event: PointerEvent) => (orientation === 'vertical' ? event.clientX : event.clientY);

  const drag = (down: PointerEvent<HTMLDivElement>) => {
    down.preventDefault();
    const line = down.currentTarget;
    const start = along(down);
    line.setPointerCapture(down.pointerId);
    const move = (event: globalThis.PointerEvent) => {
      const at = orientation === 'vertical' ? event.clientX : event.clientY;
      onChange(clamp(value + (at - start) * direction));
    };
    line.addEventListener('pointermove', move);
    line.addEventListener('lostpointercapture', () => line.removeEventListener('pointermove', move), {once: true});
  };

  const key = (event: KeyboardEvent) => {
    const by = {ArrowLeft: -16, ArrowUp: -16, ArrowRight: 16, ArrowDown: 16}[event.key];
    if (!by) return;
    event.preventDefault();
    onChange(clamp(value + by * direction));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be dragged or focused
    <div
      role="separator"
      className="splitter"
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={key}
    />
  );
}
