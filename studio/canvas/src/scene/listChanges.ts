/** How far ahead the counterpart of an element is looked for before all of the list is searched. */
const lookAhead = 256;

export interface ListChanges {
  /** Per element of the later list: its place in the earlier one; -1: it is new. */
  before: Int32Array;
  /** Places in the earlier list whose elements are gone. */
  removed: number[];
  /** Places in the later list whose elements are new. */
  added: number[];
}

/**
 * What became of a list whose elements keep their identity and their order: costs little more than a walk through it. Null, and soon: more
 * than `most` elements came and went.
 */
export function listChanges<T>(earlier: readonly T[], later: readonly T[], most: number): ListChanges | null {
  if (Math.abs(later.length - earlier.length) > most) return null;
  const before = new Int32Array(later.length).fill(-1);
  const removed: number[] = [];
  const added: number[] = [];
  let places: Map<T, number> | null = null;
  let next = 0;
  const counterpart = (place: number): number => {
    if (next >= earlier.length) return -1;
    if (earlier[next] === later[place]) return next;
    for (let ahead = 1; ahead < lookAhead; ahead++) {
      if (next + ahead < earlier.length && earlier[next + ahead] === later[place]) return next + ahead;
      if (place + ahead < later.length && later[place + ahead] === earlier[next]) return -1;
    }
    places ??= new Map(earlier.map((element, number) => [element, number]));
    const found = places.get(later[place]!) ?? -1;
    return found >= next ? found : -1;
  };
  for (let place = 0; place < later.length; place++) {
    if (added.length + removed.length > most) return null;
    const found = counterpart(place);
    if (found < 0) {
      added.push(place);
      continue;
    }
    while (next < found) removed.push(next++);
    before[place] = next++;
  }
  while (next < earlier.length) removed.push(next++);
  return added.length + removed.length > most ? null : {before, removed, added};
}
