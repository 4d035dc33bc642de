import {describe, expect, test} from 'vitest';
import {assembled, difference, Lines} from '../src/elements';

const encoder = new TextEncoder();

function answer(items: unknown[], others: unknown[] = []): Lines {
  const list = (elements: unknown[]) => `[${elements.map((item, i) => `${i > 0 ? ',' : ''}\n${JSON.stringify(item)}`).join('')}\n]`;
  return new Lines(encoder.encode(`{"value":{"title":"]","items":${list(items)},"others":${list(others)},"left":0}}`));
}

/** What a page has after it was sent the difference, and how many elements that took. */
function sent<T>(before: T[], now: T[]): {list: T[]; elements: number} {
  const [one, other] = [answer(before), answer(now)];
  const {runs, added} = difference(one, other, 0);
  const elements = added.flatMap(([from, to]) => other.parse(from, to)) as T[];
  return {list: assembled(before, elements, runs), elements: elements.length};
}

describe('lists of an answer', () => {
  test('are told apart from the rest', () => {
    const lines = answer([{id: 'a\n]'}, {id: 'b'}], [[1]]);
    expect(lines.elements).toBe(3);
    expect(lines.parse(lines.lists[0]!.from, lines.lists[0]!.to)).toEqual([{id: 'a\n]'}, {id: 'b'}]);
    expect(lines.parseRest()).toEqual({value: {title: ']', items: [], others: [], left: 0}});
  });

  test('keep the objects that did not change', () => {
    const before = Array.from({length: 100}, (_, i) => ({id: i}));
    const now = before.map(item => ({...item}));
    now[50] = {id: 1000};
    now.splice(20, 3);
    now.push({id: 2000});
    const {list, elements} = sent(before, now);
    expect(list).toEqual(now);
    expect(elements).toBe(2);
    expect(list[0]).toBe(before[0]);
    expect(list[20]).toBe(before[23]);
  });

  test('come out right after any change', () => {
    let state = 1;
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 4294967296) * below);
    };
    for (let round = 0; round < 300; round++) {
      const before = Array.from({length: next(12)}, () => ({id: next(6)}));
      const now = before.map(item => ({...item}));
      for (let change = next(4); change > 0; change--) {
        const at = next(now.length + 1);
        if (next(2) === 0) now.splice(at, next(3));
        else now.splice(at, next(2), {id: next(6)});
      }
      expect(sent(before, now).list).toEqual(now);
    }
  });
});
