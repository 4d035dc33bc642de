import {ChevronLast, FastForward, Pause, Play, Rewind, SkipBack, StepBack, StepForward} from 'lucide-react';
import type {Session} from '../session/session';
import type {Command} from './command';

/** Thousandths of real time; 0 is as fast as possible and comes last. */
export const speeds = [100, 200, 500, 1000, 2000, 5000, 10000, 0];

export function changeSpeed(session: Session, by: 1 | -1): void {
  const {speed} = session.state.get();
  const at = speeds.indexOf(speed);
  session.setSpeed(speeds[Math.min(speeds.length - 1, Math.max(0, at + by))]!);
}

const now = (session: Session) => session.frames.latest?.tick ?? 0;

export const runCommands: Command[] = [
  {
    id: 'play',
    label: 'action.play',
    group: 'group.run',
    icon: Play,
    shortcut: 'Space',
    isEnabled: session => !session.state.get().running,
    run: session => session.play(),
  },
  {
    id: 'pause',
    label: 'action.pause',
    group: 'group.run',
    icon: Pause,
    shortcut: 'Space',
    isEnabled: session => session.state.get().running,
    run: session => session.pause(),
  },
  {id: 'step', label: 'action.step', group: 'group.run', icon: StepForward, shortcut: '.', run: session => session.step(1)},
  {id: 'stepTen', label: 'action.stepTen', group: 'group.run', icon: ChevronLast, shortcut: 'Shift+.', run: session => session.step(10)},
  {
    id: 'stepBack',
    label: 'action.stepBack',
    group: 'group.run',
    icon: StepBack,
    shortcut: ',',
    isEnabled: session => now(session) > 0,
    run: session => session.seek(now(session) - 1),
  },
  {
    id: 'restart',
    label: 'action.restart',
    group: 'group.run',
    icon: SkipBack,
    isEnabled: session => (session.state.get().seekable?.from ?? 0) === 0,
    run: session => session.seek(0),
  },
  {id: 'faster', label: 'action.faster', group: 'group.run', icon: FastForward, shortcut: ']', run: session => changeSpeed(session, 1)},
  {id: 'slower', label: 'action.slower', group: 'group.run', icon: Rewind, shortcut: '[', run: session => changeSpeed(session, -1)},
];
