import type {NodeView} from '@flux/engine';
import {Activity, CircleHelp, CirclePause, FileImage, Flame, Image, Snowflake, Zap} from 'lucide-react';
import {exportCanvasPng, exportCanvasSvg} from '../session/exports';
import type {Session} from '../session/session';
import type {Command} from './command';

/** What one push by hand adds to or takes from the level. */
const push = 60;

/** Selected neurons that are alive, one by one. */
function alive(session: Session): NodeView[] {
  return session.selectedNodes().filter(node => node.kind === 'neuron' && node.first >= 0);
}

function neurons(session: Session): number[] {
  return alive(session).flatMap(node => Array.from({length: node.count}, (_, i) => node.first + i));
}

const hasNeuron = (session: Session) => alive(session).length > 0;

/** The one selected neuron, not a population. */
export function selectedNeuron(session: Session): NodeView | null {
  const nodes = alive(session);
  return nodes.length === 1 && nodes[0]!.single ? nodes[0]! : null;
}

export function isProbed(session: Session, neuron: number): boolean {
  return session.state.get().probes.some(probe => probe.neuron === neuron);
}

export function toggleProbe(session: Session, node: NodeView): void {
  const {probes} = session.state.get();
  const neuron = node.first;
  if (isProbed(session, neuron)) session.state.set({probes: probes.filter(probe => probe.neuron !== neuron)});
  else session.state.set({probes: [...probes, {neuron, name: node.id}], dockOpen: true, dockTab: 'traces'});
  session.watch();
}

export function hasBreakpoint(session: Session, neuron: number): boolean {
  return session.state.get().breakpoints.some(point => point.neuron === neuron);
}

export function setBreakpoint(session: Session, node: NodeView, level?: number): void {
  const others = session.state.get().breakpoints.filter(point => point.neuron !== node.first);
  session.state.set({breakpoints: [...others, {neuron: node.first, name: node.id, level}]});
  session.watch();
}

export function removeBreakpoint(session: Session, neuron: number): void {
  session.state.set(({breakpoints}) => ({breakpoints: breakpoints.filter(point => point.neuron !== neuron)}));
  session.watch();
}

export const observeCommands: Command[] = [
  {
    id: 'fire',
    label: 'action.fire',
    group: 'group.observe',
    icon: Zap,
    shortcut: 'F',
    isEnabled: hasNeuron,
    run: session => session.fire(neurons(session)),
  },
  {
    id: 'stimulate',
    label: 'action.stimulate',
    group: 'group.observe',
    icon: Flame,
    shortcut: 'S',
    isEnabled: hasNeuron,
    run: session => {
      for (const neuron of neurons(session)) session.client.stimulate(neuron, push);
    },
  },
  {
    id: 'calm',
    label: 'action.calm',
    group: 'group.observe',
    icon: Snowflake,
    shortcut: 'Shift+S',
    isEnabled: hasNeuron,
    run: session => {
      for (const neuron of neurons(session)) session.client.stimulate(neuron, -push);
    },
  },
  {
    id: 'probe',
    label: 'action.probe',
    group: 'group.observe',
    icon: Activity,
    shortcut: 'P',
    isEnabled: session => selectedNeuron(session) !== null,
    run: session => {
      const node = selectedNeuron(session);
      if (node) toggleProbe(session, node);
    },
  },
  {
    id: 'breakFire',
    label: 'action.breakFire',
    group: 'group.observe',
    icon: CirclePause,
    shortcut: 'B',
    isEnabled: session => selectedNeuron(session) !== null,
    run: session => {
      const node = selectedNeuron(session);
      if (!node) return;
      if (hasBreakpoint(session, node.first)) removeBreakpoint(session, node.first);
      else setBreakpoint(session, node);
    },
  },
  {
    id: 'why',
    label: 'action.why',
    group: 'group.observe',
    icon: CircleHelp,
    shortcut: 'W',
    isEnabled: session => {
      const node = selectedNeuron(session);
      return node !== null && session.frames.lastSpike(node.first) !== null;
    },
    run: session => {
      const node = selectedNeuron(session);
      const tick = node && session.frames.lastSpike(node.first);
      if (node && tick !== null) session.askWhy(node.first, tick);
    },
  },
  {id: 'exportSvg', label: 'action.exportSvg', group: 'group.observe', icon: FileImage, run: exportCanvasSvg},
  {id: 'exportPng', label: 'action.exportPng', group: 'group.observe', icon: Image, run: exportCanvasPng},
];
