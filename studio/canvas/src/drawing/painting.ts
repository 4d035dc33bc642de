import type {Camera} from '../camera';
import type {Batch, PixelView} from '../graphics/graphics';
import type {Activity} from '../live/activity';
import type {Pace} from '../live/pace';
import type {Scene} from '../scene/scene';
import type {SingleSynapse} from '../scene/singles';
import type {Glyphs} from '../text/glyphs';
import type {Color, Theme} from '../theme';
import type {NameRoom} from './nameRoom';

/** How much is drawn: 0 little, 1 what the machine carries easily, 2 everything. */
export type Detail = 0 | 1 | 2;

/** What every part of the picture is drawn from. */
export interface Painting {
  camera: Camera;
  pixelRatio: number;
  theme: Theme;
  scene: Scene;
  activity: Activity;
  glyphs: Glyphs;
  names: NameRoom;
  detail: Detail;
  marks: Marks;
  /** How many pulses and halos the frame may have. */
  pulses: Pace;
  halos: Pace;
}

/** What is marked on the canvas, by number in the scene. */
export interface Marks {
  /** Counts changes. */
  version: number;
  selectedNodes: Set<number>;
  selectedEdges: Set<number>;
  selectedComments: Set<number>;
  hoveredNode: number;
  hoveredEdge: number;
  /** Edges and nodes drawn in a colour of their own. */
  highlightedNodes: Map<number, Color>;
  highlightedEdges: Map<number, Color>;
  /** Everything that is not highlighted steps back. */
  dimOthers: boolean;
  /** Flat neuron that is looked at by itself, or -1. */
  looked: number;
  /** Synapses of fibers that are drawn one by one. */
  singles: SingleSynapse[];
  /** The one of them that stands out. */
  picked: SingleSynapse | null;
  /** Nodes under way with a drag: drawn with what moves, not with what stands still. */
  lifted: Set<number>;
}

export function noMarks(): Marks {
  return {
    version: 0,
    selectedNodes: new Set(),
    selectedEdges: new Set(),
    selectedComments: new Set(),
    hoveredNode: -1,
    hoveredEdge: -1,
    highlightedNodes: new Map(),
    highlightedEdges: new Map(),
    dimOthers: false,
    looked: -1,
    singles: [],
    picked: null,
    lifted: new Set(),
  };
}

export function pixelView(camera: Camera, pixelRatio: number): PixelView {
  const scale = camera.zoom * pixelRatio;
  // Whole pixels, so that what stands still does not shimmer while the camera moves.
  return {
    scale,
    offsetX: Math.round((camera.width / 2) * pixelRatio - camera.x * scale),
    offsetY: Math.round((camera.height / 2) * pixelRatio - camera.y * scale),
  };
}

export interface ShapeLook {
  fill?: Color;
  fillOpacity?: number;
  line?: Color;
  lineOpacity?: number;
  /** Device pixels. */
  border?: number;
  /** World units. */
  radius?: number;
  radiusPixels?: number;
  /** Device pixels over which a shadow fades. */
  softness?: number;
  /** Device pixels: moved by, and grown by on every side. */
  offset?: [number, number];
  grow?: [number, number];
}

const none: Color = [0, 0, 0];

/** A rounded rectangle around (x, y) in world units. */
export function addShape(batch: Batch, x: number, y: number, halfWidth: number, halfHeight: number, look: ShapeLook): void {
  const at = batch.add();
  const {data} = batch;
  data[at] = x;
  data[at + 1] = y;
  data[at + 2] = halfWidth;
  data[at + 3] = halfHeight;
  data[at + 4] = look.offset?.[0] ?? 0;
  data[at + 5] = look.offset?.[1] ?? 0;
  data[at + 6] = look.grow?.[0] ?? 0;
  data[at + 7] = look.grow?.[1] ?? 0;
  data[at + 8] = look.radius ?? 0;
  data[at + 9] = look.radiusPixels ?? 0;
  data[at + 10] = look.border ?? 0;
  data[at + 11] = look.softness ?? 0;
  data.set(look.fill ?? none, at + 12);
  data[at + 15] = look.fill ? (look.fillOpacity ?? 1) : 0;
  data.set(look.line ?? none, at + 16);
  data[at + 19] = look.line ? (look.lineOpacity ?? 1) : 0;
}

/** A size in CSS pixels that follows the zoom between two bounds, in device pixels. */
export function textSize(painting: Painting, atZoomOne: number, smallest: number, largest: number): number {
  return Math.min(largest, Math.max(smallest, atZoomOne * painting.camera.zoom)) * painting.pixelRatio;
}
