import type {Box} from '../elements';
import {pointOnCurve} from './edgeGeometry';
import {type Scene, strandSize} from './scene';

/** In scenes of more nodes loops are small beside the whole, and many to look for. */
const mostNodes = 2000;
const samples = 12;

/** The box, grown to hold the strands that lead from the node back to itself. */
export function withLoops(scene: Scene, number: number, box: Box): Box {
  if (scene.nodes.length > mostNodes) return box;
  const all = {...box};
  for (const strand of scene.outgoing(number)) {
    if (scene.targetOfStrand[strand] !== number) continue;
    for (let sample = 0; sample <= samples; sample++) {
      const {x, y} = pointOnCurve(scene.strands, strand * strandSize, sample / samples);
      all.left = Math.min(all.left, x);
      all.top = Math.min(all.top, y);
      all.right = Math.max(all.right, x);
      all.bottom = Math.max(all.bottom, y);
    }
  }
  return all;
}

/** Box of all nodes, comments and loops; null of an empty circuit. */
export function drawnBounds(scene: Scene): Box | null {
  let box = scene.bounds();
  if (box) for (let number = 0; number < scene.nodes.length; number++) box = withLoops(scene, number, box);
  return box;
}
