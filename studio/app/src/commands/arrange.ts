import type {Alignment, CanvasView} from '@flux/canvas';
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  Workflow,
} from 'lucide-react';
import type {MessageKey} from '../i18n';
import type {IconType} from '../widgets/Icon';
import type {Command} from './command';

/** A command for at least so many selected nodes. The canvas moves them and tells where to, as after a drag. */
function arrange(id: string, label: MessageKey, icon: IconType, least: number, act: (canvas: CanvasView) => void): Command {
  return {
    id,
    label,
    group: 'group.arrange',
    icon,
    isEnabled: session => session.selectedNodes().length >= least,
    run: session => {
      if (session.canvas) act(session.canvas);
    },
  };
}

const align = (id: string, label: MessageKey, icon: IconType, how: Alignment) => arrange(id, label, icon, 2, canvas => canvas.align(how));

export const arrangeCommands: Command[] = [
  align('alignLeft', 'action.alignLeft', AlignStartVertical, 'left'),
  align('alignCentre', 'action.alignCentre', AlignCenterVertical, 'center'),
  align('alignRight', 'action.alignRight', AlignEndVertical, 'right'),
  align('alignTop', 'action.alignTop', AlignStartHorizontal, 'top'),
  align('alignMiddle', 'action.alignMiddle', AlignCenterHorizontal, 'middle'),
  align('alignBottom', 'action.alignBottom', AlignEndHorizontal, 'bottom'),
  arrange('distributeAcross', 'action.distributeAcross', AlignHorizontalDistributeCenter, 3, canvas => canvas.distribute('horizontal')),
  arrange('distributeDown', 'action.distributeDown', AlignVerticalDistributeCenter, 3, canvas => canvas.distribute('vertical')),
  {
    id: 'autoLayout',
    label: 'action.autoLayout',
    group: 'group.arrange',
    icon: Workflow,
    isEnabled: session => (session.state.get().view?.nodes.length ?? 0) > 1,
    run: session => session.canvas?.autoLayout(),
  },
];
