/** Around nodes that stand beside each other, in world units: below them is room for a name. */
const gap = {x: 26, y: 34};

/** A node on the canvas: its middle and its size, in world units. */
export interface Body {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The place nearest to the middle of `wanted`, of those in rings around it, where a node of its size lies on no other. */
export function freePlace(wanted: Body, nodes: Body[]): {x: number; y: number} {
  const across = wanted.width + gap.x;
  const down = wanted.height + gap.y;
  const isFree = (x: number, y: number) =>
    !nodes.some(
      node =>
        Math.abs(node.x - x) < (node.width + wanted.width) / 2 + gap.x && Math.abs(node.y - y) < (node.height + wanted.height) / 2 + gap.y,
    );
  for (let ring = 0; ring < 12; ring++) {
    for (const [dx, dy] of [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
      [1, 1],
      [-1, 1],
      [1, -1],
      [-1, -1],
    ] as const) {
      const x = wanted.x + dx * ring * across;
      const y = wanted.y + dy * ring * down;
      if (isFree(x, y)) return {x, y};
    }
  }
  return {x: wanted.x, y: wanted.y};
}
