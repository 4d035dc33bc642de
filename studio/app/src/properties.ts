import type {MessageKey} from './i18n';

/** How a form shows a property of the text form: its range, its default, and which catalogue entries name and explain it. */
export interface PropertySpec {
  name: string;
  label: MessageKey;
  help: MessageKey;
  unit: MessageKey;
  min: number;
  max: number;
  default: number;
  /** How far the slider goes where the field takes more. */
  reach?: number;
  /** Not only whole numbers. */
  decimals?: boolean;
  /** Sliders of wide ranges move by powers, so that small values stay reachable. */
  wide?: boolean;
  /** Shown only when the form is unfolded. */
  advanced?: boolean;
}

export const neuronProperties: PropertySpec[] = [
  spec('threshold', 'unit.levels', 1, 255, 127),
  spec('leak', 'unit.sixteenthPerTick', 0, 255, 20),
  spec('refractoryPeriod', 'unit.ticks', 0, 255, 5),
  spec('autoFiringRate', 'unit.ticks', 0, 65535, 0, {wide: true}),
  spec('burstingRate', 'unit.perOvershoot', 0, 255, 0),
  spec('minThreshold', 'unit.levels', 1, 255, 127, {advanced: true}),
  spec('maxThreshold', 'unit.levels', 1, 255, 127, {advanced: true}),
  spec('habituationRate', 'unit.perExcess', 0, 255, 0, {advanced: true}),
  spec('potentiationRate', 'unit.levelPerTick', 0, 255, 0, {advanced: true}),
  spec('modulationLeak', 'unit.levelPerTick', 0, 255, 0, {advanced: true}),
];

/** How many neurons a population has. */
export const countProperty: PropertySpec = {
  ...spec('count', 'unit.none', 1, 16_777_216, 1, {wide: true, reach: 10_000}),
  label: 'inspector.count',
  help: 'inspector.countHelp',
};

export const synapseProperties: PropertySpec[] = [
  spec('weight', 'unit.levels', -128, 127, 20),
  spec('length', 'unit.ticks', 1, 65535, 10, {wide: true}),
  spec('stmRate', 'unit.perPairing', 0, 255, 0, {advanced: true}),
  spec('ltmRate', 'unit.share', 0, 255, 0, {advanced: true}),
  spec('restorationRate', 'unit.weightPerTick', 0, 255, 0, {advanced: true}),
];

/** What rules of fibers go by; probability in percent. A fiber draws weights and lengths between two ends. */
export const fiberProperties: Record<'probability' | 'fanout' | 'radius' | 'weightHigh' | 'lengthHigh', PropertySpec> = {
  probability: spec('probability', 'unit.percent', 0, 100, 10, {decimals: true}),
  fanout: spec('fanout', 'unit.none', 1, 16_777_216, 10, {wide: true, reach: 10_000}),
  radius: spec('radius', 'unit.cells', 1, 32_767, 3, {wide: true, reach: 1000}),
  weightHigh: spec('weightHigh', 'unit.levels', -128, 127, 20),
  lengthHigh: spec('lengthHigh', 'unit.ticks', 1, 65535, 10, {wide: true}),
};

/** A synapse of each source of a fiber by offsets: columns and rows to its target, weight, length. */
export type KernelOffset = [columns: number, rows: number, weight: number, length: number];

/** The four numbers of an offset, in their order. */
export const kernelProperties: PropertySpec[] = [
  spec('columns', 'unit.cells', -16_777_216, 16_777_216, 0),
  spec('rows', 'unit.cells', -16_777_216, 16_777_216, 0),
  spec('weight', 'unit.levels', -128, 127, 20),
  spec('length', 'unit.ticks', 1, 65535, 10),
];

export const fiberRules = ['all-to-all', 'one-to-one', 'probability', 'fanout', 'distance', 'kernel'] as const;
export type FiberRule = (typeof fiberRules)[number];

export const modulationTargets = ['both', 'threshold', 'learning', 'none'] as const;
export const synapseTypes = ['direct', 'modulator', 'electric'] as const;

function spec(
  name: string,
  unit: MessageKey,
  min: number,
  max: number,
  standard: number,
  more: Pick<PropertySpec, 'wide' | 'advanced' | 'reach' | 'decimals'> = {},
): PropertySpec {
  return {
    name,
    label: `property.${name}` as MessageKey,
    help: `property.${name}.help` as MessageKey,
    unit,
    min,
    max,
    default: standard,
    ...more,
  };
}

/** Position 0..1 of a slider for a value, and back. Wide ranges go by the cube, which keeps 0 and whole numbers exact at the ends. */
export function toSlider(value: number, {min, max, reach = max, wide}: PropertySpec): number {
  const part = Math.min(1, (value - min) / (reach - min));
  return wide ? Math.cbrt(part) : part;
}

export function fromSlider(position: number, {min, max, reach = max, wide}: PropertySpec): number {
  const part = wide ? position ** 3 : position;
  return Math.round(min + part * (reach - min));
}
