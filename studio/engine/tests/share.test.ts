import {describe, expect, test} from 'vitest';
import {versionsToDrop} from '../src/documents';
import {ServerFile} from '../src/server-file';
import {sharedText, shareLink} from '../src/share';

describe('a link that carries a circuit', () => {
  const text = '{"flux": 1, "title": "мозг 🧠", "neurons": [{"id": "a"}]}';

  test('gives the circuit back', () => {
    const link = shareLink('https://example.org/studio/#old', text);
    expect(link).toMatch(/^https:\/\/example\.org\/studio\/#circuit=[\w-]+$/);
    expect(sharedText(new URL(link).hash)).toBe(text);
    expect(sharedText('')).toBeUndefined();
    expect(sharedText('#file=a.json&token=1')).toBeUndefined();
  });

  test('is refused with a message when it is damaged or a bomb', () => {
    const fragment = new URL(shareLink('https://example.org/', text)).hash;
    expect(() => sharedText(fragment.slice(0, -9))).toThrow(/damaged/);
    expect(() => sharedText('#circuit=%%%')).toThrow(/damaged/);
    const bomb = new URL(shareLink('https://example.org/', ' '.repeat(20_000_000))).hash;
    expect(bomb.length).toBeLessThan(30_000);
    expect(() => sharedText(bomb)).toThrow(/damaged/);
  }, 30_000);
});

test('versions are kept the denser the newer they are', () => {
  const now = Date.UTC(2026, 10, 24, 12);
  const minute = 60_000;
  const ages = [0, 1, 2, 9, 11, 11.2, 11.4, 61, 70, 80, 130, 1500, 1600, 4000].map(age => age * minute);
  const versions = ages.map((age, i) => ({name: `${now - age}-${String(i).padStart(6, '0')}.json`, time: now - age, bytes: 1}));
  const dropped = versionsToDrop(versions, now).map(version => Math.round((now - version.time) / minute));
  expect(dropped).toEqual([11, 70, 80, 1600]);
});

test('the address of flux studio names the file', () => {
  expect(ServerFile.of('#file=my%20circuit.flx&token=0a1b')?.name).toBe('my circuit.flx');
  expect(ServerFile.of('#circuit=abc')).toBeUndefined();
});
