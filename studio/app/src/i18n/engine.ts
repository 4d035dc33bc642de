// What the engine says in English, in the person's language. Its sentences are templates whose `{}` are filled in C++: here each is found again
// by its shape. What has no translation stays in English, so that nothing is ever left unsaid.
import type {Locale} from './index';

interface Template {
  shape: RegExp;
  text: string;
  /** Letters that are not filled in: where several templates fit, the one with the most is meant. */
  letters: number;
  /** Of each `{}`: whether it stands in quotes, so that it is a name. */
  names: boolean[];
}

export type EngineCatalogue = Record<string, string>;

interface Texts {
  catalogue: EngineCatalogue;
  /** Of the examples. */
  titles: EngineCatalogue;
}

/** Fetched when they are spoken. */
const catalogues: Record<Locale, () => Promise<Texts>> = {
  en: async () => ({...(await import('./engine_en')), titles: {}}),
  ru: () => import('./engine_ru'),
};
const loaded = new Map<Locale, Texts & {translate: (text: string) => string}>();

/** Fetches what is needed to speak a language. True: it was not there before. */
export async function loadEngineTexts(locale: Locale): Promise<boolean> {
  if (loaded.has(locale)) return false;
  const {catalogue, titles} = await catalogues[locale]();
  loaded.set(locale, {catalogue, titles, translate: translator(catalogue)});
  return true;
}

export function engineTextIn(locale: Locale, text: string): string {
  return loaded.get(locale)?.translate(text) ?? text;
}

/** Of a text that may as well be a person's own: only where it is known word for word. */
export function wholeTextIn(locale: Locale, text: string): string {
  return loaded.get(locale)?.catalogue[text] ?? text;
}

/** Of the title of a circuit: where it is that of an example. */
export function titleIn(locale: Locale, title: string): string {
  return loaded.get(locale)?.titles[title] ?? title;
}

/** A function that gives the translation of a sentence, or the sentence itself. */
export function translator(catalogue: EngineCatalogue): (text: string) => string {
  const templates = Object.entries(catalogue)
    .filter(([english]) => english.includes('{}'))
    .map(([english, text]) => templateOf(english, text))
    .sort((a, b) => b.letters - a.letters);
  const translate = (text: string): string => {
    const whole = catalogue[text];
    if (whole !== undefined) return whole;
    for (const {shape, text: translation, names} of templates) {
      const found = shape.exec(text);
      if (!found) continue;
      let next = 0;
      return translation.replaceAll('{}', () => {
        const filled = found[++next]!;
        // A single word is a name too.
        return names[next - 1] || !filled.includes(' ') ? filled : translate(filled);
      });
    }
    return text;
  };
  return translate;
}

function templateOf(english: string, text: string): Template {
  const parts = english.split('{}');
  const letters = parts.join('').length;
  const names = parts.slice(0, -1).map(part => part.endsWith('"'));
  // A name has no quotes in it; what hardly says anything itself ("{} or {}") joins words only.
  const fills = names.map(isName => (isName ? '([^"]*)' : letters < 6 && !english.includes(':') ? '([\\w, -]+?)' : '([^]*?)'));
  const shape = parts.map((part, place) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') + (fills[place] ?? '')).join('');
  return {shape: new RegExp(`^${shape}$`), text, letters, names};
}
