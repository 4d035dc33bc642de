import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {WorkerClient} from '../src/client';
import type {Frame} from '../src/types';
import {exampleBytes, localEngine} from './support';

let engine: WorkerClient;
beforeEach(() => {
  engine = localEngine();
});
afterEach(() => engine.close());

/** Frames until one fulfils the condition. */
function frames(until: (frame: Frame) => boolean): Promise<Frame[]> {
  return new Promise(resolve => {
    const seen: Frame[] = [];
    const end = engine.onFrame(frame => {
      seen.push({...frame, spikes: frame.spikes.slice()});
      if (!until(frame)) return;
      end();
      resolve(seen);
    });
  });
}

describe('the client', () => {
  test('opens a circuit and shows it', async () => {
    const opened = await engine.open({bytes: exampleBytes('reflex_arc'), name: 'reflex_arc.json'});
    expect(opened.title).toBe('Reflex arc');
    expect(opened.tick).toBe(0);
    const view = await engine.view('');
    expect(view.nodes.map(node => node.id)).toContain('flexor');
    const edge = view.edges.find(candidate => candidate.from[0]!.node === 'stove');
    expect(edge?.to[0]?.node).toBe('skin');
  });

  test('runs, and its frames hold every spike in order', async () => {
    await engine.open({example: 'central_pattern_generator'});
    engine.setSpeed(0);
    engine.run();
    const seen = await frames(frame => frame.tick > 3000);
    engine.pause();
    const spikes = seen.flatMap(frame => Array.from({length: frame.spikes.length / 2}, (_, i) => frame.spikes[2 * i]!));
    expect(spikes.length).toBeGreaterThan(50);
    expect(spikes).toEqual([...spikes].sort((a, b) => a - b));
    expect(seen.reduce((sum, frame) => sum + frame.spikeCount, 0)).toBe(spikes.length);
  });

  test('fires a neuron by hand in the next tick', async () => {
    await engine.open({example: 'reflex_arc'});
    const flexor = (await engine.find('flexor'))!;
    engine.fire(flexor);
    engine.step(1);
    const seen = await frames(frame => frame.tick === 1);
    expect(Array.from(seen.at(-1)!.spikes)).toContain(flexor);
  });

  test('tells levels and probes when they are watched', async () => {
    await engine.open({example: 'reflex_arc'});
    const skin = (await engine.find('skin'))!;
    engine.watch({levels: true, probes: [skin]});
    engine.stimulate(skin, 20);
    engine.step(3);
    const frame = (await frames(candidate => candidate.tick === 3)).at(-1)!;
    expect(frame.levels!.length).toBe((await engine.document()).size);
    // 20 levels, then two ticks of leak of 20/16 a tick.
    expect(Array.from(frame.probes!.levels)).toEqual([320, 300, 280]);
    expect(frame.levels![skin]).toBe(280);
    expect(frame.thresholds![skin]).toBe(40 * 16);
  });

  test('stops at breakpoints in the very tick', async () => {
    await engine.open({example: 'reflex_arc'});
    const skin = (await engine.find('skin'))!;
    engine.setBreakpoints([{neuron: skin, on: 'fire'}]);
    engine.setSpeed(0);
    engine.run();
    const frame = (await frames(candidate => candidate.stoppedBy !== undefined)).at(-1)!;
    expect(frame.stoppedBy).toBe(0);
    expect(frame.running).toBe(false);
    expect(Array.from(frame.spikes.slice(-2))).toEqual([frame.tick - 1, skin]);
  });

  test('goes back in time', async () => {
    await engine.open({example: 'reservoir'});
    engine.step(1500);
    await frames(frame => frame.tick === 1500);
    const hash = await engine.hash();
    await engine.seek(700);
    expect(await engine.history()).toEqual({from: 0, to: 1500});
    engine.step(800);
    await frames(frame => frame.tick === 1500);
    expect(await engine.hash()).toEqual(hash);
  });

  test('tells what is wrong, where, and what to do', async () => {
    const refused = engine.open({text: '{"flux": 1, "neurons": [{"id": "a", "threshold": 999}]}', name: 'bad.json'});
    await expect(refused).rejects.toMatchObject({where: expect.stringMatching(/^bad\.json:1:/), fix: expect.stringMatching(/255/)});
    await engine.open({example: 'reflex_arc'});
    await expect(engine.view('nowhere')).rejects.toMatchObject({where: 'nowhere'});
    await expect(engine.neuron(9999)).rejects.toMatchObject({what: 'there is no neuron 9999'});
  });

  test('saves what can be opened again', async () => {
    await engine.open({example: 'classical_conditioning'});
    engine.step(2000);
    await frames(frame => frame.tick === 2000);
    const state = await engine.hash().then(hash => hash.state);
    const bytes = await engine.save('flx with state');
    const other = localEngine();
    expect((await other.open({bytes, name: 'saved.flx'})).tick).toBe(2000);
    expect((await other.hash()).state).toBe(state);
    other.close();
    const text = new TextDecoder().decode(await engine.save('text'));
    expect(text).toContain('"flux": 1');
  });

  test('survives the end of its worker', async () => {
    await engine.open({example: 'reflex_arc'});
    const told = new Promise<string>(resolve => engine.onCrash(problem => resolve(problem.what)));
    engine.trap();
    expect(await told).toContain('stopped unexpectedly');
    await expect(engine.view('')).rejects.toMatchObject({what: 'the engine has stopped'});
    const opened = await engine.restart();
    expect(opened.title).toBe('Reflex arc');
    expect((await engine.view('')).nodes.length).toBeGreaterThan(3);
  });
});
