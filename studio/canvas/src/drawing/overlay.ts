import type {Box, Point} from '../elements';
import {Batch, type Graphics, type PixelView} from '../graphics/graphics';
import {writeCurve} from '../scene/edgeGeometry';
import {lookMarked, strandDelay, strandLook, strandSize, strandWidth} from '../scene/scene';
import type {Guide} from '../scene/snapping';
import {addShape, type Painting} from './painting';

/** What an interaction shows for as long as it lasts. All places in world units. */
export interface OverlayContent {
  marquee: Box | null;
  guides: Guide[];
  /** The connection being drawn: from a node of the scene to a node or a free place. */
  connecting: {from: number; to: number; place: Point} | null;
  /** Box with handles to resize it by. */
  handles: Box | null;
}

export class Overlay {
  readonly content: OverlayContent = {marquee: null, guides: [], connecting: null, handles: null};
  private readonly shapes = new Batch('shape', 16);
  private readonly strands = new Batch('strand', 4);

  draw(graphics: Graphics, painting: Painting, view: PixelView): void {
    const {theme, pixelRatio} = painting;
    const {marquee, guides, handles} = this.content;
    this.shapes.clear();
    this.strands.clear();
    this.addConnection(painting);
    for (const {vertical, place, from, to} of guides) {
      const middle = (from + to) / 2;
      const half = (to - from) / 2 + 8;
      addShape(this.shapes, vertical ? place : middle, vertical ? middle : place, vertical ? 0 : half, vertical ? half : 0, {
        fill: theme.accent,
        fillOpacity: 0.75,
        grow: vertical ? [pixelRatio / 2, 0] : [0, pixelRatio / 2],
      });
    }
    if (handles) {
      for (const {x, y} of corners(handles)) {
        addShape(this.shapes, x, y, 0, 0, {
          grow: [4 * pixelRatio, 4 * pixelRatio],
          radiusPixels: 1.5 * pixelRatio,
          fill: theme.surface,
          line: theme.accent,
          border: 1.5 * pixelRatio,
        });
      }
    }
    if (marquee) {
      addShape(
        this.shapes,
        (marquee.left + marquee.right) / 2,
        (marquee.top + marquee.bottom) / 2,
        (marquee.right - marquee.left) / 2,
        (marquee.bottom - marquee.top) / 2,
        {
          fill: theme.accent,
          fillOpacity: 0.08,
          line: theme.accent,
          lineOpacity: 0.8,
          border: pixelRatio,
        },
      );
    }
    const options = {view, now: 0};
    graphics.draw(this.strands, {...options, segments: 31});
    graphics.draw(this.strands, {...options, as: 'head'});
    graphics.draw(this.shapes, options);
  }

  private addConnection(painting: Painting): void {
    const {connecting} = this.content;
    if (!connecting) return;
    const {scene} = painting;
    const end = {node: '', path: '', neuron: -1};
    const from = scene.anchorOf(connecting.from, end, true);
    const to =
      connecting.to === connecting.from
        ? from
        : connecting.to >= 0
          ? scene.anchorOf(connecting.to, end, false)
          : {...connecting.place, halfWidth: 0, halfHeight: 0, round: true, side: 0 as const};
    const at = this.strands.add();
    this.strands.data.fill(0, at, at + strandSize);
    writeCurve(this.strands.data, at, from, to, 0);
    this.strands.data[at + strandWidth] = Math.max(2, 2 / painting.camera.zoom);
    this.strands.data[at + strandDelay] = 1;
    this.strands.data[at + strandLook] = lookMarked;
  }
}

export function corners(box: Box): Point[] {
  return [
    {x: box.left, y: box.top},
    {x: box.right, y: box.top},
    {x: box.right, y: box.bottom},
    {x: box.left, y: box.bottom},
  ];
}
