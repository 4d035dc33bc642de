import type {Box} from '../elements';
import type {Batch} from '../graphics/graphics';
import {withLoops} from '../scene/loops';
import {boxHeader, portOffset} from '../scene/nodeShape';
import {type Scene, type SceneComment, type SceneNode, strandSize, strandWidth} from '../scene/scene';
import {numberText} from '../text/numbers';
import {type Color, mix} from '../theme';
import type {NodeView} from '../types';
import {addShape, type Painting, textSize} from './painting';

/** Below this zoom a neuron has no text. */
export const labelZoom = 0.5;
/** Boxes narrower than this on the screen, in CSS pixels, are plain. */
const boxWithText = 56;
const boxWithPorts = 90;

/** From the rim of a neuron to where its alias begins, in world units. */
const arrowLength = 27;

export interface DecorBatches {
  strands: Batch;
  shapes: Batch;
  glyphs: Batch;
}

/** Everything of a node that does not change while the network runs: its box, names, arrows and ports. */
export function addNodeDecor(batches: DecorBatches, painting: Painting, number: number): void {
  const node = painting.scene.nodes[number]!;
  if (node.view.kind === 'neuron') addNeuronDecor(batches, painting, number, node);
  else addBoxDecor(batches, painting, node);
}

function addNeuronDecor(batches: DecorBatches, painting: Painting, number: number, node: SceneNode): void {
  const {camera, theme, glyphs, pixelRatio} = painting;
  const {view} = node;
  const halfWidth = node.width / 2;
  const halfHeight = node.height / 2;
  if (!node.round && !node.far) {
    addShape(batches.shapes, node.x, node.y, halfWidth, halfHeight, {
      radius: 10,
      fill: theme.surface,
      fillOpacity: 0.92,
      line: theme.outline,
      border: pixelRatio,
    });
  }
  if (camera.zoom < labelZoom && node.width * camera.zoom < 60) return;
  const size = textSize(painting, 12, 10, 14);
  const below = halfHeight * camera.zoom * pixelRatio + size * 1.25;
  const name = view.title ?? view.id;
  const room = Math.max(96, node.width * camera.zoom + 40) * pixelRatio;
  const title = view.single || node.far ? name : `${name}  ×${numberText(view.count)}`;
  const opacity = painting.marks.lifted.has(number) ? 1 : painting.names.opacity(painting.scene, number, camera.zoom);
  if (opacity > 0) {
    const half = Math.min(room, glyphs.measure(title, Math.round(size))) / 2;
    addBackdrop(batches, painting, node.x, node.y, 0, below - size * 0.35, half, size, opacity);
    const style = {size, color: theme.textSoft, opacity, align: 'center', maxWidth: room} as const;
    glyphs.add(batches.glyphs, title, node.x, node.y, 0, below, style);
  }
  if (view.inputAlias !== undefined) addAliasArrow(batches, painting, number, -1, view.inputAlias);
  if (view.outputAlias !== undefined) addAliasArrow(batches, painting, number, 1, view.outputAlias);
}

/** Whether a circuit's title says something that its id does not. */
export function titleBeside({id, title}: NodeView): boolean {
  return Boolean(title) && title!.toLowerCase() !== id.toLowerCase();
}

/** An organ that was given no name of its own: "slider", "slider 2". */
function isCalledAsItsType({id, type}: NodeView): boolean {
  return id.replace(/ \d+$/, '') === type;
}

/** Lines step back behind a text whose middle lies (dx, dy) device pixels from (x, y). */
function addBackdrop(
  batches: DecorBatches,
  {theme}: Painting,
  x: number,
  y: number,
  dx: number,
  dy: number,
  half: number,
  size: number,
  opacity = 1,
): void {
  addShape(batches.shapes, x, y, 0, 0, {
    offset: [dx, dy],
    grow: [half + size * 0.3, size * 0.62],
    radiusPixels: size * 0.6,
    fill: theme.background,
    fillOpacity: 0.72 * opacity,
  });
}

/** Widest alias, in CSS pixels. */
function aliasRoom(zoom: number): number {
  return Math.max(80, 140 * zoom);
}

/**
 * Box of a node with its name, arrows, aliases and loops as they are at that zoom, in world units. Widths of texts are estimated: text keeps its size on
 * the screen, so the box grows as the zoom falls.
 */
export function labelledBox(scene: Scene, number: number, zoom: number): Box {
  const box = withLoops(scene, number, scene.nodeBox(number));
  const {view, x, width} = scene.nodes[number]!;
  if (view.kind !== 'neuron' || zoom < labelZoom) return box;
  const size = Math.min(14, Math.max(10, 12 * zoom));
  const widthOf = (text: string, most: number) => Math.min(most, text.length * size * 0.62) / zoom;
  const alias = (text: string) => arrowLength + 5 / zoom + widthOf(text, aliasRoom(zoom));
  const half = widthOf(view.title ?? view.id, Math.max(96, width * zoom + 40)) / 2;
  return {
    left: Math.min(x - half, box.left - (view.inputAlias === undefined ? 0 : alias(view.inputAlias))),
    top: box.top,
    right: Math.max(x + half, box.right + (view.outputAlias === undefined ? 0 : alias(view.outputAlias))),
    bottom: box.bottom + (size * 1.8) / zoom,
  };
}

/** The arrow into an input (side -1) or out of an output (side 1), with its alias. */
function addAliasArrow(batches: DecorBatches, painting: Painting, number: number, side: -1 | 1, alias: string): void {
  const {camera, theme, glyphs, pixelRatio, scene} = painting;
  const node = scene.nodes[number]!;
  const direction = scene.aliasDirection(number, side);
  const at = (distance: number): [number, number] => [node.x + direction.x * distance, node.y + direction.y * distance];
  const near = at(node.width / 2 + 3);
  const far = at(node.width / 2 + arrowLength);
  const [from, to] = side < 0 ? [far, near] : [near, far];
  const between = (part: number) => [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
  const place = batches.strands.add();
  batches.strands.data.fill(0, place, place + strandSize);
  batches.strands.data.set([...from, ...between(1 / 3), ...between(2 / 3), ...to], place);
  batches.strands.data[place + strandWidth] = 1.8;
  const size = textSize(painting, 12, 10, 14);
  const maxWidth = aliasRoom(camera.zoom) * pixelRatio;
  const half = Math.min(maxWidth, glyphs.measure(alias, Math.round(size))) / 2;
  addBackdrop(batches, painting, ...far, side * (5 * pixelRatio + half), 0, half, size);
  glyphs.add(batches.glyphs, alias, ...far, side * 5 * pixelRatio, size * 0.36, {
    size,
    color: mix(theme.text, theme.accent, 0.35),
    align: side < 0 ? 'right' : 'left',
    maxWidth,
  });
}

function addBoxDecor(batches: DecorBatches, painting: Painting, node: SceneNode): void {
  const {camera, theme, glyphs, pixelRatio} = painting;
  const {view} = node;
  const halfWidth = node.width / 2;
  const halfHeight = node.height / 2;
  const pixels = node.width * camera.zoom;
  const radius = view.kind === 'organ' ? 6 : 12;
  if (pixels > 24) {
    addShape(batches.shapes, node.x, node.y, halfWidth, halfHeight, {
      radius: radius + 4,
      fill: [0, 0, 0],
      fillOpacity: theme.name === 'dark' ? 0.35 : 0.1,
      softness: Math.min(14, 10 * camera.zoom) * pixelRatio,
      offset: [0, Math.min(4, 4 * camera.zoom) * pixelRatio],
    });
  }
  if (view.kind === 'generator') {
    addShape(batches.shapes, node.x, node.y, halfWidth + 4, halfHeight + 4, {
      radius: radius + 4,
      line: theme.accent,
      lineOpacity: 0.35,
      border: pixelRatio,
    });
  }
  addShape(batches.shapes, node.x, node.y, halfWidth, halfHeight, {
    radius,
    fill: theme.surfaceRaised,
    line: theme.outline,
    border: Math.max(1, Math.round(pixelRatio)),
  });
  if (pixels < boxWithText) return;
  // Under the header a faint line.
  addShape(batches.shapes, node.x, node.y - halfHeight + boxHeader, halfWidth - 1, 0, {
    fill: theme.outline,
    fillOpacity: 0.45,
    grow: [0, pixelRatio / 2],
  });
  if (view.kind === 'organ') {
    addShape(batches.shapes, node.x - halfWidth + 11, node.y - halfHeight + boxHeader / 2, 3.5, 3.5, {
      radius: 3.5,
      fill: theme.accent,
      fillOpacity: 0.9,
    });
  }
  const linked = view.group !== undefined;
  if (linked) addChain(batches.shapes, painting, node.x + halfWidth - 20, node.y - halfHeight + boxHeader / 2);
  const size = textSize(painting, 13, 10, 16);
  const scale = camera.zoom * pixelRatio;
  const left = view.kind === 'organ' ? 20 : 10;
  const copies = view.copies && view.copies > 1 ? `  ×${numberText(view.copies)}` : '';
  const room = (node.width - left - 10 - (linked ? 26 : 0)) * scale;
  const header = (text: string, from: number, look: {color: Color; bold?: boolean}) =>
    glyphs.add(batches.glyphs, text, node.x - halfWidth, node.y - halfHeight, left * scale + from, (boxHeader / 2) * scale + size * 0.36, {
      size,
      maxWidth: room - from,
      ...look,
    });
  header(view.id + copies, 0, {color: theme.text, bold: true});
  const after = glyphs.measure(view.id + copies, Math.round(size), true) + size * 0.7;
  // What all instances of a prototype are called comes behind their own names.
  if (titleBeside(view) && room - after > size * 3) header(view.title!, after, {color: theme.textSoft});
  if (pixels >= boxWithPorts) addPorts(batches, painting, node);
  const kindText = view.kind === 'organ' && !isCalledAsItsType(view) ? (view.type ?? '') : '';
  if (kindText && pixels >= boxWithPorts) {
    glyphs.add(batches.glyphs, kindText, node.x, node.y + halfHeight, 0, size * 1.3, {
      size: size * 0.85,
      color: theme.textSoft,
      align: 'center',
    });
  }
}

function addPorts(batches: DecorBatches, painting: Painting, node: SceneNode): void {
  const {camera, theme, glyphs, pixelRatio} = painting;
  const size = textSize(painting, 10.5, 9, 13);
  for (const side of ['inputs', 'outputs'] as const) {
    (node.view[side] ?? []).forEach((port, index) => {
      const {x, y} = portOffset(node.view, node.width, node.height, side, index);
      addShape(batches.shapes, node.x + x, node.y + y, 4, 4, {
        radius: 4,
        fill: theme.surface,
        line: theme.accent,
        border: 1.4 * pixelRatio,
      });
      const inward = side === 'inputs' ? 1 : -1;
      glyphs.add(batches.glyphs, port.name, node.x + x, node.y + y, inward * 8 * camera.zoom * pixelRatio, size * 0.36, {
        size,
        color: theme.textSoft,
        align: side === 'inputs' ? 'left' : 'right',
        maxWidth: (node.view.kind === 'organ' ? node.width / 2 - 14 : 34) * camera.zoom * pixelRatio,
      });
    });
  }
}

/** Two links of a chain: copies that change together. */
function addChain(shapes: Batch, painting: Painting, x: number, y: number): void {
  const look = {radius: 3.2, line: painting.theme.accent, border: Math.max(1, 1.3 * painting.camera.zoom * painting.pixelRatio)};
  addShape(shapes, x - 3, y, 5, 3.2, look);
  addShape(shapes, x + 4, y, 5, 3.2, look);
}

/** A comment: a note when it has a size, otherwise a pin; with the number of its answers. */
export function addComment(batches: Omit<DecorBatches, 'strands'>, painting: Painting, comment: SceneComment, selected: boolean): void {
  const {theme, glyphs, pixelRatio, camera} = painting;
  const {view, x, y, width, height} = comment;
  const isNote = Boolean(view.size);
  // What is resolved steps back: an outline with a tick.
  const messages = view.resolved ? '✓' : String(1 + view.thread.length);
  const fill = view.resolved ? theme.surface : theme.comment;
  const ink = view.resolved ? theme.comment : theme.background;
  addShape(batches.shapes, x, y, width / 2, height / 2, {
    radius: isNote ? 8 : 14,
    fill: isNote ? mix(theme.surfaceRaised, theme.comment, view.resolved ? 0.03 : 0.12) : fill,
    line: selected ? theme.accent : mix(theme.surfaceRaised, theme.comment, 0.5),
    border: (selected ? 2 : 1) * pixelRatio,
  });
  if (width * camera.zoom < 16) return;
  const scale = camera.zoom * pixelRatio;
  if (!isNote) {
    const size = textSize(painting, 13, 8, 18);
    glyphs.add(batches.glyphs, messages, x, y, 0, size * 0.36, {size, color: ink, bold: true, align: 'center'});
    return;
  }
  const size = textSize(painting, 12, 9, 15);
  const lines = wrap(view.text, (width - 20) * scale, text => glyphs.measure(text, Math.round(size)));
  const most = Math.max(1, Math.floor((height * scale - size) / (size * 1.35)));
  lines.slice(0, most).forEach((line, number) => {
    const text = number === most - 1 && lines.length > most ? `${line}…` : line;
    glyphs.add(batches.glyphs, text, x - width / 2, y - height / 2, 10 * scale, 8 * scale + size * (1 + number * 1.35), {
      size,
      color: view.resolved ? theme.textSoft : theme.text,
      maxWidth: (width - 16) * scale,
    });
  });
  if (messages !== '1') {
    addShape(batches.shapes, x + width / 2, y - height / 2, 0, 0, {
      radiusPixels: 99,
      grow: [9 * pixelRatio, 9 * pixelRatio],
      fill,
      line: theme.comment,
      border: pixelRatio,
    });
    glyphs.add(batches.glyphs, messages, x + width / 2, y - height / 2, 0, 4 * pixelRatio, {
      size: 11 * pixelRatio,
      color: ink,
      bold: true,
      align: 'center',
    });
  }
}

export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line ? `${line} ${word}` : word;
      if (line && measure(longer) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines;
}
