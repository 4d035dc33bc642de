import type {EdgeView} from '@flux/engine';
import {describe, expect, it} from 'vitest';
import {defaultFiber, fiberChanges, fiberChoice, writtenRule, writtenSeed} from '../src/fiber';

const edge = (more: Partial<EdgeView>) => ({list: 'fibers', index: 0, weight: [5, 30], length: [2, 2], ...more}) as EdgeView;
const near = edge({rule: 'distance', radius: 4, fanout: 3, wrap: true});
const kernel = edge({
  rule: 'kernel',
  kernel: [
    [1, 0, 5, 2],
    [0, 1, 30, 2],
  ],
});

describe('the rule of a fiber', () => {
  it('changes by what is another, and by nothing else', () => {
    expect(fiberChanges(near, fiberChoice(near))).toEqual({});
    expect(fiberChanges(near, {...fiberChoice(near), radius: 7})).toEqual({radius: 7});
    expect(fiberChanges(near, {...fiberChoice(near), drawnBy: 'probability', probability: 12.5})).toEqual({
      fanout: null,
      probability: 0.125,
    });
    expect(fiberChanges(near, {...fiberChoice(near), wrap: false, seed: '7'})).toEqual({wrap: false, seed: 7});
    const [first, second] = kernel.kernel!;
    expect(fiberChanges(kernel, {...fiberChoice(kernel), kernel: [first!]})).toEqual({kernel: [first]});
    expect(fiberChanges(kernel, {...fiberChoice(kernel), kernel: [first!, second!, [0, 0, 1, 1]]})).toEqual({
      kernel: [first, second, [0, 0, 1, 1]],
    });
  });

  it('takes weights and lengths into a kernel and out of it', () => {
    expect(fiberChanges(near, {...fiberChoice(near), rule: 'kernel'})).toEqual({
      rule: 'kernel',
      radius: null,
      fanout: null,
      kernel: [
        [-1, 0, 5, 2],
        [1, 0, 5, 2],
      ],
      weight: null,
      length: null,
    });
    expect(fiberChanges(kernel, {...fiberChoice(kernel), rule: 'all-to-all'})).toEqual({
      rule: 'all-to-all',
      kernel: null,
      wrap: null,
      weight: [5, 30],
      length: [2, 2],
    });
  });

  it('has exact probabilities in percent', () => {
    for (const probability of [0, 0.07, 0.125, 0.29, 1 / 3, 1]) {
      const choice = fiberChoice(edge({rule: 'probability', probability}));
      expect(writtenRule(choice).probability).toBeCloseTo(probability, 11);
      expect(String(choice.probability).length).toBeLessThan(14);
    }
    expect(fiberChoice(edge({rule: 'probability', probability: 0.07})).probability).toBe(7);
    expect(writtenRule({...defaultFiber, rule: 'probability', probability: 29})).toMatchObject({probability: 0.29});
  });

  it('has a seed of 64 bits', () => {
    expect(writtenSeed('12')).toBe(12);
    expect(writtenSeed('18446744073709551615')).toBe('18446744073709551615');
  });
});
