import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {describe, expect, it} from 'vitest';
import {translator} from '../src/i18n/engine';
import {catalogue as english} from '../src/i18n/engine_en';
import {catalogue} from '../src/i18n/engine_ru';
import {examples, titles} from '../src/i18n/engine_ru/examples';

const root = join(import.meta.dirname, '../../..');
const engine = join(root, 'engine');
/** What never runs in a page, and what speaks no sentences to people. */
const elsewhere =
  /^(base\/|core\/(cpu|webgpu|reference)\/|core\/failover|core_choice|file\/(csv|edge_import|library|saved_file)\.)|\.h$(?<!findings\.h|flx_parts\.h|flx_container\.h)/;
/** Prose that is no message. */
const unspoken = new Set([
  // Descriptions that `flux generate` writes into files.
  '{}\n\nMade by the generator `{}` with {}.',
  '{}\n\nMade by the generator `{}` with {}, seed {}.',
  // Said when FLUX is built.
  'parts are mapped as they lie in the file, which is little-endian',
  'the hash is defined over little-endian bytes',
]);

/** What the library that reads JSON says; its sentences are not in our sources. */
const fromJsonLibrary = /^(syntax error|object key|unexpected|end of input|string literal|number literal|invalid literal)/;

function filesOf(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path, ending) : ending.test(entry.name) ? [path] : [];
  });
}

/** The texts in quotes of a C++ file; neighbours are one text, as in C++. */
function textsOf(code: string): string[] {
  const texts: string[] = [];
  let end = -1;
  for (const found of code.matchAll(/\/\/[^\n]*|#include[^\n]*|'(?:[^'\\\n]|\\.)'|"((?:[^"\\\n]|\\.)*)"/g)) {
    const [all, quoted] = found;
    if (quoted === undefined) continue;
    const text = quoted.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1');
    if (end >= 0 && /^\s*$/.test(code.slice(end, found.index))) texts.push(texts.pop()! + text);
    else texts.push(text);
    end = found.index + all.length;
  }
  return texts;
}

const isProse = (text: string) => /[a-z]{2,} [a-z"{(]|[}"] [a-z]{2,}|^[a-z]+[:;] $/.test(text) && !unspoken.has(text);
/** Texts that are put together with + are parts of a template. */
const letters = (text: string) => text.replace(/\{(?:\d|:[^{}]*)\}/g, '{}').trim();

describe('the sentences of the engine', () => {
  const known = Object.keys(catalogue).filter(english => !(english in examples));

  it("that are put in the words of the forms are the engine's", () => {
    expect(Object.keys(english).filter(text => !known.includes(text))).toEqual([]);
  });

  it('all have a Russian text', () => {
    const files = filesOf(engine, /\.(cpp|h)$/).filter(path => !elsewhere.test(relative(engine, path)));
    const missing = new Set<string>();
    let seen = 0;
    for (const path of files) {
      for (const text of textsOf(readFileSync(path, 'utf8')).filter(isProse)) {
        seen++;
        const wanted = letters(text);
        if (!(wanted in catalogue) && !known.some(template => template.includes('{}') && template.includes(wanted)))
          missing.add(`${relative(engine, path)}: ${text}`);
      }
    }
    // A test that finds no sentences proves nothing.
    expect(seen).toBeGreaterThan(400);
    expect([...missing]).toEqual([]);
  });

  it('fill in as much in Russian as in English, and are Russian', () => {
    const places = (text: string) => text.split('{}').length - 1;
    for (const [english, russian] of Object.entries(catalogue)) {
      expect(places(russian), english).toBe(places(english));
      if (/[a-z]{3}/i.test(english.replaceAll(/"[^"]*"/g, '')) && english !== 'null') expect(russian, english).toMatch(/[а-я]/i);
    }
  });

  it('are all said somewhere', () => {
    const folders = [engine, join(root, 'apps/wasm'), join(root, 'studio/engine/src')];
    const said = folders
      .flatMap(folder => filesOf(folder, /\.(cpp|h|ts)$/))
      .map(path => (path.endsWith('.ts') ? readFileSync(path, 'utf8') : textsOf(readFileSync(path, 'utf8')).join('\n')))
      .join('\n');
    const never = known.filter(
      english => !fromJsonLibrary.test(english) && !english.split('{}').every(part => said.includes(part.replace(/^"|"$/g, '').trim())),
    );
    expect(never).toEqual([]);
  });
});

describe('the examples', () => {
  const folder = join(root, 'examples');
  const files = readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .map(name => readFileSync(join(folder, name), 'utf8'));
  it.each([
    ['title', titles],
    ['description', examples],
  ] as const)('have a %s in Russian', (member, known) => {
    const said = files.map(text => JSON.parse(new RegExp(`"${member}": ("(?:[^"\\\\]|\\\\.)*")`).exec(text)![1]!) as string);
    expect(said.length).toBeGreaterThan(10);
    expect(Object.keys(known).sort()).toEqual(said.sort());
  });
});

describe('translation', () => {
  const translate = translator(catalogue);
  it.each([
    ['the id "hip" is used twice', 'имя «hip» занято дважды'],
    ['the id begins or ends with a space', 'имя начинается или кончается пробелом'],
    ['a neuron has no "treshold"', 'нейрон: нет такого свойства "treshold"'],
    ['did you mean "threshold"?', 'не "threshold" ли имелось в виду?'],
    ['operation 2: neuron "a or b"', 'правка 2: нейрон «a or b»'],
    ['"leg/hip" leads nowhere: there is no neuron "hip" in "leg"', '«leg/hip» ведёт в никуда: нейрона «hip» в «leg» нет'],
    ['nobody has said this before', 'nobody has said this before'],
  ])('of %s', (english, russian) => {
    expect(translate(english)).toBe(russian);
  });
});
