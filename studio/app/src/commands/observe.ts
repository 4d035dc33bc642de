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
  const one = selectedNeuron(session);
  if (one) return [one.neuron];
  return alive(session).flatMap(node => Array.from({length: node.count}, (_, i) => node.first + i));
}

const hasNeuron = (session: Session) => alive(session).length > 0;

/** A neuron that is looked at by itself. */
export interface OneNeuron {
  /** Flat index. */
  neuron: number;
  name: string;
  /** As the circuit has it. */
  threshold: number;
}

/** The one selected neuron; of a population the one that is looked at. */
export function selectedNeuron(session: Session): OneNeuron | null {
  const [node, ...others] = alive(session);
  if (!node || others.length > 0) return null;
  const {cell} = session.state.get();
  const threshold = Number(node.properties.threshold);
  if (node.single) return {neuron: node.first, name: node.id, threshold};
  if (cell === null || cell >= node.count) return null;
  return {neuron: node.first + cell, name: `${node.id}[${cell}]`, threshold};
}

export function isProbed(session: Session, neuron: number): boolean {
  return session.state.get().probes.some(probe => probe.neuron === neuron);
}

export function toggleProbe(session: Session, {neuron, name}: Pick<OneNeuron, 'neuron' | 'name'>): void {
  const {probes} = session.state.get();
  if (isProbed(session, neuron)) session.state.set({probes: probes.filter(probe => probe.neuron !== neuron)});
  else session.state.set({probes: [...probes, {neuron, name}], dockOpen: true, dockTab: 'traces'});
  session.watch();
}

export function hasBreakpoint(session: Session, neuron: number): boolean {
  return session.state.get().breakpoints.some(point => point.neuron === neuron);
}

export function setBreakpoint(session: Session, {neuron, name}: OneNeuron, level?: number): void {
  const others = session.state.get().breakpoints.filter(point => point.neuron !== neuron);
  session.state.set({breakpoints: [...others, {neuron, name, level}]});
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
      const one = selectedNeuron(session);
      if (one) toggleProbe(session, one);
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
      const one = selectedNeuron(session);
      if (!one) return;
      if (hasBreakpoint(session, one.neuron)) removeBreakpoint(session, one.neuron);
      else setBreakpoint(session, one);
    },
  },
  {
    id: 'why',
    label: 'action.why',
    group: 'group.observe',
    icon: CircleHelp,
    shortcut: 'W',
    isEnabled: session => {
      const one = selectedNeuron(session);
      return one !== null && session.frames.lastSpike(one.neuron) !== null;
    },
    run: session => {
      const one = selectedNeuron(session);
      const tick = one && session.frames.lastSpike(one.neuron);
      if (one && tick !== null) session.askWhy(one.neuron, tick);
    },
  },
  {id: 'exportSvg', label: 'action.exportSvg', group: 'group.observe', icon: FileImage, run: exportCanvasSvg},
  {id: 'exportPng', label: 'action.exportPng', group: 'group.observe', icon: Image, run: exportCanvasPng},
];
