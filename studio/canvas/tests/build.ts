import type {Point} from '../src/elements';
import {Scene} from '../src/scene/scene';
import type {CircuitView, NodeView} from '../src/types';

/** The scene of a view, built at once. */
export function build(view: CircuitView): Scene {
  const scene = new Scene(view);
  const place = (node: NodeView): Point => ({x: node.position?.[0] ?? 0, y: node.position?.[1] ?? 0});
  for (const _ of scene.build(place));
  return scene;
}
