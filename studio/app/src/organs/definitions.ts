import type {Json, NodeView} from '@flux/engine';
import {AudioWaveform, Keyboard, Lightbulb, SlidersHorizontal, ToggleRight} from 'lucide-react';
import type {MessageKey} from '../i18n';
import type {IconType} from '../widgets/Icon';

/** One setting of an organ; a form is made of these. */
export interface OrganSetting {
  name: string;
  label: MessageKey;
  kind: 'text' | 'key' | 'number';
  default: string | number;
  unit?: MessageKey;
  min?: number;
  max?: number;
}

export interface OrganDefinition {
  type: string;
  title: MessageKey;
  help: MessageKey;
  icon: IconType;
  settings: OrganSetting[];
  /** Its neurons, as the text form writes them. Input neurons hear the network, output neurons speak to it. */
  inputs: {id: string; [property: string]: Json}[];
  outputs: {id: string; [property: string]: Json}[];
}

/** A neuron that answers every spike that reaches it at once, whatever the weight. */
const listener = {id: 'in', threshold: 1, leak: 255, refractoryPeriod: 0, inputAlias: 'in'};
const speaker = {id: 'out', refractoryPeriod: 0, outputAlias: 'out'};

export const organDefinitions: OrganDefinition[] = [
  {
    type: 'button',
    title: 'organ.button',
    help: 'organ.button.help',
    icon: ToggleRight,
    settings: [{name: 'label', label: 'organ.button.setting', kind: 'text', default: ''}],
    inputs: [],
    outputs: [speaker],
  },
  {
    type: 'key',
    title: 'organ.key',
    help: 'organ.key.help',
    icon: Keyboard,
    settings: [{name: 'key', label: 'organ.key.setting', kind: 'key', default: 'J'}],
    inputs: [],
    outputs: [speaker],
  },
  {
    type: 'slider',
    title: 'organ.slider',
    help: 'organ.slider.help',
    icon: SlidersHorizontal,
    settings: [{name: 'highest', label: 'organ.slider.setting', kind: 'number', default: 30, unit: 'unit.perSecond', min: 1, max: 50}],
    inputs: [],
    outputs: [speaker],
  },
  {
    type: 'light',
    title: 'organ.light',
    help: 'organ.light.help',
    icon: Lightbulb,
    settings: [{name: 'afterglow', label: 'organ.light.setting', kind: 'number', default: 200, unit: 'unit.ms', min: 20, max: 5000}],
    inputs: [listener],
    outputs: [],
  },
  {
    type: 'oscilloscope',
    title: 'organ.oscilloscope',
    help: 'organ.oscilloscope.help',
    icon: AudioWaveform,
    settings: [
      {name: 'window', label: 'organ.oscilloscope.setting', kind: 'number', default: 1000, unit: 'unit.ticks', min: 50, max: 20000},
    ],
    inputs: [listener],
    outputs: [],
  },
];

export function organDefinition(type: string | undefined): OrganDefinition | undefined {
  return organDefinitions.find(definition => definition.type === type);
}

export type OrganSettings = Record<string, string | number>;

/** A setting that takes its value from a variable of the root circuit. */
export function isVariable(value: unknown): value is string {
  return typeof value === 'string' && /^\$[A-Za-z_]\w*$/.test(value);
}

/** What an organ works with: variables are put in, and what is left out or of another kind has its default. */
export function organSettings(definition: OrganDefinition, node: NodeView): OrganSettings {
  return fittingSettings(definition, node.effective ?? node.settings, () => false);
}

/** The settings as the circuit has them, for a form: names of variables stay. */
export function writtenSettings(definition: OrganDefinition, node: NodeView): OrganSettings {
  return fittingSettings(definition, node.settings, isVariable);
}

function fittingSettings(definition: OrganDefinition, stored: NodeView['settings'], fitsToo: (value: unknown) => boolean): OrganSettings {
  let values: Record<string, unknown> = {};
  try {
    values = (typeof stored === 'string' ? JSON.parse(stored) : (stored ?? {})) as Record<string, unknown>;
  } catch {
    // What cannot be read stands as it is in the circuit; the organ works with its defaults.
  }
  return Object.fromEntries(
    definition.settings.map(setting => {
      const value = values[setting.name];
      const fits = typeof value === typeof setting.default || fitsToo(value);
      return [setting.name, fits ? (value as string | number) : setting.default];
    }),
  );
}

/** The element of the `organs` list for a new organ. */
export function newOrgan(definition: OrganDefinition, id: string, position: [number, number]): Json {
  return {
    id,
    type: definition.type,
    settings: Object.fromEntries(definition.settings.map(setting => [setting.name, setting.default])),
    inputs: definition.inputs,
    outputs: definition.outputs,
    position,
  };
}
