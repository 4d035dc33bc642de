import type {Scene} from '../scene/scene';

/** The nodes to be laid out and what connects them; places are the middles of nodes in world units. */
export interface LayoutGraph {
  /** Numbers in the scene. */
  nodes: number[];
  width: Float64Array;
  height: Float64Array;
  x: Float64Array;
  y: Float64Array;
  isInput: boolean[];
  isOutput: boolean[];
  /** Pairs (from, to) of positions in `nodes`, each once, without loops. */
  edges: [number, number][];
}

/** What is to be laid out: the given nodes of the scene, or all. */
export function layoutGraph(scene: Scene, chosen: number[] | null): LayoutGraph {
  const nodes = chosen ?? scene.nodes.map((_, number) => number);
  const positionOf = new Map(nodes.map((number, position) => [number, position]));
  const seen = new Set<number>();
  const edges: [number, number][] = [];
  for (let strand = 0; strand < scene.strandCount; strand++) {
    if (scene.edgeOfStrand[strand]! < 0) continue;
    const from = positionOf.get(scene.sourceOfStrand[strand]!);
    const to = positionOf.get(scene.targetOfStrand[strand]!);
    if (from === undefined || to === undefined || from === to) continue;
    const key = from * nodes.length + to;
    if (seen.has(key)) continue;
    seen.add(key);
    edges.push([from, to]);
  }
  const column = (read: (number: number) => number) => Float64Array.from(nodes, read);
  return {
    nodes,
    width: column(number => scene.nodes[number]!.width),
    height: column(number => scene.nodes[number]!.height),
    x: column(number => scene.nodes[number]!.x),
    y: column(number => scene.nodes[number]!.y),
    isInput: nodes.map(number => scene.nodes[number]!.view.inputAlias !== undefined),
    isOutput: nodes.map(number => scene.nodes[number]!.view.outputAlias !== undefined),
    edges,
  };
}
