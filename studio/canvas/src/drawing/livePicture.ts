import type {Box} from '../elements';
import {Batch, type Graphics, type PixelView} from '../graphics/graphics';
import {cellOffset} from '../scene/nodeShape';
import {isAlive, lookFiber, lookMarked, type SceneNode, strandLook, strandSize, strandWidth} from '../scene/scene';
import {addSingle} from '../scene/singles';
import {numberText} from '../text/numbers';
import type {Color} from '../theme';
import {addComment, addNodeDecor, labelZoom} from './nodeDecor';
import {addShape, type Painting, textSize} from './painting';

/** Pulses that are drawn with all their bends, at most. */
const mostSmooth = 400;
/** Bits of a neuron's mark. */
const markSelected = 1;
const markHovered = 2;
const markDimmed = 4;

/** Neurons up to this radius, in device pixels, are drawn as points. Points vanish when their middle leaves the screen, so not larger ones. */
const largestPoint = 9;
/** Up to this radius, in device pixels, neurons have no rim. */
const largestDot = 4;
/** Cells at least this large on the screen, in CSS pixels, show their level. */
const cellWithNumber = 34;
/** Neurons smaller than this on the screen, in CSS pixels, glow without a halo. */
const haloRadius = 3;

/** The part of the picture that changes while the network runs, and what a drag carries along. */
export class LivePicture {
  private readonly pulses = new Batch('pulse', 256);
  private readonly fields = new Batch('field', 64);
  private readonly neurons = new Batch('neuron', 1024);
  private readonly glows = new Batch('glow', 256);
  private readonly glyphs = new Batch('glyph', 1024);
  private readonly notes = new Batch('shape', 16);
  private readonly noteGlyphs = new Batch('glyph', 256);
  private readonly liftedStrands = new Batch('strand', 64);
  private readonly liftedArrows = new Batch('strand', 16);
  private readonly liftedShapes = new Batch('shape', 16);
  private readonly marked = new Batch('strand', 64);
  private readonly rings = new Batch('shape', 16);
  private neuronsStamp = '';
  /** What the list of neurons covers, and at which zoom it was made. */
  private gathered: (Box & {zoom: number}) | null = null;
  private farPopulations: number[] = [];
  /** Largest radius among the neurons in view, in world units. */
  private largest = 0;
  drawnNeurons = 0;
  drawnPulses = 0;

  draw(graphics: Graphics, painting: Painting, view: PixelView): void {
    const {activity, marks} = painting;
    const options = {view, now: activity.now};
    this.gatherNeurons(painting);
    this.gatherPulses(painting);
    this.gatherGlows(painting);
    for (const batch of [this.liftedStrands, this.liftedArrows, this.liftedShapes, this.marked, this.rings, this.glyphs]) batch.clear();
    for (let attempt = 0; attempt < 2; attempt++) {
      const {generation} = painting.glyphs;
      this.glyphs.clear();
      this.liftedShapes.clear();
      this.liftedArrows.clear();
      for (const number of marks.lifted) {
        addNodeDecor({strands: this.liftedArrows, shapes: this.liftedShapes, glyphs: this.glyphs}, painting, number);
      }
      this.addLevels(painting);
      this.addComments(painting);
      if (painting.glyphs.generation === generation) break;
    }
    this.gatherLiftedStrands(painting);
    this.gatherMarked(painting);
    this.addRings(painting);

    graphics.draw(this.liftedStrands, {...options, segments: 31});
    graphics.draw(this.marked, {...options, segments: 31});
    graphics.draw(this.marked, {...options, as: 'head'});
    graphics.draw(this.liftedArrows, {...options, segments: 1});
    graphics.draw(this.liftedArrows, {...options, as: 'head'});
    // A tail may be as long as its curve: few of them are drawn as smooth as it.
    graphics.draw(this.pulses, {...options, segments: this.pulses.count < mostSmooth ? 31 : 15});
    graphics.draw(this.liftedShapes, options);
    graphics.draw(this.liftedStrands, {...options, as: 'head'});
    graphics.draw(this.fields, options);
    const largest = this.largest * view.scale;
    graphics.draw(
      this.neurons,
      largest <= largestDot ? {...options, as: 'dot'} : largest <= largestPoint ? {...options, as: 'point'} : options,
    );
    graphics.draw(this.rings, options);
    graphics.draw(this.glows, options);
    graphics.draw(this.glyphs, options);
    graphics.draw(this.notes, options);
    graphics.draw(this.noteGlyphs, options);
    this.drawnNeurons = this.neurons.count;
    this.drawnPulses = this.pulses.count;
  }

  forget(): void {
    this.neuronsStamp = '';
  }

  /** All neurons in view; listed anew only when scene or marks changed, or the camera left what is listed. */
  private gatherNeurons(painting: Painting): void {
    const {camera, scene, marks, activity} = painting;
    const stamp = [scene.serial, scene.version, marks.version, activity.state.base, painting.pixelRatio].join('|');
    if (stamp === this.neuronsStamp && this.gathered && covers(this.gathered, camera.visible(30), camera.zoom)) {
      this.updateFarPopulations(painting);
      return;
    }
    this.neuronsStamp = stamp;
    this.neurons.clear();
    this.fields.clear();
    this.farPopulations = [];
    this.largest = 0;
    const smallest = 0.35 / (camera.zoom * painting.pixelRatio);
    // Somewhat more than is seen, so that not every step of the camera gathers anew.
    this.gathered = {...camera.visible(30 + Math.max(camera.width, camera.height) * 0.2), zoom: camera.zoom};
    scene.nodeIndex.query(this.gathered, number => {
      const node = scene.nodes[number]!;
      if (!node.grid) return;
      if (node.round) {
        if (node.width < smallest) return;
        this.addNeuron(painting, number, node);
      } else if (node.far) {
        this.farPopulations.push(number);
        this.addNeuron(painting, number, node);
      } else {
        this.addField(painting, number, node);
      }
    });
  }

  private addNeuron(painting: Painting, number: number, node: SceneNode): void {
    const at = this.neurons.add();
    const {data} = this.neurons;
    data[at] = node.x;
    data[at + 1] = node.y;
    data[at + 2] = Math.min(node.width, node.height) / 2;
    this.largest = Math.max(this.largest, data[at + 2]!);
    data[at + 3] = node.round && isAlive(node.view) ? node.view.first - painting.activity.state.base : -1;
    data[at + 4] = marksOf(painting, number);
    data[at + 5] = node.round ? 0 : painting.activity.populationLight(number);
  }

  private updateFarPopulations(painting: Painting): void {
    if (this.farPopulations.length === 0) return;
    // They are few: their activity is written where their instances are.
    let next = 0;
    for (let instance = 0; instance < this.neurons.count && next < this.farPopulations.length; instance++) {
      const at = instance * this.neurons.stride;
      if (this.neurons.data[at + 3]! >= 0) continue;
      this.neurons.data[at + 5] = painting.activity.populationLight(this.farPopulations[next++]!);
    }
    this.neurons.version++;
  }

  private addField(painting: Painting, number: number, node: SceneNode): void {
    const grid = node.grid!;
    const at = this.fields.add();
    const dimmed = (marksOf(painting, number) & markDimmed) !== 0;
    this.fields.data.set(
      [
        node.x + grid.offsetX,
        node.y + grid.offsetY,
        (grid.columns * grid.pitch) / 2,
        (grid.rows * grid.pitch) / 2,
        grid.columns,
        grid.rows,
        node.view.count,
        isAlive(node.view) ? node.view.first - painting.activity.state.base : -1,
        0.36,
        dimmed ? 1 : 0,
      ],
      at,
    );
  }

  private gatherPulses(painting: Painting): void {
    const {scene} = painting;
    this.pulses.clear();
    painting.activity.eachPulse(painting.pulses.budget, (strand, head, tail) => {
      const at = this.pulses.add();
      const {data} = this.pulses;
      const from = strand * strandSize;
      for (let index = 0; index < strandSize; index++) data[at + index] = scene.strands[from + index]!;
      data[at + strandSize] = head;
      data[at + strandSize + 1] = tail;
    });
    painting.pulses.used = this.pulses.count;
  }

  private gatherGlows(painting: Painting): void {
    const {scene, activity, camera, theme} = painting;
    this.glows.clear();
    activity.pruneGlowing();
    const box = camera.visible(80);
    for (const number of activity.glowing) {
      if (this.glows.count >= painting.halos.budget) break;
      const node = scene.nodes[number]!;
      if ((node.width / 2) * camera.zoom < haloRadius) continue;
      if (node.x < box.left || node.x > box.right || node.y < box.top || node.y > box.bottom) continue;
      const light = activity.light(node.view.first);
      if (light < 0.01) continue;
      addGlow(this.glows, node.x, node.y, node.width / 2, light, theme.accent);
    }
    painting.halos.used = this.glows.count;
    for (const number of this.farPopulations) {
      const node = scene.nodes[number]!;
      addGlow(this.glows, node.x, node.y, Math.min(node.width, node.height) / 2, activity.populationLight(number), theme.accent);
    }
  }

  /** Numbers beside neurons, and the count in a population that is one circle. */
  private addLevels(painting: Painting): void {
    const {scene, camera, theme, glyphs, activity, pixelRatio} = painting;
    for (const number of this.farPopulations) {
      const node = scene.nodes[number]!;
      const radius = (Math.min(node.width, node.height) / 2) * camera.zoom;
      if (radius < 12) continue;
      const size = Math.min(14, radius * 0.6) * pixelRatio;
      glyphs.add(this.glyphs, numberText(node.view.count), node.x, node.y, 0, size * 0.36, {
        size,
        color: theme.text,
        align: 'center',
        bold: true,
      });
    }
    if (camera.zoom < labelZoom || !activity.knowsLevels) return;
    const size = textSize(painting, 11, 9, 13);
    scene.nodeIndex.query(camera.visible(20), number => {
      const node = scene.nodes[number]!;
      if (!node.round) {
        this.addCellLevels(painting, node, size);
        return;
      }
      const level = activity.level(node.view.first);
      if (level === null) return;
      const fresh = activity.light(node.view.first);
      const aside = (node.width / 2) * 0.74;
      glyphs.add(this.glyphs, String(level), node.x + aside, node.y - aside, 4 * pixelRatio, 0, {
        size,
        color: fresh > 0.3 ? theme.accent : level < 0 ? theme.inhibit : theme.textSoft,
      });
    });
  }

  /** Numbers in a population or a circuit whose cells are as large as neurons. */
  private addCellLevels(painting: Painting, node: SceneNode, size: number): void {
    const {camera, activity, theme, glyphs} = painting;
    const {grid, view} = node;
    if (!grid || node.far || view.first < 0 || grid.pitch * camera.zoom < cellWithNumber) return;
    const box = camera.visible(0);
    const column = (x: number) => (x - node.x - grid.offsetX) / grid.pitch + (grid.columns - 1) / 2;
    const row = (y: number) => (y - node.y - grid.offsetY) / grid.pitch + (grid.rows - 1) / 2;
    const toRow = Math.min(grid.rows - 1, Math.ceil(row(box.bottom)));
    const toColumn = Math.min(grid.columns - 1, Math.ceil(column(box.right)));
    for (let y = Math.max(0, Math.floor(row(box.top))); y <= toRow; y++) {
      for (let x = Math.max(0, Math.floor(column(box.left))); x <= toColumn; x++) {
        const cell = y * grid.columns + x;
        const level = cell < view.count ? activity.level(view.first + cell) : null;
        if (level === null) continue;
        const place = cellOffset(grid, cell);
        const firing = activity.light(view.first + cell) > 0.3;
        const color = firing ? theme.background : level < 0 ? theme.inhibit : theme.text;
        glyphs.add(this.glyphs, String(level), node.x + place.x, node.y + place.y, 0, size * 0.36, {size, color, align: 'center'});
      }
    }
  }

  private addComments(painting: Painting): void {
    const {scene, camera, marks} = painting;
    const box = camera.visible(0);
    this.notes.clear();
    this.noteGlyphs.clear();
    for (const [number, comment] of scene.comments.entries()) {
      const {x, y, width, height} = comment;
      if (x + width < box.left || x - width > box.right || y + height < box.top || y - height > box.bottom) continue;
      addComment({shapes: this.notes, glyphs: this.noteGlyphs}, painting, comment, marks.selectedComments.has(number));
    }
  }

  private gatherLiftedStrands(painting: Painting): void {
    const {scene, marks} = painting;
    const seen = new Set<number>();
    for (const number of marks.lifted) {
      for (const strands of [scene.outgoing(number), scene.incoming(number)]) {
        for (const strand of strands) {
          if (seen.has(strand)) continue;
          seen.add(strand);
          copyStrand(this.liftedStrands, scene.strands, strand);
        }
      }
    }
  }

  /** Selected edges and those of pointed-at or selected nodes stand out. */
  private gatherMarked(painting: Painting): void {
    const {scene, marks} = painting;
    const addEdge = (edge: number) => {
      for (let strand = scene.firstStrand[edge]!; strand < scene.endStrand[edge]!; strand++) {
        const at = copyStrand(this.marked, scene.strands, strand);
        this.marked.data[at + strandWidth]! += 1.6;
        this.marked.data[at + strandLook]! += lookMarked;
      }
    };
    if (marks.hoveredEdge >= 0) addEdge(marks.hoveredEdge);
    for (const edge of marks.selectedEdges) addEdge(edge);
    for (const edge of marks.highlightedEdges.keys()) addEdge(edge);
    for (const synapse of marks.singles) addSingle(this.marked, scene, synapse, synapse === marks.picked);
    const nodes = marks.selectedNodes.size <= 20 ? [...marks.selectedNodes] : [];
    if (marks.hoveredNode >= 0 && !marks.selectedNodes.has(marks.hoveredNode)) nodes.push(marks.hoveredNode);
    for (const number of nodes) {
      if (marks.lifted.has(number)) continue;
      for (const strands of [scene.outgoing(number), scene.incoming(number)]) {
        for (const strand of strands.slice(0, 400)) {
          // Where single synapses are shown, bundles would hide them.
          if (marks.singles.length > 0 && scene.strands[strand * strandSize + strandLook]! & lookFiber) continue;
          const at = copyStrand(this.marked, scene.strands, strand);
          this.marked.data[at + strandLook]! += lookMarked;
        }
      }
    }
  }

  /** Rings of boxes and populations that are selected, pointed at or highlighted; neurons draw their own. */
  private addRings(painting: Painting): void {
    const {scene, marks, theme, pixelRatio} = painting;
    const ring = (number: number, color: Color, opacity: number, width: number) => {
      const node = scene.nodes[number]!;
      const round = node.round || node.far;
      const half = Math.min(node.width, node.height) / 2;
      addShape(this.rings, node.x, node.y, round ? half : node.width / 2, round ? half : node.height / 2, {
        radius: round ? half : 12,
        radiusPixels: 4 * pixelRatio,
        line: color,
        lineOpacity: opacity,
        border: width * pixelRatio,
        grow: [4 * pixelRatio, 4 * pixelRatio],
      });
    };
    for (const [number, color] of marks.highlightedNodes) ring(number, color, 1, 2);
    for (const number of marks.selectedNodes)
      if (!scene.nodes[number]!.round && !scene.nodes[number]!.far) ring(number, theme.accent, 1, 2);
    const looked = marks.looked < 0 ? -1 : scene.nodeOfNeuron(marks.looked);
    if (looked >= 0 && !scene.nodes[looked]!.round && !scene.nodes[looked]!.far) {
      const {x, y, halfWidth} = scene.anchorOf(looked, {node: '', path: '', neuron: marks.looked}, true);
      const grow = 2 * pixelRatio;
      addShape(this.rings, x, y, halfWidth, halfWidth, {radiusPixels: 99, line: theme.accent, border: grow, grow: [grow, grow]});
    }
    const hovered = marks.hoveredNode;
    if (hovered >= 0 && !scene.nodes[hovered]!.round && !marks.selectedNodes.has(hovered) && !scene.nodes[hovered]!.far) {
      ring(hovered, theme.accent, 0.55, 1);
    }
  }
}

function covers(gathered: Box & {zoom: number}, seen: Box, zoom: number): boolean {
  const near = zoom / gathered.zoom;
  return (
    near > 0.6 &&
    near < 1.7 &&
    seen.left >= gathered.left &&
    seen.right <= gathered.right &&
    seen.top >= gathered.top &&
    seen.bottom <= gathered.bottom
  );
}

function marksOf(painting: Painting, number: number): number {
  const {marks} = painting;
  return (
    (marks.selectedNodes.has(number) ? markSelected : 0) +
    (marks.hoveredNode === number ? markHovered : 0) +
    (marks.dimOthers && !marks.highlightedNodes.has(number) ? markDimmed : 0)
  );
}

function copyStrand(batch: Batch, strands: Float32Array, strand: number): number {
  const at = batch.add();
  const from = strand * strandSize;
  for (let index = 0; index < strandSize; index++) batch.data[at + index] = strands[from + index]!;
  return at;
}

function addGlow(batch: Batch, x: number, y: number, radius: number, light: number, color: Color): void {
  const at = batch.add();
  const {data} = batch;
  data[at] = x;
  data[at + 1] = y;
  data[at + 2] = radius;
  data[at + 3] = light;
  data[at + 4] = color[0];
  data[at + 5] = color[1];
  data[at + 6] = color[2];
  data[at + 7] = 1;
}
