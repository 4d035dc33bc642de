// A fiber as its form has it, and as the text form writes it.
import type {EdgeView, Json} from '@flux/engine';
import {type FiberRule, fiberProperties, type KernelOffset} from './properties';

/** A rule with what it goes by; probability in percent. */
export interface FiberChoice {
  rule: FiberRule;
  probability: number;
  fanout: number;
  radius: number;
  /** Of a fiber by distance: what says how many synapses it makes. */
  drawnBy: 'probability' | 'fanout';
  kernel: KernelOffset[];
  wrap: boolean;
  allowSelf: boolean;
  /** Empty: that of the circuit. */
  seed: string;
}

export const defaultFiber: FiberChoice = {
  rule: 'all-to-all',
  probability: fiberProperties.probability.default,
  fanout: fiberProperties.fanout.default,
  radius: fiberProperties.radius.default,
  drawnBy: 'probability',
  kernel: neighbours(20, 10),
  wrap: false,
  allowSelf: false,
  seed: '',
};

/** To the neighbour on either side: the kernel to begin with. */
export function neighbours(weight: number, length: number): KernelOffset[] {
  return [
    [-1, 0, weight, length],
    [1, 0, weight, length],
  ];
}

/** Which of the two a rule draws by, if it draws. */
export function drawing({rule, drawnBy}: FiberChoice): 'probability' | 'fanout' | null {
  if (rule === 'distance') return drawnBy;
  return rule === 'probability' || rule === 'fanout' ? rule : null;
}

/** The choice as the text form writes it; null takes away what another rule went by. A kernel has the weights and lengths in itself. */
export function writtenRule(choice: FiberChoice): Record<string, Json> {
  const {rule, probability, fanout, radius, kernel, wrap, allowSelf, seed} = choice;
  const isOnGrid = rule === 'distance' || rule === 'kernel';
  return {
    rule,
    radius: rule === 'distance' ? radius : null,
    probability: drawing(choice) === 'probability' ? fromPercent(probability) : null,
    fanout: drawing(choice) === 'fanout' ? fanout : null,
    kernel: rule === 'kernel' ? kernel : null,
    ...(rule === 'kernel' && {weight: null, length: null}),
    wrap: isOnGrid ? wrap : null,
    allowSelf,
    seed: seed === '' ? null : writtenSeed(seed),
  };
}

/** The rule of a fiber that there is. */
export function fiberChoice(edge: EdgeView): FiberChoice {
  const {probability, weight, length} = edge;
  return {
    rule: edge.rule as FiberRule,
    probability: probability === undefined ? defaultFiber.probability : toPercent(probability),
    fanout: edge.fanout ?? defaultFiber.fanout,
    radius: edge.radius ?? defaultFiber.radius,
    drawnBy: edge.fanout === undefined ? 'probability' : 'fanout',
    kernel: edge.kernel ?? neighbours(weight[0], length[0]),
    wrap: edge.wrap ?? false,
    allowSelf: edge.allowSelf ?? false,
    seed: edge.seed ?? '',
  };
}

/** What of a fiber becomes another by a choice. */
export function fiberChanges(edge: EdgeView, choice: FiberChoice): Record<string, Json> {
  const before = fiberChoice(edge);
  const was = writtenRule(before);
  const changes = Object.fromEntries(Object.entries(writtenRule(choice)).filter(([name, value]) => was[name] !== value));
  // What leaves the rule kernel takes its weights and lengths along.
  return before.rule === 'kernel' && choice.rule !== 'kernel' ? {...changes, weight: edge.weight, length: edge.length} : changes;
}

/** Digits that a person can tell from those of a number in binary. */
const exactDigits = 12;

function toPercent(share: number): number {
  return Number((share * 100).toPrecision(exactDigits));
}

function fromPercent(percent: number): number {
  return Number((percent / 100).toPrecision(exactDigits));
}

/** A seed as operations take it. JSON keeps only numbers up to 2^53 exact: larger ones go as text. */
export function writtenSeed(seed: string): number | string {
  return BigInt(seed) <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
}
