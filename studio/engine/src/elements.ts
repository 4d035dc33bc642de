// Long lists of an answer, of which only what changed is sent: the module writes their elements one a line (JsonWriter::on_new_line), so that
// they are compared as bytes, and only new ones are read.

const lineBreak = 10;
const comma = 44;
const bracket = 93;

/** An answer in JSON, its lines told apart. The first line and those that begin with a bracket are not elements of a list. */
export class Lines {
  /** Where each line begins; one entry more at the end. */
  private readonly starts: Int32Array;
  /** Lines of each list: the first, and the one behind the last. */
  readonly lists: {from: number; to: number}[] = [];

  constructor(readonly bytes: Uint8Array) {
    const starts = [0];
    for (let at = bytes.indexOf(lineBreak); at >= 0; at = bytes.indexOf(lineBreak, at + 1)) starts.push(at + 1);
    starts.push(bytes.length + 1);
    this.starts = Int32Array.from(starts);
    let from = 1;
    for (let line = 1; line < starts.length - 1; line++) {
      if (bytes[starts[line]!] !== bracket) continue;
      this.lists.push({from, to: line});
      from = line + 1;
    }
  }

  get elements(): number {
    return this.lists.reduce((sum, {from, to}) => sum + to - from, 0);
  }

  /** Where the text of an element ends: without the comma behind it. */
  private end(line: number): number {
    const end = this.starts[line + 1]! - 1;
    return this.bytes[end - 1] === comma ? end - 1 : end;
  }

  /** FNV-1a over the text of an element. */
  hash(line: number): number {
    const end = this.end(line);
    let hash = 0x811c9dc5;
    for (let at = this.starts[line]!; at < end; at++) hash = Math.imul(hash ^ this.bytes[at]!, 0x01000193);
    return hash;
  }

  equals(line: number, other: Lines, otherLine: number): boolean {
    const {bytes} = this;
    const end = this.end(line);
    let from = other.starts[otherLine]!;
    if (end - this.starts[line]! !== other.end(otherLine) - from) return false;
    for (let at = this.starts[line]!; at < end; at++, from++) if (bytes[at] !== other.bytes[from]) return false;
    return true;
  }

  /** The elements from..to-1. */
  parse(from: number, to: number): unknown[] {
    if (from >= to) return [];
    return JSON.parse(`[${decoder.decode(this.bytes.subarray(this.starts[from]!, this.end(to - 1)))}]`) as unknown[];
  }

  /** The answer with empty lists. */
  parseRest(): unknown {
    let text = '';
    for (const [line, from] of [[0, 0], ...this.lists.map(({to}) => [to, this.starts[to]!])] as [number, number][])
      text += decoder.decode(this.bytes.subarray(from, this.starts[line + 1]! - 1));
    return JSON.parse(text);
  }
}

const decoder = new TextDecoder();

/**
 * How a list came from another: pairs (first, count), each a run of elements of the list before; first -1: so many new ones, in the order in
 * which they are sent.
 */
export type Runs = Int32Array;

/** What the lines `list` of `now` have of those of `before`. Returns the runs, and the lines of new elements as pairs (from, to). */
export function difference(before: Lines, now: Lines, list: number): {runs: Runs; added: [from: number, to: number][]} {
  const runs: number[] = [];
  const added: [number, number][] = [];
  const {from, to} = now.lists[list]!;
  const {from: first, to: last} = before.lists[list]!;
  const keep = (line: number, count: number) => {
    if (count <= 0) return;
    const end = runs.length - 2;
    if (end >= 0 && runs[end]! >= 0 && runs[end]! + runs[end + 1]! === line - first) runs[end + 1]! += count;
    else runs.push(line - first, count);
  };
  const add = (line: number) => {
    const open = added.at(-1);
    if (open && open[1] === line && runs.at(-2) === -1) {
      open[1]++;
      runs[runs.length - 1]!++;
      return;
    }
    added.push([line, line + 1]);
    runs.push(-1, 1);
  };

  const shorter = Math.min(to - from, last - first);
  let same = 0;
  while (same < shorter && now.equals(from + same, before, first + same)) same++;
  let sameAtEnd = 0;
  while (sameAtEnd < shorter - same && now.equals(to - 1 - sameAtEnd, before, last - 1 - sameAtEnd)) sameAtEnd++;
  keep(first, same);
  const inside = linesByHash(before, first + same, last - sameAtEnd);
  let next = first + same;
  for (let line = from + same; line < to - sameAtEnd; line++) {
    // Elements keep their order; one that went to another place is new there.
    const match = next < last && now.equals(line, before, next) ? next : inside(now, line, next);
    if (match < 0) {
      add(line);
      continue;
    }
    keep(match, 1);
    next = match + 1;
  }
  keep(last - sameAtEnd, sameAtEnd);
  return {runs: Int32Array.from(runs), added};
}

/** Finds the first line from `at` on, of from..to-1, that is equal to a line of other text; -1: none. */
function linesByHash(lines: Lines, from: number, to: number): (other: Lines, line: number, at: number) => number {
  let known: Map<number, number[]> | null = null;
  return (other, line, at) => {
    if (!known) {
      known = new Map();
      for (let number = from; number < to; number++) {
        const hash = lines.hash(number);
        const alike = known.get(hash);
        if (alike) alike.push(number);
        else known.set(hash, [number]);
      }
    }
    return known.get(other.hash(line))?.find(number => number >= at && other.equals(line, lines, number)) ?? -1;
  };
}

/** The list that `runs` make of the one before and of new elements, the same where nothing changed; null: they are all new. */
export function assembled<T>(before: T[], added: T[], runs: Runs | null): T[] {
  if (!runs) return added;
  if (added.length === 0 && runs.length === 2 && runs[1] === before.length) return before;
  const list: T[] = [];
  let next = 0;
  for (let run = 0; run < runs.length; run += 2) {
    const first = runs[run]!;
    const count = runs[run + 1]!;
    for (let i = 0; i < count; i++) list.push(first < 0 ? added[next++]! : before[first + i]!);
  }
  return list;
}
