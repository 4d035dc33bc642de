import type {Box, ElementRef} from '../elements';
import {distanceToCurve} from './edgeGeometry';
import {cellAt, portOffset} from './nodeShape';
import {type Scene, strandSize, strandWidth} from './scene';

/** What lies under a point. */
export type Hit =
  | {kind: 'node'; number: number; neuron: number; part: 'body' | 'rim'; port?: {side: 'inputs' | 'outputs'; alias: string; neuron: number}}
  | {kind: 'edge'; number: number}
  | {kind: 'comment'; number: number};

/** The topmost thing at (x, y) in world units; `reach` is how far beside it still counts. */
export function hitTest(scene: Scene, x: number, y: number, reach: number, withEdges = true): Hit | null {
  for (let number = scene.comments.length - 1; number >= 0; number--) {
    const comment = scene.comments[number]!;
    if (Math.abs(x - comment.x) <= comment.width / 2 && Math.abs(y - comment.y) <= comment.height / 2) return {kind: 'comment', number};
  }
  return hitNode(scene, x, y, reach) ?? (withEdges ? hitEdge(scene, x, y, reach) : null);
}

function hitNode(scene: Scene, x: number, y: number, reach: number): Hit | null {
  let best: Hit | null = null;
  let bestNumber = -1;
  scene.nodeIndex.query({left: x - reach, top: y - reach, right: x + reach, bottom: y + reach}, number => {
    if (number < bestNumber) return;
    const node = scene.nodes[number]!;
    const dx = x - node.x;
    const dy = y - node.y;
    // A rim around the outline starts connections.
    const rim = Math.min(reach, node.width * 0.18);
    const inside = node.round
      ? Math.hypot(dx, dy) - node.width / 2
      : Math.max(Math.abs(dx) - node.width / 2, Math.abs(dy) - node.height / 2);
    if (inside > rim) return;
    const {first, count, single, kind} = node.view;
    const cell = node.grid && !single ? cellAt(node.grid, count, dx, dy) : -1;
    const neuron = kind === 'neuron' && single ? first : cell >= 0 ? first + cell : -1;
    const port = portAt(scene, number, dx, dy, Math.max(6, reach));
    best = {kind: 'node', number, neuron: port ? port.neuron : neuron, part: port || inside > 0 ? 'rim' : 'body', ...(port && {port})};
    bestNumber = number;
  });
  return best;
}

function portAt(scene: Scene, number: number, dx: number, dy: number, reach: number) {
  const node = scene.nodes[number]!;
  for (const side of ['inputs', 'outputs'] as const) {
    const ports = node.view[side] ?? [];
    for (let index = 0; index < ports.length; index++) {
      const place = portOffset(node.view, node.width, node.height, side, index);
      if (Math.hypot(dx - place.x, dy - place.y) <= reach) return {side, alias: ports[index]!.name, neuron: ports[index]!.neuron};
    }
  }
  return null;
}

function hitEdge(scene: Scene, x: number, y: number, reach: number): Hit | null {
  let nearest = -1;
  let nearestDistance = Number.POSITIVE_INFINITY;
  scene.strandIndex.query({left: x - reach, top: y - reach, right: x + reach, bottom: y + reach}, strand => {
    const at = strand * strandSize;
    const distance = distanceToCurve(scene.strands, at, x, y) - scene.strands[at + strandWidth]! / 2;
    if (distance <= reach && distance < nearestDistance) {
      nearest = strand;
      nearestDistance = distance;
    }
  });
  return nearest < 0 ? null : {kind: 'edge', number: scene.edgeOfStrand[nearest]!};
}

/** Nodes and comments whose middle lies in the box. */
export function elementsInside(scene: Scene, box: Box): ElementRef[] {
  const found: ElementRef[] = [];
  scene.nodeIndex.query(box, number => {
    const {x, y, view} = scene.nodes[number]!;
    if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) found.push({kind: 'node', id: view.id});
  });
  for (const {x, y, view} of scene.comments) {
    if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) found.push({kind: 'comment', id: String(view.index)});
  }
  return found;
}
