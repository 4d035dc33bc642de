import {describe, expect, it} from 'vitest';
import {excerpt} from '../src/session/badFile';

describe('the lines of a problem', () => {
  const text = Array.from({length: 20}, (_, i) => `line ${i + 1} 𝄞é`).join('\r\n');
  it('are shown with those around it, and the place that is meant', () => {
    const lines = excerpt(text, {line: 7, column: 8});
    expect(lines.map(({number}) => number)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(lines[4]).toEqual({number: 7, before: 'line 7 ', marked: '𝄞é'});
    expect(lines[5]).toEqual({number: 8, before: 'line 8 𝄞é', marked: ''});
  });

  it('end where the text ends', () => {
    expect(excerpt(text, {line: 1, column: 1}).map(({number}) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(excerpt(text, {line: 20, column: 99}).at(-1)).toEqual({number: 20, before: 'line 20 𝄞é', marked: ''});
    expect(excerpt('', {line: 1, column: 1})).toEqual([{number: 1, before: '', marked: ''}]);
  });

  it('are cut where they are long, not at what is meant', () => {
    const [line] = excerpt(`${'a'.repeat(5000)}b${'c'.repeat(5000)}`, {line: 1, column: 5001});
    expect(line!.before).toMatch(/^…a{80}$/);
    expect(line!.marked).toMatch(/^bc{79}…$/);
  });
});
