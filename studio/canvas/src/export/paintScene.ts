import {titleBeside} from '../drawing/nodeDecor';
import type {Box} from '../elements';
import type {Activity} from '../live/activity';
import {pointOnCurve} from '../scene/edgeGeometry';
import {boxHeader, cellOffset, portOffset} from '../scene/nodeShape';
import {
  lookElectric,
  lookFiber,
  lookInhibit,
  lookModulator,
  type Scene,
  type SceneNode,
  strandLook,
  strandSize,
  strandWidth,
} from '../scene/scene';
import {numberText} from '../text/numbers';
import {mix, type Theme} from '../theme';
import type {LineLook, Painter} from './painter';

/** Cells of a population that are drawn one by one, at most. */
const mostCells = 2500;
/** Pieces in which a line fades from its source's colour to grey. */
const fadePieces = 6;

export interface SceneLook {
  theme: Theme;
  activity: Activity | null;
  /** Names and numbers. */
  text: boolean;
  /** Strands that are drawn, at most. */
  mostStrands: number;
}

/** Draws the circuit with a painter, in world units: for thumbnails and exports. The live canvas has its own shaders for the same look. */
export function paintScene(painter: Painter, scene: Scene, box: Box, look: SceneLook): void {
  const step = Math.max(1, Math.ceil(scene.strandCount / look.mostStrands));
  for (let strand = 0; strand < scene.strandCount; strand += step)
    if (scene.edgeOfStrand[strand]! >= 0) paintStrand(painter, scene, strand, look.theme);
  scene.nodeIndex.query(box, number => {
    paintNode(painter, scene, number, look);
  });
  if (!look.text) return;
  for (const {view, x, y, width, height} of scene.comments) {
    painter.rectangle(
      x - width / 2,
      y - height / 2,
      width,
      height,
      view.size ? 8 : width / 2,
      mix(look.theme.surfaceRaised, look.theme.comment, view.resolved ? 0.03 : view.size ? 0.15 : 1),
      view.resolved ? {color: look.theme.comment, width: 1} : null,
    );
    if (view.size) painter.text(view.text.slice(0, 60), x - width / 2 + 10, y - height / 2 + 20, {size: 12, color: look.theme.text});
  }
}

function paintStrand(painter: Painter, scene: Scene, strand: number, theme: Theme): void {
  const at = strand * strandSize;
  const {strands} = scene;
  const bits = strands[at + strandLook]!;
  const vivid = bits & lookInhibit ? theme.inhibit : theme.excite;
  const width = strands[at + strandWidth]!;
  const opacity = bits & lookFiber ? 0.62 : 0.92;
  if (bits & (lookModulator | lookElectric)) {
    const dash = bits & lookModulator ? [7, 5] : [0.1, width * 2.2];
    painter.curve(strands.subarray(at, at + 8), {color: mix(vivid, theme.faded, 0.35), width, opacity, dash});
  } else {
    for (let piece = 0; piece < fadePieces; piece++) {
      const from = piece / fadePieces;
      const points: number[] = [];
      for (let part = 0; part <= 4; part++) {
        const {x, y} = pointOnCurve(strands, at, from + part / 4 / fadePieces);
        points.push(x, y);
      }
      painter.line(points, {color: mix(vivid, theme.faded, smooth((piece + 0.5) / fadePieces)), width, opacity});
    }
  }
  paintHead(painter, strands, at, bits, mix(vivid, theme.faded, 0.62));
}

function paintHead(painter: Painter, strands: Float32Array, at: number, bits: number, color: Theme['text']): void {
  const tip = pointOnCurve(strands, at, 1);
  const near = pointOnCurve(strands, at, 0.97);
  const length = Math.hypot(tip.x - near.x, tip.y - near.y) || 1;
  const ux = (tip.x - near.x) / length;
  const uy = (tip.y - near.y) / length;
  const size = 4.2 + strands[at + strandWidth]! * 0.9;
  if (bits & lookModulator) painter.circle(tip.x - ux * size * 0.45, tip.y - uy * size * 0.45, size * 0.4, null, {color, width: 1.2});
  else if (bits & lookInhibit) {
    painter.line([tip.x - uy * size * 0.85, tip.y + ux * size * 0.85, tip.x + uy * size * 0.85, tip.y - ux * size * 0.85], {
      color,
      width: Math.max(1.6, size * 0.26),
    });
  } else {
    const [backX, backY] = [tip.x - ux * size, tip.y - uy * size];
    const half = size * 0.52;
    painter.line([tip.x, tip.y, backX - uy * half, backY + ux * half, backX + uy * half, backY - ux * half], {color}, true);
  }
}

function paintNode(painter: Painter, scene: Scene, number: number, look: SceneLook): void {
  const node = scene.nodes[number]!;
  const {theme} = look;
  const {view, x, y, width, height} = node;
  const outline: LineLook = {color: theme.outlineStrong, width: 1.5};
  if (node.round) {
    paintNeuron(painter, x, y, width / 2, view.first, look);
    if (view.inputAlias !== undefined) paintAlias(painter, scene, number, -1, view.inputAlias, look);
    if (view.outputAlias !== undefined) paintAlias(painter, scene, number, 1, view.outputAlias, look);
  } else {
    painter.rectangle(x - width / 2, y - height / 2, width, height, view.kind === 'organ' ? 6 : 12, theme.surfaceRaised, {
      ...outline,
      color: theme.outline,
    });
    paintCells(painter, node, look);
  }
  if (view.kind !== 'neuron') {
    if (look.text)
      painter.text(titleBeside(view) ? `${view.id} · ${view.title}` : view.id, x - width / 2 + 10, y - height / 2 + boxHeader / 2 + 5, {
        size: 13,
        color: theme.text,
        bold: true,
      });
    for (const side of ['inputs', 'outputs'] as const) {
      (view[side] ?? []).forEach((port, index) => {
        const offset = portOffset(view, width, height, side, index);
        painter.circle(x + offset.x, y + offset.y, 4, theme.surface, {color: theme.accent, width: 1.4});
        const inward = side === 'inputs' ? 1 : -1;
        if (look.text) {
          painter.text(port.name, x + offset.x + inward * 8, y + offset.y + 4, {
            size: 10.5,
            color: theme.textSoft,
            align: side === 'inputs' ? 'left' : 'right',
          });
        }
      });
    }
  } else if (look.text) {
    const name = view.single ? view.id : `${view.id}  ×${numberText(view.count)}`;
    painter.text(name, x, y + height / 2 + 15, {size: 12, color: theme.textSoft, align: 'center'});
  }
}

function paintNeuron(painter: Painter, x: number, y: number, radius: number, neuron: number, look: SceneLook): void {
  const {theme, activity} = look;
  const light = activity && neuron >= 0 ? activity.light(neuron) : 0;
  painter.circle(x, y, radius, mix(theme.surface, theme.accent, Math.min(1, light * 1.4)), {
    color: mix(theme.outlineStrong, theme.accent, light),
    width: Math.max(0.6, radius * 0.08),
  });
  const level = activity && neuron >= 0 ? activity.level(neuron) : null;
  if (level === null || radius < 12) return;
  const threshold = (activity!.state.thresholds?.[neuron] ?? 127 * 16) / 16;
  const filled = Math.max(-1, Math.min(1, level / Math.max(1, threshold)));
  if (light < 0.3 && filled !== 0) paintLiquid(painter, x, y, radius - 1, Math.abs(filled), filled > 0 ? theme.fill : theme.fillNegative);
  if (look.text)
    painter.text(String(level), x + radius * 0.74 + 4, y - radius * 0.74, {size: 11, color: level < 0 ? theme.inhibit : theme.textSoft});
}

/** The part of a circle below the surface of what fills it. */
function paintLiquid(painter: Painter, x: number, y: number, radius: number, filled: number, color: Theme['text']): void {
  const surface = radius * (1 - 2 * filled);
  const from = Math.asin(Math.max(-1, Math.min(1, surface / radius)));
  const points: number[] = [];
  for (let step = 0; step <= 24; step++) {
    const angle = from + ((Math.PI - 2 * from) * step) / 24;
    points.push(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  painter.line(points, {color}, true);
}

function paintAlias(painter: Painter, scene: Scene, number: number, side: -1 | 1, alias: string, look: SceneLook): void {
  const node = scene.nodes[number]!;
  const {x, y} = scene.aliasDirection(number, side);
  const at = (distance: number, aside = 0): [number, number] => [node.x + x * distance - y * aside, node.y + y * distance + x * aside];
  const near = node.width / 2 + 3;
  const far = near + 24;
  const [tip, back] = side < 0 ? [near, near + 6] : [far, far - 6];
  painter.line([...at(near), ...at(far)], {color: look.theme.excite, width: 1.8});
  painter.line([...at(tip), ...at(back, 3.2), ...at(back, -3.2)], {color: look.theme.excite}, true);
  const [textX, textY] = at(far + 5);
  if (look.text) painter.text(alias, textX, textY + 4, {size: 12, color: look.theme.text, align: side < 0 ? 'right' : 'left'});
}

function paintCells(painter: Painter, node: SceneNode, look: SceneLook): void {
  const {grid, view} = node;
  if (!grid) return;
  const radius = grid.pitch * 0.36;
  const step = Math.ceil(view.count / mostCells);
  for (let cell = 0; cell < view.count; cell += step) {
    const {x, y} = cellOffset(grid, cell);
    paintNeuron(painter, node.x + x, node.y + y, radius, view.first < 0 ? -1 : view.first + cell, look);
  }
}

function smooth(part: number): number {
  return part * part * (3 - 2 * part);
}
