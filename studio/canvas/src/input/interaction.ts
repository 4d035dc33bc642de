import type {Camera} from '../camera';
import {corners, type Overlay} from '../drawing/overlay';
import type {Marks} from '../drawing/painting';
import {
  type Box,
  type CanvasEventName,
  type CanvasEvents,
  type ConnectionEnd,
  type ElementRef,
  elementKey,
  type PointerPlace,
  type Tool,
} from '../elements';
import {elementsInside, type Hit, hitTest} from '../scene/picking';
import {joinBoxes, type Scene} from '../scene/scene';
import {nearestSingle, type SingleSynapse} from '../scene/singles';
import {gridStep, snap} from '../scene/snapping';
import type {GestureActions, Grip, Phase, PointerSample} from './gestures';

/** What the interaction needs of the canvas view that owns it. */
export interface InteractionHost {
  readonly canvas: HTMLCanvasElement;
  readonly camera: Camera;
  readonly marks: Marks;
  readonly overlay: Overlay;
  scene(): Scene;
  tool(): Tool;
  selection(): ElementRef[];
  select(elements: ElementRef[]): void;
  cameraMoved(): void;
  redraw(): void;
  emit<Name extends CanvasEventName>(name: Name, event: CanvasEvents[Name]): void;
}

/** How near the pointer has to be, in CSS pixels. */
const pickReach = {mouse: 5, pen: 7, touch: 14};
/** Of a single synapse between the cells of a population. */
const cellReach = 2;
const handleReach = 8;
const snapReach = 6;
/** World units. */
const smallestBox = 44;

/** Carries out gestures on the scene and tells what they meant. Nothing is changed in the document here: events ask for it. */
export class Interaction implements GestureActions {
  /** First end of a connection that is made by two clicks. */
  private source: {number: number; end: ConnectionEnd} | null = null;
  private dragged: {
    nodes: number[];
    comments: number[];
    box: Box;
    places: Map<number, [number, number]>;
    commentPlaces: Map<number, [number, number]>;
  } | null = null;
  private resized: {element: ElementRef; number: number; box: Box} | null = null;
  private marqueeBefore: ElementRef[] = [];
  private hovered = '';

  constructor(private readonly host: InteractionHost) {}

  grip(sample: PointerSample): Grip {
    const corner = this.handleAt(sample);
    if (corner >= 0) return {kind: 'handle', corner};
    const hit = this.hit(sample);
    if (!hit && this.single(sample, hit)) return {kind: 'edge', rim: false};
    return hit ? {kind: hit.kind, rim: hit.kind === 'node' && hit.part === 'rim'} : {kind: 'empty'};
  }

  pan(dx: number, dy: number): void {
    this.host.camera.panBy(dx, dy);
    this.host.cameraMoved();
  }

  zoom(x: number, y: number, factor: number): void {
    this.host.camera.zoomAt({x, y}, factor);
    this.host.cameraMoved();
  }

  click(sample: PointerSample): void {
    const {host} = this;
    const hit = this.hit(sample);
    const place = this.place(sample);
    const synapse = this.single(sample, hit);
    if (synapse) {
      this.stopConnecting();
      host.emit('click-single', {...place, synapse});
      return;
    }
    if (!hit) {
      const pending = this.source !== null;
      this.stopConnecting();
      if (host.tool() === 'comment') host.emit('add-comment', place);
      else {
        const hadSelection = host.selection().length > 0;
        if (!sample.shift) host.select([]);
        if (!pending && !(hadSelection && host.tool() === 'select')) host.emit('click-empty', place);
      }
      return;
    }
    const element = this.elementOf(hit);
    if (hit.kind === 'node') this.clickNode(hit, element, sample, place);
    else {
      this.stopConnecting();
      this.selectBy(element, sample.shift);
      if (element.kind === 'comment') host.emit('click-comment', {...place, id: element.id});
      else host.emit('click-edge', {...place, element});
    }
  }

  doubleClick(sample: PointerSample): void {
    const hit = this.hit(sample);
    this.stopConnecting();
    if (hit?.kind === 'node') this.host.emit('double-click-node', {...this.place(sample), node: this.idOf(hit.number), neuron: hit.neuron});
    else if (hit) this.click(sample);
  }

  contextMenu(sample: PointerSample): void {
    const hit = this.hit(sample);
    this.stopConnecting();
    const element = hit ? this.elementOf(hit) : null;
    if (element && !this.isSelected(element)) this.host.select([element]);
    this.host.emit('context-menu', {...this.place(sample), element, neuron: hit?.kind === 'node' ? hit.neuron : -1});
  }

  fire(sample: PointerSample): void {
    const hit = this.hit(sample);
    if (hit?.kind === 'node' && hit.neuron >= 0) this.host.emit('fire', {node: this.idOf(hit.number), neuron: hit.neuron});
  }

  hover(sample: PointerSample | null): void {
    const {host} = this;
    const {marks, overlay} = host;
    const hit = sample ? this.hit(sample) : null;
    const hoveredNode = hit?.kind === 'node' ? hit.number : -1;
    const hoveredEdge = hit?.kind === 'edge' ? hit.number : -1;
    if (marks.hoveredNode !== hoveredNode || marks.hoveredEdge !== hoveredEdge) {
      Object.assign(marks, {hoveredNode, hoveredEdge});
      marks.version++;
      host.redraw();
    }
    if (this.source && sample) {
      const {x, y} = host.camera.toWorld(sample);
      overlay.content.connecting = {from: this.source.number, to: hoveredNode, place: {x, y}};
      host.redraw();
    }
    if (sample) host.canvas.style.cursor = this.cursorFor(sample, hit);
    const element = hit ? this.elementOf(hit) : null;
    const neuron = hit?.kind === 'node' ? hit.neuron : -1;
    const key = element ? `${elementKey(element)} ${neuron}` : '';
    if (key === this.hovered) return;
    this.hovered = key;
    host.emit('hover', element && sample ? {...this.place(sample), element, neuron} : null);
  }

  marquee(phase: Phase, start: PointerSample, now: PointerSample): void {
    const {host} = this;
    if (phase === 'start') this.marqueeBefore = start.shift ? host.selection() : [];
    const from = host.camera.toWorld(start);
    const to = host.camera.toWorld(now);
    const box = {left: Math.min(from.x, to.x), right: Math.max(from.x, to.x), top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y)};
    host.overlay.content.marquee = phase === 'end' || phase === 'cancel' ? null : box;
    if (phase === 'cancel') host.select(this.marqueeBefore);
    else {
      const known = new Set(this.marqueeBefore.map(elementKey));
      host.select([...this.marqueeBefore, ...elementsInside(host.scene(), box).filter(element => !known.has(elementKey(element)))]);
    }
    host.redraw();
  }

  drag(phase: Phase, start: PointerSample, now: PointerSample): void {
    const {host} = this;
    const scene = host.scene();
    if (phase === 'start') this.startDrag(start);
    const {dragged} = this;
    if (!dragged) return;
    let dx = (now.x - start.x) / host.camera.zoom;
    let dy = (now.y - start.y) / host.camera.zoom;
    const {content} = host.overlay;
    content.guides = [];
    if (phase === 'cancel') [dx, dy] = [0, 0];
    else if (!now.alt) {
      const snapped = snap(scene, dragged.box, dx, dy, host.marks.lifted, snapReach / host.camera.zoom, gridStep);
      ({dx, dy} = snapped);
      content.guides = snapped.guides;
    }
    for (const [number, [x, y]] of dragged.places) scene.moveNode(number, x + dx, y + dy);
    for (const [number, [x, y]] of dragged.commentPlaces) scene.moveComment(number, x + dx, y + dy);
    if (phase === 'end' || phase === 'cancel') {
      content.guides = [];
      host.marks.lifted.clear();
      host.marks.version++;
      this.dragged = null;
      if (phase === 'end' && (dx !== 0 || dy !== 0)) {
        host.emit('move', {
          items: [
            ...dragged.nodes.map(number => ({
              element: {kind: 'node', id: this.idOf(number)} as ElementRef,
              position: placeOf(scene.nodes[number]!),
            })),
            ...dragged.comments.map(number => ({
              element: {kind: 'comment', id: String(scene.comments[number]!.view.index)} as ElementRef,
              position: placeOf(scene.comments[number]!),
            })),
          ],
        });
      }
    }
    host.redraw();
  }

  resize(phase: Phase, corner: number, start: PointerSample, now: PointerSample): void {
    const {host} = this;
    const scene = host.scene();
    if (phase === 'start') {
      const [element] = host.selection();
      if (element?.kind === 'node') {
        const number = scene.nodeNumber(element.id);
        this.resized = {element, number, box: scene.nodeBox(number)};
        host.marks.lifted.add(number);
        host.marks.version++;
      } else if (element?.kind === 'comment') {
        const number = scene.commentNumber(element.id);
        this.resized = {element, number, box: scene.commentBox(number)};
      }
    }
    if (!this.resized) return;
    const {element, number, box} = this.resized;
    const dx = phase === 'cancel' ? 0 : Math.round((now.x - start.x) / host.camera.zoom / gridStep) * gridStep;
    const dy = phase === 'cancel' ? 0 : Math.round((now.y - start.y) / host.camera.zoom / gridStep) * gridStep;
    const isLeft = corner === 0 || corner === 3;
    const isTop = corner < 2;
    const left = isLeft ? Math.min(box.left + dx, box.right - smallestBox) : box.left;
    const right = isLeft ? box.right : Math.max(box.right + dx, box.left + smallestBox);
    const top = isTop ? Math.min(box.top + dy, box.bottom - smallestBox) : box.top;
    const bottom = isTop ? box.bottom : Math.max(box.bottom + dy, box.top + smallestBox);
    const place: [number, number] = [(left + right) / 2, (top + bottom) / 2];
    const size: [number, number] = [right - left, bottom - top];
    if (element.kind === 'node') scene.resizeNode(number, ...place, ...size);
    else scene.resizeComment(number, ...place, ...size);
    if (phase === 'end' || phase === 'cancel') {
      host.marks.lifted.clear();
      host.marks.version++;
      this.resized = null;
      if (phase === 'end') host.emit('resize', {element, position: place, size});
    }
    host.redraw();
  }

  connect(phase: Phase, start: PointerSample, now: PointerSample): void {
    const {host} = this;
    const from = this.hit(start);
    if (from?.kind !== 'node') return;
    const to = this.hit(now);
    const target = to?.kind === 'node' ? to : null;
    const {x, y} = host.camera.toWorld(now);
    if (phase === 'start') host.emit('connect-start', {from: this.endOf(from)});
    if (phase === 'end' || phase === 'cancel') {
      host.overlay.content.connecting = null;
      host.emit('connect-start', {from: null});
      if (phase === 'end' && target) host.emit('connect', {from: this.endOf(from), to: this.endOf(target)});
    } else host.overlay.content.connecting = {from: from.number, to: target?.number ?? -1, place: {x, y}};
    host.marks.hoveredNode = target?.number ?? -1;
    host.marks.version++;
    host.redraw();
  }

  /** Ends a connection that was begun with a click. Returns whether there was one. */
  stopConnecting(): boolean {
    const had = this.source !== null;
    this.source = null;
    this.host.overlay.content.connecting = null;
    if (had) {
      this.host.emit('connect-start', {from: null});
      this.host.redraw();
    }
    return had;
  }

  /** Forgets numbers of a scene that was replaced. */
  sceneReplaced(): void {
    this.source = null;
    this.dragged = null;
    this.keepResizing();
    Object.assign(this.host.overlay.content, {marquee: null, guides: [], connecting: null});
  }

  /** What is being resized goes on being so where it is still there. */
  private keepResizing(): void {
    if (!this.resized) return;
    const {element} = this.resized;
    const scene = this.host.scene();
    const number =
      element.kind === 'node' ? scene.nodeNumber(element.id) : element.kind === 'comment' ? scene.commentNumber(element.id) : -1;
    this.resized = number < 0 ? null : {...this.resized, number};
  }

  place(sample: PointerSample): PointerPlace {
    const bounds = this.host.canvas.getBoundingClientRect();
    const {x, y} = this.host.camera.toWorld(sample);
    return {x, y, clientX: sample.x + bounds.left, clientY: sample.y + bounds.top, shift: sample.shift, alt: sample.alt, ctrl: sample.ctrl};
  }

  private clickNode(hit: Hit & {kind: 'node'}, element: ElementRef, sample: PointerSample, place: PointerPlace): void {
    const {host} = this;
    if (this.source && !sample.shift) {
      const {number, end} = this.source;
      const toItself = number === hit.number && host.tool() !== 'connect';
      this.stopConnecting();
      if (!toItself) {
        host.select([element]);
        host.emit('connect', {from: end, to: this.endOf(hit)});
        return;
      }
    } else if (!sample.shift && host.tool() !== 'select' && host.tool() !== 'comment') {
      const end = this.endOf(hit);
      this.source = {number: hit.number, end};
      host.overlay.content.connecting = null;
      host.emit('connect-start', {from: end});
    }
    this.selectBy(element, sample.shift);
    host.emit('click-node', {...place, node: this.idOf(hit.number), neuron: hit.neuron});
  }

  private startDrag(start: PointerSample): void {
    const {host} = this;
    const scene = host.scene();
    this.stopConnecting();
    const hit = this.hit(start);
    if (!hit || hit.kind === 'edge') return;
    const element = this.elementOf(hit);
    if (!this.isSelected(element)) host.select(start.shift ? [...host.selection(), element] : [element]);
    const nodes = [...host.marks.selectedNodes];
    const comments = [...host.marks.selectedComments];
    let box: Box | null = null;
    for (const number of nodes) box = joinBoxes(box, scene.nodeBox(number));
    for (const number of comments) box = joinBoxes(box, scene.commentBox(number));
    if (!box) return;
    host.marks.lifted = new Set(nodes);
    host.marks.version++;
    this.dragged = {
      nodes,
      comments,
      box,
      places: new Map(nodes.map(number => [number, placeOf(scene.nodes[number]!)])),
      commentPlaces: new Map(comments.map(number => [number, placeOf(scene.comments[number]!)])),
    };
  }

  private selectBy(element: ElementRef, toggle: boolean): void {
    const {host} = this;
    if (!toggle) {
      host.select([element]);
      return;
    }
    const key = elementKey(element);
    const selection = host.selection();
    const without = selection.filter(other => elementKey(other) !== key);
    host.select(without.length < selection.length ? without : [...selection, element]);
  }

  private isSelected(element: ElementRef): boolean {
    const key = elementKey(element);
    return this.host.selection().some(other => elementKey(other) === key);
  }

  private hit(sample: PointerSample): Hit | null {
    const {x, y} = this.host.camera.toWorld(sample);
    return hitTest(this.host.scene(), x, y, pickReach[sample.type] / this.host.camera.zoom);
  }

  /** The single synapse under the pointer: they lie over connections, and between the cells of a population. */
  private single(sample: PointerSample, hit: Hit | null): SingleSynapse | null {
    const {host} = this;
    const {singles} = host.marks;
    if (singles.length === 0 || hit?.kind === 'comment') return null;
    const {x, y} = host.camera.toWorld(sample);
    if (hit?.kind === 'node') {
      if (hit.part === 'rim' || hit.neuron < 0) return null;
      const cell = host.scene().anchorOf(hit.number, {node: '', path: '', neuron: hit.neuron}, false);
      if (Math.hypot(x - cell.x, y - cell.y) <= cell.halfWidth) return null;
    }
    const reach = hit?.kind === 'node' ? cellReach : pickReach[sample.type];
    return nearestSingle(host.scene(), singles, x, y, reach / host.camera.zoom);
  }

  private handleAt(sample: PointerSample): number {
    const {handles} = this.host.overlay.content;
    if (!handles) return -1;
    return corners(handles).findIndex(corner => {
      const {x, y} = this.host.camera.toScreen(corner);
      return Math.abs(x - sample.x) <= handleReach && Math.abs(y - sample.y) <= handleReach;
    });
  }

  private cursorFor(sample: PointerSample, hit: Hit | null): string {
    const corner = this.handleAt(sample);
    if (corner >= 0) return corner % 2 === 0 ? 'nwse-resize' : 'nesw-resize';
    if (hit?.kind === 'node') return hit.part === 'rim' || this.host.tool() === 'connect' || this.source ? 'crosshair' : 'pointer';
    if (hit || this.single(sample, hit)) return 'pointer';
    const tool = this.host.tool();
    return tool === 'select' ? 'default' : tool === 'comment' ? 'copy' : 'grab';
  }

  private elementOf(hit: Hit): ElementRef {
    const scene = this.host.scene();
    if (hit.kind === 'node') return {kind: 'node', id: this.idOf(hit.number)};
    if (hit.kind === 'comment') return {kind: 'comment', id: String(scene.comments[hit.number]!.view.index)};
    const {list, index} = scene.edges[hit.number]!;
    return {kind: 'edge', list, index};
  }

  private endOf(hit: Hit & {kind: 'node'}): ConnectionEnd {
    const isBox = this.host.scene().nodes[hit.number]!.view.kind !== 'neuron';
    return {node: this.idOf(hit.number), neuron: isBox && !hit.port ? -1 : hit.neuron, ...(hit.port && {port: hit.port.alias})};
  }

  private idOf(number: number): string {
    return this.host.scene().nodes[number]!.view.id;
  }
}

function placeOf({x, y}: {x: number; y: number}): [number, number] {
  return [x, y];
}
