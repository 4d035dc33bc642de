import type {ComponentType} from 'react';

/** An icon of lucide, in the one size that bars and lists use. */
export type IconType = ComponentType<{size?: number | string; strokeWidth?: number | string; 'aria-hidden'?: boolean}>;

export function Icon({of: Drawing, size = 16}: {of: IconType; size?: number}) {
  return <Drawing size={size} strokeWidth={1.75} aria-hidden />;
}
