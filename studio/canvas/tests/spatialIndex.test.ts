import {expect, test} from 'vitest';
import {random} from '../demo/synthetic';
import {SpatialIndex} from '../src/scene/spatialIndex';

interface Item {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function found(index: SpatialIndex, box: Item): number[] {
  const items: number[] = [];
  index.query(box, item => {
    items.push(item);
  });
  return items.sort((one, other) => one - other);
}

test('finds exactly what a search through all boxes finds, while boxes come, move and go', () => {
  const next = random(5);
  const index = new SpatialIndex();
  const items = new Map<number, Item>();
  const anywhere = (): Item => {
    const size = 2 ** (next() * 15 - 2);
    const left = (next() - 0.5) * 20_000;
    const top = (next() - 0.5) * 20_000;
    return {left, top, right: left + size * next(), bottom: top + size};
  };
  let hits = 0;
  for (let round = 0; round < 1003; round++) {
    const item = Math.floor(next() * 300);
    if (next() < 0.2) {
      items.delete(item);
      index.remove(item);
    } else {
      const box = anywhere();
      items.set(item, box);
      index.set(item, box.left, box.top, box.right, box.bottom);
    }
    const box = anywhere();
    const want = [...items].filter(
      ([, other]) => other.left <= box.right && other.right >= box.left && other.top <= box.bottom && other.bottom >= box.top,
    );
    const got = found(index, box);
    expect(got).toEqual(want.map(([number]) => number).sort((one, other) => one - other));
    hits += got.length;
    expect(index.size).toBe(items.size);
  }
  expect(hits, 'queries that find nothing prove nothing').toBeGreaterThan(500);
});

test('stops when told to', () => {
  const index = new SpatialIndex();
  for (let item = 0; item < 50; item++) index.set(item, item, 0, item + 1, 1);
  let visited = 0;
  index.query({left: 0, top: 0, right: 100, bottom: 1}, () => ++visited < 3);
  expect(visited).toBe(3);
});
