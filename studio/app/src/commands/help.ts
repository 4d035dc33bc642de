import {Compass, Keyboard, SquareTerminal} from 'lucide-react';
import {startTour} from '../tour';
import type {Command} from './command';

export const helpCommands: Command[] = [
  {
    id: 'palette',
    label: 'action.palette',
    group: 'group.help',
    icon: SquareTerminal,
    shortcut: 'Mod+K Mod+Shift+P',
    run: session => session.showDialog({kind: 'palette', nodesOnly: false}),
  },
  {
    id: 'shortcuts',
    label: 'action.shortcuts',
    group: 'group.help',
    icon: Keyboard,
    shortcut: '?',
    run: session => session.showDialog({kind: 'shortcuts'}),
  },
  {id: 'tour', label: 'action.tour', group: 'group.help', icon: Compass, run: session => startTour(session)},
];
