import {expect, test} from 'vitest';
import {cloud, showcase} from '../demo/synthetic';
import {UploadedCopy} from '../src/graphics/uploadedCopy';
import {Activity} from '../src/live/activity';
import {shortName} from '../src/plots/rasterPlot';
import {Series} from '../src/plots/series';
import {SpikeLog} from '../src/plots/spikeLog';
import {TimeWindow} from '../src/plots/timeWindow';
import {strandDelay, strandSize} from '../src/scene/scene';
import type {Frame} from '../src/types';
import {build} from './build';

const everywhere = {left: -1e9, top: -1e9, right: 1e9, bottom: 1e9};

function frame(tick: number, spikes: [number, number][], running = true, factor = 1): Frame {
  return {tick, running, factor, spikes: Uint32Array.from(spikes.flat()), spikeCount: spikes.length};
}

test('a spike is under way on its synapses for exactly its delay', () => {
  const scene = build(showcase());
  const activity = new Activity();
  activity.follow(scene);
  activity.apply(frame(100, [], false), 0, () => true, everywhere);
  // The relay fires in tick 100; one of its synapses is 60 ticks long.
  activity.apply(frame(101, [[100, 1]], false), 10, () => true, everywhere);
  const heads = () => {
    const found = new Map<number, number>();
    activity.eachPulse(1000, (strand, head) => found.set(strand, head));
    return found;
  };
  const long = [...scene.outgoing(1)].find(strand => scene.strands[strand * strandSize + strandDelay] === 60)!;
  expect(heads().get(long)).toBeCloseTo(1 / 60, 6);
  activity.apply(frame(130, [], false), 20, () => true, everywhere);
  expect(heads().get(long)).toBeCloseTo(0.5, 6);
  activity.apply(frame(160, [], false), 30, () => true, everywhere);
  expect(heads().get(long)).toBeCloseTo(1, 6);
  activity.apply(frame(400, [], false), 40, () => true, everywhere);
  expect(heads().has(long)).toBe(false);
});

test('light fades while the network runs and stands still with it', () => {
  const activity = new Activity();
  activity.follow(build(cloud(50, 2)));
  activity.apply(frame(1, [[1, 7]]), 0, null, everywhere);
  expect(activity.light(7)).toBeCloseTo(1, 3);
  expect(activity.light(8)).toBe(0);
  activity.advance(90);
  const dim = activity.light(7);
  expect(dim).toBeLessThan(0.6);
  activity.apply(frame(1, [], false), 90, null, everywhere);
  activity.advance(5000);
  expect(activity.light(7)).toBeCloseTo(dim, 6);
});

test('light lasts as long where frames are few', () => {
  const shown = (interval: number) => {
    const activity = new Activity();
    activity.follow(build(cloud(50, 2)));
    activity.apply(frame(1, []), 0, null, everywhere);
    activity.apply(frame(2, [[1, 7]]), interval, null, everywhere);
    for (let wall = 2 * interval; wall <= interval + 600; wall += interval) activity.advance(wall);
    return activity.light(7);
  };
  expect(shown(20)).toBeGreaterThan(0);
  for (const interval of [100, 200, 300, 600]) expect(shown(interval)).toBeCloseTo(shown(20), 3);
});

test('a step back in time takes the light with it', () => {
  const activity = new Activity();
  activity.follow(build(cloud(50, 2)));
  activity.apply(frame(500, [[499, 7]]), 0, () => true, everywhere);
  activity.apply(frame(20, []), 10, () => true, everywhere);
  expect(activity.light(7)).toBe(0);
  let pulses = 0;
  activity.eachPulse(100, () => pulses++);
  expect(pulses).toBe(0);
});

test('what is known of neurons survives a new view', () => {
  const activity = new Activity();
  activity.follow(build(cloud(50, 2)));
  activity.apply(frame(1, [[1, 7]], false), 0, null, everywhere);
  activity.follow(build(cloud(60, 2)));
  expect(activity.light(7)).toBeGreaterThan(0.9);
});

test('the log of spikes keeps the latest, and forgets a future that was undone', () => {
  const log = new SpikeLog(10);
  for (let tick = 0; tick < 25; tick++) log.add(Uint32Array.of(tick, tick * 2));
  expect(log.length).toBe(10);
  expect([log.tick(0), log.neuron(0)]).toEqual([15, 30]);
  expect(log.firstFrom(20)).toBe(5);
  log.add(Uint32Array.of(18, 1));
  expect(log.length).toBe(4);
  expect([log.tick(3), log.neuron(3)]).toEqual([18, 1]);
});

test('a line keeps its peaks however narrow the plot is', () => {
  const series = new Series(1);
  for (let tick = 0; tick < 5000; tick++) series.add(tick, [tick === 3333 ? 100 : 0]);
  const points = series.points(
    0,
    0,
    5000,
    50,
    tick => tick,
    value => value,
  );
  expect(points.length).toBeLessThanOrEqual(200);
  expect(points).toContain(100);
});

test('the window of time follows the present until it is moved', () => {
  const time = new TimeWindow(100);
  time.advance(500);
  expect([time.from, time.to]).toEqual([400, 500]);
  time.panBy(-200);
  time.advance(600);
  expect([time.from, time.to]).toEqual([200, 300]);
  time.zoomAt(250, 0.5);
  expect([time.from, time.to]).toEqual([225, 275]);
  time.panBy(10_000);
  expect(time.follow).toBe(true);
});

test('only what changed of an array is uploaded again', () => {
  const copy = new UploadedCopy();
  const values = Int16Array.from({length: 10}, (_, i) => i);
  expect(copy.update(values, 2, 6)).toEqual({from: 0, to: 6});
  expect(copy.update(values.slice(), 2, 6)).toBeNull();
  values[4] = 100;
  values[5] = 100;
  values[9] = 100;
  expect(copy.update(values, 2, 6)).toEqual({from: 2, to: 4});
  expect(copy.update(values, 2, 8)).toEqual({from: 6, to: 8});
  expect(copy.update(values, 0, 20)).toEqual({from: 0, to: 10});
  copy.forget();
  expect(copy.update(values, 0, 10)).toEqual({from: 0, to: 10});
});

test('rows of the raster are told apart by short names', () => {
  expect(['skin', 'sheet[7]', 'sheet[12]', 'sheet[12345]', 'extensor', 'leg[2]/hip', 'pool[3]'].map(name => shortName(name, 7))).toEqual([
    'skin',
    'she…[7]',
    'sh…[12]',
    's…[12345]',
    'extens…',
    '…2]/hip',
    'pool[3]',
  ]);
});
