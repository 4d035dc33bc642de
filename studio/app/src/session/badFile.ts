import {EngineError, type Source, type TextProblem} from '@flux/engine';
import {t} from '../i18n';
import type {Session} from './session';

/** A text that is no circuit, and what is wrong with it. */
export interface BadFile {
  name: string;
  text: string;
  problems: TextProblem[];
  /** There may be more than are listed. */
  count: number;
}

/** What leads from the notice of a file that was not opened to the lines in which it is wrong; undefined: nothing is known of lines. */
export function wayToProblems(session: Session, error: unknown, source: Source): {action: string; act: () => void} | undefined {
  if (!(error instanceof EngineError) || !error.problems || error.problems.length === 0 || 'example' in source) return undefined;
  const {problems, problemCount: count = problems.length} = error;
  const act = () => {
    const text = 'text' in source ? source.text : new TextDecoder().decode(source.bytes);
    session.showDialog({kind: 'bad-file', file: {name: source.name ?? t('badFile.text'), text, problems, count}});
  };
  return {action: count === 1 ? t('badFile.show') : t('badFile.showAll', {count}), act};
}

/** A line of a text as it is shown, with the place in it that is meant. */
export interface ShownLine {
  number: number;
  before: string;
  /** From the place that is meant on; empty in the other lines. */
  marked: string;
}

/** Lines around the one that is meant. */
const around = 4;
/** Characters of a line that are shown: of one that is longer, those around the place that is meant. */
const width = 160;

/** The line of a problem with those around it. */
export function excerpt(text: string, {line, column}: {line: number; column: number}): ShownLine[] {
  const lines = text.split('\n', line + around);
  const from = Math.max(1, line - around);
  return lines.slice(from - 1).map((content, i) => {
    const number = from + i;
    // Columns count characters, which strings of the browser do not.
    const letters = [...content.replace(/\r$/, '')];
    const at = number === line ? Math.min(column - 1, letters.length) : letters.length;
    const begin = number === line && at > width / 2 ? Math.floor(at - width / 2) : 0;
    const end = begin + width;
    return {
      number,
      before: (begin > 0 ? '…' : '') + letters.slice(begin, Math.min(at, end)).join(''),
      marked: letters.slice(at, end).join('') + (letters.length > end ? '…' : ''),
    };
  });
}
