const formats = new Map<string, Intl.NumberFormat>();

/** A number as the language of the page writes it, to at most three decimals. */
export function numberText(value: number): string {
  const language = globalThis.document?.documentElement.lang || 'en';
  let format = formats.get(language);
  if (!format) {
    format = new Intl.NumberFormat(language, {maximumFractionDigits: 3});
    formats.set(language, format);
  }
  return format.format(value);
}
