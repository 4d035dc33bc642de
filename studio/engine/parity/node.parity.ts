import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {cases, modulePath, SILENT} from './cases';
import {hashOf, start} from './run';

test('the module gets the native engine’s spikes and state, in Node', async () => {
  const compiled = new WebAssembly.Module(readFileSync(modulePath));
  for (const one of cases) {
    const {spikes, state} = await hashOf(await start(compiled), readFileSync(one.file), one);
    expect({file: one.file, spikes, state}).toEqual({file: one.file, spikes: one.spikes, state: one.state});
  }
  const examples = cases.filter(one => !one.kicked);
  expect(examples.length).toBeGreaterThanOrEqual(11);
  expect(examples.every(one => one.spikes !== SILENT)).toBe(true);
  const random = cases.filter(one => one.kicked);
  expect(random.length).toBeGreaterThanOrEqual(200);
  expect(random.filter(one => one.spikes !== SILENT).length).toBeGreaterThan(0.9 * random.length);
});
