import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {catalogues, format, type Locale, type MessageKey, pluralForm} from '../src/i18n';

const locales = Object.keys(catalogues) as Locale[];
const placeholders = (message: string) => [...message.matchAll(/\{(\w+)/g)].map(match => match[1]!).sort();
const formCount: Record<Locale, number> = {en: 2, ru: 3};

function sources(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'i18n' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

describe('catalogues', () => {
  it('have the same keys in every language', () => {
    const keys = Object.keys(catalogues.en).sort();
    expect(keys.length).toBeGreaterThan(300);
    for (const locale of locales) expect(Object.keys(catalogues[locale]).sort()).toEqual(keys);
  });

  it.each(locales)('fill the same places in %s as in English', locale => {
    for (const [key, message] of Object.entries(catalogues[locale])) {
      expect(placeholders(message), key).toEqual(placeholders(catalogues.en[key as MessageKey]));
    }
  });

  it.each(locales)('have all plural forms of %s', locale => {
    for (const [key, message] of Object.entries(catalogues[locale])) {
      for (const [, forms] of message.matchAll(/\{\w+((?:\|[^|{}]*)+)\}/g))
        expect(forms!.split('|').length - 1, key).toBe(formCount[locale]);
    }
  });

  it('hold Russian where it must be Russian', () => {
    const same = Object.entries(catalogues.ru).filter(([, message]) => /[A-Za-z]{3}/.test(message) && !/[А-Яа-я]/.test(message));
    const allowed = ['action.language', 'edit.set'];
    expect(same.map(([key]) => key).filter(key => !allowed.includes(key))).toEqual([]);
  });

  it('hold every key that the source asks for', () => {
    const text = sources(join(import.meta.dirname, '../src'))
      .map(path => readFileSync(path, 'utf8'))
      .join('\n');
    const asked = [...text.matchAll(/\bt\(\s*'([a-z][\w.-]+)'/gi)].map(match => match[1]!);
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter(key => !(key in catalogues.en))).toEqual([]);
  });

  it('hold nothing that the source never asks for', () => {
    const text = sources(join(import.meta.dirname, '../src'))
      .map(path => readFileSync(path, 'utf8'))
      .join('\n');
    const made = [...text.matchAll(/`([a-z]+\.)\$\{/gi)].map(match => match[1]!);
    const unused = Object.keys(catalogues.en).filter(key => !text.includes(`'${key}'`) && !made.some(prefix => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});

describe('plural forms', () => {
  const forms = ['нейрон', 'нейрона', 'нейронов'];
  it.each([
    [1, 'нейрон'],
    [2, 'нейрона'],
    [4, 'нейрона'],
    [5, 'нейронов'],
    [11, 'нейронов'],
    [12, 'нейронов'],
    [21, 'нейрон'],
    [22, 'нейрона'],
    [111, 'нейронов'],
    [1001, 'нейрон'],
    [0, 'нейронов'],
    [1.5, 'нейрона'],
  ])('of %d in Russian', (count, word) => {
    expect(pluralForm(count, forms, 'ru')).toBe(word);
  });

  it('are written with their number', () => {
    expect(format('{count|neuron|neurons}', {count: 1}, 'en')).toBe('1 neuron');
    expect(format('{count|neuron|neurons}', {count: 1234}, 'en')).toBe('1,234 neurons');
    expect(format('{count|такт|такта|тактов} из {name}', {count: 3, name: 'A'}, 'ru')).toBe('3 такта из A');
  });
});
