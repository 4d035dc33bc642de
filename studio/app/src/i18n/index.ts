import {useSyncExternalStore} from 'react';
import {en, type Messages} from './en';
import {engineTextIn, loadEngineTexts, titleIn, wholeTextIn} from './engine';
import {ru} from './ru';

export type Locale = 'en' | 'ru';
export type MessageKey = keyof Messages;
export type Values = Record<string, string | number>;

export const catalogues: Record<Locale, Messages> = {en, ru};
export const localeNames: Record<Locale, string> = {en: 'English', ru: 'Русский'};

const storageKey = 'flux.locale';
const listeners = new Set<() => void>();
let locale: Locale = firstLocale();
/** Counts what changes how texts read. */
let version = 0;

function firstLocale(): Locale {
  const stored = globalThis.localStorage?.getItem(storageKey);
  if (stored === 'en' || stored === 'ru') return stored;
  return globalThis.navigator?.language?.startsWith('ru') ? 'ru' : 'en';
}

export function getLocale(): Locale {
  return locale;
}

export function setLocale(next: Locale): void {
  locale = next;
  globalThis.localStorage?.setItem(storageKey, next);
  globalThis.document?.documentElement.setAttribute('lang', next);
  tellChange();
  void loadEngineTexts(next).then(isNew => isNew && tellChange());
}

function tellChange(): void {
  version++;
  for (const listener of listeners) listener();
}

/** What the engine says, in the present language where it is known there. */
export function engineText(text: string): string {
  return engineTextIn(locale, text);
}

/** What an example says of itself, in the present language; what a person wrote stays. */
export function descriptionText(text: string): string {
  return wholeTextIn(locale, text);
}

/** What a circuit is called: an example in the present language, any other as a person called it. */
export function titleText(title: string | undefined): string {
  return title ? titleIn(locale, title) : t('app.untitled');
}

/**
 * The message in the present language. `{name}` stands for a value; `{count|one|few|many}` picks the plural form by the language's own
 * rules (English: one|other; Russian: one|few|many) and writes the number before it.
 */
export function t(key: MessageKey, values: Values = {}, fallback: string = key): string {
  return format(catalogues[locale][key] ?? fallback, values, locale);
}

export function format(message: string, values: Values, language: Locale): string {
  return message.replace(/\{(\w+)((?:\|[^|{}]*)*)\}/g, (_, name: string, forms: string) => {
    const value = values[name] ?? '';
    if (forms === '') return typeof value === 'number' ? formatNumber(value, language) : value;
    return `${formatNumber(Number(value), language)} ${pluralForm(Number(value), forms.slice(1).split('|'), language)}`;
  });
}

const rules: Record<Locale, Intl.PluralRules> = {en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru')};
const order: Record<Locale, Intl.LDMLPluralRule[]> = {en: ['one', 'other'], ru: ['one', 'few', 'many']};

export function pluralForm(count: number, forms: string[], language: Locale): string {
  const at = order[language].indexOf(rules[language].select(count));
  // Fractions in Russian ('other') take the genitive singular, which is the form for few.
  return forms[at < 0 ? 1 : at] ?? forms[forms.length - 1] ?? '';
}

const numbers: Record<Locale, Intl.NumberFormat> = {
  en: new Intl.NumberFormat('en-US', {maximumFractionDigits: 2}),
  ru: new Intl.NumberFormat('ru-RU', {maximumFractionDigits: 2}),
};

export function formatNumber(value: number, language: Locale = locale): string {
  return numbers[language].format(value);
}

/** Makes a component draw anew when the language changes. */
export function useLocale(): Locale {
  useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => version,
  );
  return locale;
}
