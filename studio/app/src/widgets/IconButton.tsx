import {Icon, type IconType} from './Icon';
import {Tip} from './Tip';

interface Props {
  icon: IconType;
  label: string;
  shortcut?: string;
  disabled?: boolean;
  pressed?: boolean;
  size?: number;
  className?: string;
  onPress: () => void;
}

export function IconButton({icon, label, shortcut, disabled, pressed, size, className = '', onPress}: Props) {
  return (
    <Tip text={label} shortcut={shortcut}>
      <button
        type="button"
        className={`icon-button ${className}`}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={disabled || undefined}
        onClick={disabled ? undefined : onPress}
      >
        <Icon of={icon} size={size} />
      </button>
    </Tip>
  );
}
