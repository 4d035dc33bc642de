import {expect, test} from 'vitest';
import {niceSteps} from '../src/plots/axes';

test('the steps of an axis are round numbers, and nought has no sign', () => {
  const steps = niceSteps(-150, 850, 660, 90);
  expect(steps).toEqual([0, 200, 400, 600, 800]);
  expect(Object.is(steps[0], 0)).toBe(true);
});
