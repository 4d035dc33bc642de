import {Batch, type Graphics, type PixelView} from '../graphics/graphics';
import {Background} from '../live/background';
import {type Aggregate, aggregate} from '../scene/aggregate';
import {pointOnCurve} from '../scene/edgeGeometry';
import {lookFiber, type Scene, strandLook, strandSize} from '../scene/scene';
import {numberText} from '../text/numbers';
import {addNodeDecor, labelZoom} from './nodeDecor';
import {addShape, type Painting, pixelView, textSize} from './painting';

/** Strands that are drawn one by one, at most, by level of detail; where more are in view, those between the same places are one. */
const mostStrands = [1500, 20_000, 120_000] as const;
/** Strands with dashes, borders and arrow heads, at most. */
const mostDetailed = 4000;
/** Mean width of a bundle of strands taken together, in CSS pixels. */
const aggregatePixels = 2;
/** Below this zoom strands are plain lines. */
const plainZoom = 0.3;
/** Strands drawn in one go at the start; adapts to what the machine can do. */
const firstSlice = 1000;
/** A slice should not take the main thread longer, in milliseconds. */
const slowSlice = 10;
/** Frames slower than this, in milliseconds, leave no time to draw the layer anew while the camera moves. */
const slowFrame = 24;
/** So long after its last movement the camera is at rest, in milliseconds. */
const restMilliseconds = 120;
/** While it moves on a slow machine the layer serves so long: what it is magnified by at most, and how much of the canvas it leaves free. */
const mostMagnified = 1.5;
const mostUncovered = 0.15;
/** Size of a cell on the screen whose strands are taken together, in CSS pixels. */
const aggregateCell = 120;

/**
 * The part of the picture that stands still while the network runs: grid, synapses, boxes and names. It is drawn once into a layer, in slices
 * when there is much of it, and shown from there; while the camera moves the last finished layer moves with it.
 */
export class StillPicture {
  private readonly strands = new Batch('strand', 1024);
  private readonly arrows = new Batch('strand', 64);
  private readonly shapes = new Batch('shape', 256);
  private readonly glyphs = new Batch('glyph', 1024);
  /** Of the layer being drawn, and of the one that is finished. */
  private drawnView: PixelView | null = null;
  private finishedView: PixelView | null = null;
  private nextStrand = 0;
  /** Of what is drawn over the strands. */
  private nextStep = 0;
  private opacity = 1;
  private segments = 15;
  /** Strands are too thin or too many for dashes and borders. */
  private plain = false;
  private slice = firstSlice;
  /** What the last slice took of the main thread. */
  private drawMilliseconds = 0;
  /** Milliseconds between frames, smoothed. */
  private pace = 16;
  private cameraStamp = '';
  /** When the camera moved last. */
  private movedAt = 0;
  private stamp = '';
  private finishedStamp = '';
  private shownStamp = new Int32Array(0);
  private shownNumber = 0;
  private gathering = 0;
  private aggregates = new Map<number, Aggregate>();
  private aggregating: {cellSize: number; work: Background<Aggregate>} | null = null;
  /** Strands in the finished layer, for measurements. */
  drawnStrands = 0;
  /** Whether strands are drawn one by one. */
  oneByOne = true;

  constructor(private readonly onAggregate: () => void) {}

  /** Whether pulses may travel on the strand: it is in view and drawn by itself. */
  isShown(strand: number): boolean {
    // While the next layer is drawn its strands bear a later number.
    return this.oneByOne && strand < this.shownStamp.length && this.shownStamp[strand]! >= this.shownNumber;
  }

  invalidate(): void {
    this.stamp = '';
    this.finishedStamp = '';
    this.drawnView = null;
  }

  forget(): void {
    this.invalidate();
    this.finishedView = null;
    this.aggregates.clear();
    this.aggregating?.work.cancel();
    this.aggregating = null;
  }

  /** Brings the layer nearer to what the painting shows. Returns whether work is left. */
  update(graphics: Graphics, painting: Painting, frameMilliseconds: number): boolean {
    const stamp = stampOf(painting);
    if (frameMilliseconds > 0 && frameMilliseconds < 400) this.pace += (frameMilliseconds - this.pace) * 0.2;
    if (stamp === this.finishedStamp) return false;
    if (this.mayWait(painting)) return true;
    const begun = performance.now();
    if (!this.drawnView) {
      this.gather(painting);
      this.stamp = stamp;
      this.drawnView = pixelView(painting.camera, painting.pixelRatio);
      this.nextStrand = 0;
      this.nextStep = 0;
      graphics.target('layer', painting.theme.background);
      this.drawGrid(graphics, painting);
    } else {
      graphics.target('layer', null);
    }
    if (frameMilliseconds > 40 || this.drawMilliseconds > slowSlice) this.slice = Math.max(200, this.slice * 0.7);
    else if (frameMilliseconds < 24) this.slice = Math.min(60_000, this.slice * 1.3);
    const options = {view: this.drawnView, now: 0};
    const to = Math.min(this.strands.count, this.nextStrand + Math.floor(this.slice));
    const plain = this.plain ? ({as: 'line'} as const) : {};
    if (this.nextStrand < to) {
      const started = performance.now();
      graphics.draw(this.strands, {...options, ...plain, segments: this.segments, opacity: this.opacity, from: this.nextStrand, to});
      this.drawMilliseconds = performance.now() - started;
      this.nextStrand = to;
    }
    if (to < this.strands.count) return true;
    const steps = [
      () => graphics.draw(this.arrows, {...options, segments: 1}),
      () => graphics.draw(this.shapes, options),
      () => !this.plain && graphics.draw(this.strands, {...options, as: 'head'}),
      () => graphics.draw(this.arrows, {...options, as: 'head'}),
      () => graphics.draw(this.glyphs, options),
    ];
    while (this.nextStep < steps.length) {
      if (performance.now() - begun > slowSlice) return true;
      steps[this.nextStep++]!();
    }
    graphics.swapLayer();
    this.finishedView = this.drawnView;
    this.finishedStamp = this.stamp;
    this.drawnView = null;
    this.drawnStrands = this.strands.count;
    this.shownNumber = this.gathering;
    return this.finishedStamp !== stamp;
  }

  /** Whether the finished layer still serves while the camera moves: a slow machine draws the next one when it has come to rest. */
  private mayWait({camera, pixelRatio}: Painting): boolean {
    const now = performance.now();
    const cameraStamp = `${camera.x} ${camera.y} ${camera.zoom}`;
    if (cameraStamp !== this.cameraStamp) this.movedAt = now;
    this.cameraStamp = cameraStamp;
    const then = this.finishedView;
    if (!then || this.pace < slowFrame || now - this.movedAt > restMilliseconds) return false;
    const view = pixelView(camera, pixelRatio);
    const scale = view.scale / then.scale;
    if (scale > mostMagnified || scale < 1 / mostMagnified) return false;
    const covered = (offset: number, before: number, length: number) => {
      const from = offset - before * scale;
      return Math.max(0, Math.min(length, from + length * scale) - Math.max(0, from)) / length;
    };
    const {width, height} = camera;
    const part = covered(view.offsetX, then.offsetX, width * pixelRatio) * covered(view.offsetY, then.offsetY, height * pixelRatio);
    return 1 - part <= mostUncovered;
  }

  /** Puts the finished layer on the screen, moved to where the camera is now. */
  show(graphics: Graphics, painting: Painting): void {
    const now = pixelView(painting.camera, painting.pixelRatio);
    const then = this.finishedView;
    if (!then) return;
    // A screen pixel p shows world (p - now.offset) / now.scale, which lies at world * then.scale + then.offset in the layer.
    const scale = then.scale / now.scale;
    graphics.drawLayer({scale, offsetX: then.offsetX - now.offsetX * scale, offsetY: then.offsetY - now.offsetY * scale});
  }

  get ready(): boolean {
    return this.finishedView !== null;
  }

  private drawGrid(graphics: Graphics, painting: Painting): void {
    // Spacings follow one another by fours; the finer one fades in as it grows.
    const {zoom} = painting.camera;
    const power = Math.floor(Math.log(zoom / 0.55) / Math.log(4));
    const spacing = 20 * 4 ** -power;
    const part = Math.log(zoom / 0.55) / Math.log(4) - power;
    const view = this.drawnView!;
    graphics.drawGrid(view, spacing, 0.25 + 0.75 * part);
    graphics.drawGrid(view, spacing * 4, 1);
  }

  private gather(painting: Painting): void {
    const {scene, camera, marks} = painting;
    for (const batch of [this.strands, this.arrows, this.shapes, this.glyphs]) batch.clear();
    const box = camera.visible(40);
    this.gatherStrands(painting);
    const batches = {strands: this.arrows, shapes: this.shapes, glyphs: this.glyphs};
    for (let attempt = 0; attempt < 2; attempt++) {
      const {generation} = painting.glyphs;
      this.arrows.clear();
      this.shapes.clear();
      this.glyphs.clear();
      // Nodes much smaller than a label have nothing of this.
      if (camera.zoom > 0.02) {
        scene.nodeIndex.query(box, number => {
          if (!marks.lifted.has(number)) addNodeDecor(batches, painting, number);
        });
      }
      this.addBadges(painting);
      if (painting.glyphs.generation === generation) break;
    }
  }

  private gatherStrands(painting: Painting): void {
    const {scene, camera, detail, marks} = painting;
    const box = camera.visible(10);
    if (this.shownStamp.length < scene.strandCount) this.shownStamp = new Int32Array(scene.strandCount);
    this.gathering++;
    let length = 0;
    const most = mostStrands[detail];
    // Counted before any is taken: most of the time of a picture with too many went into strands that were thrown away.
    let count = 0;
    if (scene.strandIndex.size > most) scene.strandIndex.query(box, () => ++count <= most);
    this.oneByOne = count <= most;
    if (!this.oneByOne) {
      length = this.gatherAggregate(painting);
      this.opacity = opacityFor(length * camera.zoom * aggregatePixels, camera.width * camera.height);
      this.segments = 15;
      this.plain = true;
      return;
    }
    scene.strandIndex.query(box, strand => {
      if (marks.lifted.size > 0 && (marks.lifted.has(scene.sourceOfStrand[strand]!) || marks.lifted.has(scene.targetOfStrand[strand]!)))
        return true;
      const at = this.strands.add();
      const from = strand * strandSize;
      for (let index = 0; index < strandSize; index++) this.strands.data[at + index] = scene.strands[from + index]!;
      this.shownStamp[strand] = this.gathering;
      length += Math.abs(scene.strands[from]! - scene.strands[from + 6]!) + Math.abs(scene.strands[from + 1]! - scene.strands[from + 7]!);
      return true;
    });
    this.opacity = opacityFor(length * camera.zoom * Math.max(1, 2.4 * camera.zoom), camera.width * camera.height);
    this.segments = this.strands.count < 1500 ? 31 : this.strands.count < 4000 ? 15 : 7;
    this.plain = camera.zoom < plainZoom || this.strands.count > mostDetailed;
  }

  private startAggregate(scene: Scene, cellSize: number): void {
    this.aggregating?.work.cancel();
    const work = new Background(aggregate(scene, cellSize));
    this.aggregating = {cellSize, work};
    work.result.then(result => {
      if (!result || this.aggregating?.work !== work) return;
      this.aggregating = null;
      this.aggregates.set(cellSize, result);
      this.invalidate();
      this.onAggregate();
    });
  }

  /** Returns the length of all strands, in world units. */
  private gatherAggregate(painting: Painting): number {
    const {scene, camera} = painting;
    const cellSize = 2 ** Math.ceil(Math.log2(aggregateCell / camera.zoom));
    const known = this.aggregates.get(cellSize);
    if (!known || known.version !== scene.version) {
      if (this.aggregating?.cellSize !== cellSize) this.startAggregate(scene, cellSize);
    }
    const used =
      known ??
      [...this.aggregates.values()].sort((one, other) => Math.abs(one.cellSize - cellSize) - Math.abs(other.cellSize - cellSize))[0];
    if (!used) return 0;
    let length = 0;
    for (let number = 0; number < used.count; number++) {
      const from = number * strandSize;
      const at = this.strands.add();
      this.strands.data.set(used.strands.subarray(from, from + strandSize), at);
      length += Math.abs(used.strands[from]! - used.strands[from + 6]!) + Math.abs(used.strands[from + 1]! - used.strands[from + 7]!);
    }
    return length;
  }

  /** Fibers carry the number of their synapses. */
  private addBadges(painting: Painting): void {
    const {scene, camera, theme, glyphs, pixelRatio, marks} = painting;
    if (!this.oneByOne || camera.zoom < labelZoom * 0.5) return;
    const box = camera.visible(40);
    const seen = new Set<number>();
    scene.strandIndex.query(box, strand => {
      if (seen.size > 400) return false;
      if (!(scene.strands[strand * strandSize + strandLook]! & lookFiber)) return true;
      const edge = scene.edgeOfStrand[strand]!;
      if (seen.has(edge) || marks.lifted.has(scene.sourceOfStrand[strand]!) || marks.lifted.has(scene.targetOfStrand[strand]!)) return true;
      seen.add(edge);
      const first = scene.firstStrand[edge]!;
      const middle = first + Math.min(2, (scene.endStrand[edge]! - first) >> 1);
      const {x, y} = pointOnCurve(scene.strands, middle * strandSize, 0.5);
      const size = textSize(painting, 10.5, 9, 13);
      const text = numberText(scene.edges[edge]!.synapses);
      const half = glyphs.measure(text, Math.round(size)) / 2;
      addShape(this.shapes, x, y, 0, 0, {
        radiusPixels: 99,
        grow: [Math.round(half + size * 0.6), Math.round(size * 0.8)],
        fill: theme.surfaceRaised,
        line: theme.outline,
        border: pixelRatio,
      });
      glyphs.add(this.glyphs, text, x, y, 0, size * 0.36, {size, color: theme.textSoft, align: 'center'});
      return true;
    });
  }
}

/** Where lines would cover the canvas they grow paler, so that neurons stay in the foreground. Both in square pixels. */
function opacityFor(inked: number, area: number): number {
  return Math.max(0.06, Math.min(1, 0.45 / Math.max(0.45, inked / area)));
}

/** Names what the layer depends on; another name, another layer. */
function stampOf({camera, pixelRatio, theme, scene, detail, marks, glyphs}: Painting): string {
  return [
    camera.x,
    camera.y,
    camera.zoom,
    camera.width,
    camera.height,
    pixelRatio,
    theme.name,
    scene.serial,
    marks.lifted.size > 0 ? `lifted ${[...marks.lifted].slice(0, 4).join(' ')} ${marks.lifted.size}` : scene.version,
    detail,
    glyphs.generation,
  ].join('|');
}
