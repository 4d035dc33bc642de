// Items are strips of triangles, drawn by indices in one call: which vertices, and how many.

/** The power of two of vertices in the longest strip of at most so many pieces, four at least: the shader finds its item by a shift. */
export function stripPower(pieces: number): number {
  return Math.max(2, Math.floor(Math.log2(pieces + 1)) + 1);
}

/** Pieces of a strip of 2^power vertices. */
export function piecesOf(power: number): number {
  return 2 ** (power - 1) - 1;
}

export function cornersOf(power: number): number {
  return piecesOf(power) * 6;
}

/** Items for which indices are made when `items` are needed: more than that, so that they are seldom made anew. */
export function indexedItems(items: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(256, items)));
}

/** Indices of items of 2^power vertices each, which form a strip: 0 1 2, 2 1 3, 2 3 4, ... */
export function stripIndices(power: number, items: number): Uint32Array<ArrayBuffer> {
  const vertices = 2 ** power;
  const values = new Uint32Array(items * cornersOf(power));
  let at = 0;
  for (let first = 0; first < items * vertices; first += vertices) {
    for (let vertex = first; vertex < first + vertices - 2; vertex += 2) {
      values[at++] = vertex;
      values[at++] = vertex + 1;
      values[at++] = vertex + 2;
      values[at++] = vertex + 2;
      values[at++] = vertex + 1;
      values[at++] = vertex + 3;
    }
  }
  return values;
}
