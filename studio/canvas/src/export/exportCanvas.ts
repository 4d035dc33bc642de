import {labelledBox} from '../drawing/nodeDecor';
import type {Box} from '../elements';
import {initialPlace} from '../layout/initialPlace';
import type {Activity} from '../live/activity';
import {drawnBounds} from '../scene/loops';
import {joinBoxes, Scene} from '../scene/scene';
import type {Theme} from '../theme';
import type {CircuitView} from '../types';
import {CanvasPainter, SvgPainter} from './painter';
import {paintScene} from './paintScene';

const margin = 40;
const mostStrandsOfSvg = 60_000;
const mostStrandsOfThumbnail = 3000;

/** The whole circuit as it is now, as SVG text; one world unit is one pixel. */
export function sceneToSvg(scene: Scene, theme: Theme, activity: Activity | null): string {
  const box = withMargin(labelledBounds(scene), margin);
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const painter = new SvgPainter(width, height, [box.left, box.top, width, height]);
  painter.rectangle(box.left, box.top, width, height, 0, theme.background, null);
  paintScene(painter, scene, box, {theme, activity, text: true, mostStrands: mostStrandsOfSvg});
  return painter.finish();
}

/** A small picture of a circuit that need not be open. Width and height in CSS pixels. */
export function drawThumbnail(view: CircuitView, width: number, height: number, theme: Theme, pixelRatio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * pixelRatio);
  canvas.height = Math.round(height * pixelRatio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  const scene = new Scene(view);
  for (const _ of scene.build((node, number) => (node.position ? {x: node.position[0], y: node.position[1]} : initialPlace(view, number))));
  const box = withMargin(drawnBounds(scene) ?? {left: 0, top: 0, right: 100, bottom: 100}, 24);
  const scale = Math.min(canvas.width / (box.right - box.left), canvas.height / (box.bottom - box.top), 1.2 * pixelRatio);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.scale(scale, scale);
  context.translate(-(box.left + box.right) / 2, -(box.top + box.bottom) / 2);
  paintScene(new CanvasPainter(context), scene, box, {theme, activity: null, text: scale > 0.75, mostStrands: mostStrandsOfThumbnail});
  return canvas;
}

/** With the names of neurons and ports. */
function labelledBounds(scene: Scene): Box {
  let box = drawnBounds(scene);
  for (let number = 0; number < scene.nodes.length; number++) box = joinBoxes(box, labelledBox(scene, number, 1));
  return box ?? {left: 0, top: 0, right: 100, bottom: 100};
}

function withMargin({left, top, right, bottom}: Box, margin: number): Box {
  return {left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin};
}
