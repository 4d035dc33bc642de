import type {ReactElement, ReactNode} from 'react';
import {Focusable, Tooltip, TooltipTrigger} from 'react-aria-components';

/** Shows a line, and the shortcut if there is one, when the pointer rests on the child or the keyboard reaches it. */
export function Tip({text, shortcut, children}: {text: ReactNode; shortcut?: string; children: ReactElement}) {
  return (
    <TooltipTrigger delay={500} closeDelay={60}>
      <Focusable>{children as ReactElement<object, string>}</Focusable>
      <Tooltip className="tooltip" offset={6}>
        <span>{text}</span>
        {shortcut && <Keys of={shortcut} />}
      </Tooltip>
    </TooltipTrigger>
  );
}

export function Keys({of}: {of: string}) {
  return <kbd>{of}</kbd>;
}
