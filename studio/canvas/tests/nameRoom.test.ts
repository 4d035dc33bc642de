import {expect, test} from 'vitest';
import {neuron, showcase} from '../demo/synthetic';
import {NameRoom} from '../src/drawing/nameRoom';
import type {NodeView} from '../src/types';
import {build} from './build';

function sceneOf(nodes: NodeView[]) {
  return build({...showcase(), nodes, edges: [], comments: []});
}

test('of two names that would overlap the more important one is shown, and both from a zoom on', () => {
  const scene = sceneOf([neuron('a long name', 0, 0, 0), neuron('another name', 1, 60, 0, {inputAlias: 'in'})]);
  const room = new NameRoom();
  expect(room.opacity(scene, 0, 0.6)).toBe(0);
  expect(room.opacity(scene, 1, 0.6)).toBe(1);
  expect(room.opacity(scene, 0, 1.3)).toBe(1);
  scene.moveNode(1, 600, 0);
  expect(room.opacity(scene, 0, 0.6)).toBe(1);
});

test('a name that has appeared stays while one zooms in', () => {
  const ring = Array.from({length: 32}, (_, i) =>
    neuron(`head_${i}`, i, 300 * Math.cos((i * Math.PI) / 16), 300 * Math.sin((i * Math.PI) / 16)),
  );
  const scene = sceneOf(ring);
  const room = new NameRoom();
  let shown = 0;
  for (let number = 0; number < 32; number++) {
    let before = 0;
    for (let zoom = 0.5; zoom < 2; zoom *= 1.02) {
      const opacity = room.opacity(scene, number, zoom);
      expect(opacity).toBeGreaterThanOrEqual(before);
      before = opacity;
    }
    expect(before).toBe(1);
    if (room.opacity(scene, number, 0.9) > 0) shown++;
  }
  expect(shown).toBeGreaterThan(3);
  expect(shown).toBeLessThan(32);
});
