import {Camera, CameraGlide} from './camera';
import {LivePicture} from './drawing/livePicture';
import {NameRoom} from './drawing/nameRoom';
import {labelledBox} from './drawing/nodeDecor';
import {Overlay} from './drawing/overlay';
import {type Detail, noMarks, type Painting, pixelView} from './drawing/painting';
import {StillPicture} from './drawing/stillPicture';
import {type Box, type CanvasEventName, type CanvasEvents, type ElementRef, elementKey, type ThemeName, type Tool} from './elements';
import {drawThumbnail, sceneToSvg} from './export/exportCanvas';
import {noFigures} from './figures';
import type {Graphics, GraphicsName} from './graphics/graphics';
import {type Connect, Surface} from './graphics/surface';
import {listen} from './input/domInput';
import {Gestures} from './input/gestures';
import {Interaction} from './input/interaction';
import {KeyboardActions, type KeyboardHost} from './input/keyboardActions';
import {type Alignment, align, autoLayout, distribute, type Place} from './layout/arrange';
import {initialPlace} from './layout/initialPlace';
import {Activity} from './live/activity';
import {Background} from './live/background';
import {Pace} from './live/pace';
import {hitTest} from './scene/picking';
import {joinBoxes, Scene} from './scene/scene';
import {Glyphs} from './text/glyphs';
import {type Color, type Theme, themeNamed} from './theme';
import type {CircuitView, Frame, NodeView} from './types';

export interface CanvasOptions {
  theme?: ThemeName;
  /** 0 little, 1 what the machine carries easily, 2 everything. */
  detail?: Detail;
  tool?: Tool;
  /** Draws with this; by default with WebGPU on a graphics card, with WebGL2 otherwise. */
  graphics?: GraphicsName;
  /** CSS pixels at the upper and the lower edge that the page covers, as with tools: zooming to everything leaves them free. */
  covered?: [number, number];
}

/** Up to this many nodes and edges are built or changed at once, so that an edit shows in the next frame. */
const builtAtOnce = 1500;
const glideMilliseconds = 260;
/** Populations with cells smaller than this, in CSS pixels, are one circle with a count. */
const farPitch = 2.2;
/** Below this zoom neurons are too small for halos. */
const haloZoom = 0.12;
/** Below this zoom spikes are not seen travelling. */
const pulseZoom = 0.16;
/** Largest zoom that fitting to something chooses. */
const fittedZoom = 1.6;
/** Around everything, with its names, in CSS pixels. */
const fittedMargin = 32;

type Listener<Name extends CanvasEventName> = (event: CanvasEvents[Name]) => void;

/**
 * The live canvas of one circuit: owns a canvas element, draws by itself whenever something changes, and turns what a person does into events.
 * It never changes the document; the owner applies events to it and hands over a new view.
 */
export class CanvasView implements KeyboardHost {
  readonly camera = new Camera();
  readonly marks = noMarks();
  readonly overlay = new Overlay();
  readonly figures = noFigures();
  readonly surface: Surface;
  private glyphs: Glyphs | null = null;
  private current = new Scene({path: '', title: '', description: '', source: {kind: 'own', in: ''}, nodes: [], edges: [], comments: []});
  private building: Background<void> | null = null;
  private readonly activity = new Activity();
  private readonly pulses = new Pace(40, 6000);
  private readonly halos = new Pace(60, 3000);
  private readonly still = new StillPicture(() => this.redraw());
  private readonly live = new LivePicture();
  private readonly names = new NameRoom();
  private readonly gestures: Gestures;
  private readonly interaction: Interaction;
  private readonly keyboard: KeyboardActions;
  private readonly listeners = new Map<CanvasEventName, Set<Listener<never>>>();
  private selected: ElementRef[] = [];
  private highlighted: {element: ElementRef; color?: Color}[] = [];
  private theme: Theme;
  private detail: Detail;
  private glide: CameraGlide | null = null;
  private fitWhenBuilt = true;
  private hasView = false;
  private request = 0;
  private lastFrame = 0;
  /** Whether the frame before asked for this one, so that the time between them tells how fast frames can be. */
  private drewBefore = false;
  /** A frame is wanted that has to wait for those before. */
  private waits = false;
  private numbered: {first: number; count: number} | null = null;
  private pixelRatio = 1;
  private readonly resizeObserver: ResizeObserver;
  private readonly stopListening: () => void;
  private readonly stop = new AbortController();
  private readonly reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly options: CanvasOptions = {},
  ) {
    this.theme = themeNamed(options.theme ?? 'dark');
    this.detail = options.detail ?? 1;
    this.interaction = new Interaction(this);
    this.keyboard = new KeyboardActions(this, this.interaction);
    this.gestures = new Gestures(this.interaction);
    this.gestures.tool = options.tool ?? 'hand';
    canvas.style.touchAction = 'none';
    if (canvas.tabIndex < 0) canvas.tabIndex = 0;
    this.stopListening = listen(
      canvas,
      this.gestures,
      () => this.interaction.hover(null),
      sample => this.interaction.contextMenu(sample),
    );
    const {signal} = this.stop;
    canvas.addEventListener('keydown', event => this.keyDown(event), {signal});
    canvas.addEventListener('keyup', event => this.holdSpace(event, false), {signal});
    canvas.addEventListener('blur', () => this.holdSpace(null, false), {signal});
    this.surface = new Surface(canvas, options.graphics, {
      opened: graphics => this.setUp(graphics),
      lost: () => this.emit('context', {lost: true}),
      drawn: () => {
        if (this.waits) this.redraw();
      },
      failed: error => this.emit('failed', {message: error.message}),
    });
    this.surface.open();
    this.resizeObserver = new ResizeObserver(() => this.measure());
    this.resizeObserver.observe(canvas);
    this.measure();
  }

  /** Shows a circuit. Camera and selection stay where the circuit and its ids stay. */
  setView(view: CircuitView): void {
    const sameCircuit = this.current.view.path === view.path && this.hasView;
    this.hasView = true;
    if (!sameCircuit) this.fitWhenBuilt = true;
    const before = sameCircuit ? this.current : null;
    const placeOf = (node: NodeView, number: number) => {
      if (node.position) return {x: node.position[0], y: node.position[1]};
      const known = before?.nodeNumber(node.id) ?? -1;
      return known >= 0 ? {x: before!.nodes[known]!.x, y: before!.nodes[known]!.y} : initialPlace(view, number);
    };
    this.building?.cancel();
    this.building = null;
    const change = before?.update(view, placeOf, builtAtOnce);
    if (change) {
      Object.assign(this.figures, {rewrittenNodes: change.nodes, rewrittenStrands: change.strands});
      this.show(before!, change.parted);
      return;
    }
    const scene = new Scene(view);
    const work = scene.build(placeOf);
    if (view.nodes.length + view.edges.length <= builtAtOnce) {
      for (const _ of work);
      this.showBuilt(scene);
      return;
    }
    const building = new Background(work, !sameCircuit);
    this.building = building;
    building.result.then(() => {
      if (this.building === building) this.showBuilt(scene);
    });
  }

  applyFrame(frame: Frame): void {
    const pulses = this.camera.zoom > pulseZoom && this.still.oneByOne && !this.reducedMotion.matches;
    const halos = this.camera.zoom > haloZoom ? this.camera.visible(100) : null;
    this.activity.apply(frame, performance.now(), pulses ? strand => this.still.isShown(strand) : null, halos);
    this.redraw();
  }

  /** What synapses have learned by now, in 1/256 of a weight, in the order of the view's edges. */
  setLearned(values: ArrayLike<number>): void {
    this.current.setLearned(values);
    this.redraw();
  }

  setSelection(elements: ElementRef[]): void {
    this.selected = elements;
    this.resolveMarks();
    this.redraw();
  }

  /** Selects as a person does: with an event. */
  select(elements: ElementRef[]): void {
    const before = this.selected.map(elementKey).join('|');
    this.setSelection(elements);
    if (before !== elements.map(elementKey).join('|')) this.emit('select', {elements});
  }

  selection(): ElementRef[] {
    return this.selected;
  }

  setTool(tool: Tool): void {
    this.gestures.tool = tool;
    this.interaction.stopConnecting();
  }

  tool(): Tool {
    return this.gestures.tool;
  }

  setDetail(detail: Detail): void {
    this.detail = detail;
    this.still.invalidate();
    this.redraw();
  }

  setTheme(name: ThemeName): void {
    this.theme = themeNamed(name);
    this.surface.graphics?.setTheme(this.theme);
    this.still.invalidate();
    this.redraw();
    this.emit('theme', {name});
  }

  currentTheme(): Theme {
    return this.theme;
  }

  /** Marks elements in a colour each until called again; `dimOthers` lets the rest step back. */
  highlight(elements: {element: ElementRef; color?: Color}[], dimOthers = false): void {
    this.highlighted = elements;
    this.resolveMarks();
    this.marks.dimOthers = dimOthers && elements.length > 0;
    this.redraw();
  }

  /** Moves the camera so that all, the selection, or a box in world units fills the canvas. */
  zoomTo(what: Box | 'all' | 'selection' | 'in' | 'out', animated = true): void {
    if (what === 'in' || what === 'out') {
      this.zoomBy(what === 'in' ? 1.25 : 0.8);
      return;
    }
    if (what === 'all') {
      // Of a scene that is being built: once it is there.
      if (this.building) this.fitWhenBuilt = true;
      this.glideTo(this.placeForAll(), animated && this.current.nodes.length > 0);
      return;
    }
    const box = what === 'selection' ? this.current.boxOf(this.selected) : what;
    if (box) this.glideTo(this.camera.placeFor(box, 56, what === 'selection' ? fittedZoom : 40), animated);
  }

  /** Where the camera sees everything, names and aliases too. */
  private placeForAll(): {x: number; y: number; zoom: number} {
    const scene = this.current;
    let box = scene.bounds();
    if (!box) return {x: 0, y: 0, zoom: 1};
    // Text is larger in the world the smaller the zoom is: a few rounds come to rest.
    const {covered} = this.options;
    let place = this.camera.placeFor(box, fittedMargin, fittedZoom, covered);
    for (let round = 0; round < 3; round++) {
      for (let number = 0; number < scene.nodes.length; number++) box = joinBoxes(box, labelledBox(scene, number, place.zoom));
      place = this.camera.placeFor(box, fittedMargin, fittedZoom, covered);
    }
    return place;
  }

  /** Zooms at the middle of the canvas. */
  zoomBy(factor: number): void {
    const {x, y, zoom} = this.camera;
    this.glideTo({x, y, zoom: zoom * factor}, true);
  }

  glideTo(place: {x: number; y: number; zoom: number}, animated: boolean): void {
    if (animated && !this.reducedMotion.matches) {
      this.glide = new CameraGlide(this.camera, place, performance.now(), glideMilliseconds);
      this.redraw();
      return;
    }
    Object.assign(this.camera, place);
    this.cameraMoved();
  }

  /** Moves the camera just so far that the node is well in view. */
  reveal(number: number): void {
    const box = this.current.nodeBox(number);
    const seen = this.camera.visible(-40);
    const dx = Math.min(0, box.left - seen.left) + Math.max(0, box.right - seen.right);
    const dy = Math.min(0, box.top - seen.top) + Math.max(0, box.bottom - seen.bottom);
    if (dx !== 0 || dy !== 0) this.glideTo({x: this.camera.x + dx, y: this.camera.y + dy, zoom: this.camera.zoom}, true);
  }

  /** What is seen in the middle: where a node goes that is made without a pointer. */
  middle(): {x: number; y: number; clientX: number; clientY: number} {
    const bounds = this.canvas.getBoundingClientRect();
    return {x: this.camera.x, y: this.camera.y, clientX: bounds.left + bounds.width / 2, clientY: bounds.top + bounds.height / 2};
  }

  /** Brings the selected nodes in line. Asks for it with a 'move' event, as a drag does. */
  align(how: Alignment): void {
    this.moveNodes(align(this.current, [...this.marks.selectedNodes], how));
  }

  distribute(direction: 'horizontal' | 'vertical'): void {
    this.moveNodes(distribute(this.current, [...this.marks.selectedNodes], direction));
  }

  /** Lays out the selected nodes, or all when fewer than two are selected. */
  async autoLayout(): Promise<void> {
    const scene = this.current;
    const chosen = this.marks.selectedNodes.size > 1 ? [...this.marks.selectedNodes] : null;
    const places = await autoLayout(scene, chosen);
    if (scene === this.current) this.moveNodes(places);
  }

  moveNodes(places: Place[]): void {
    if (places.length === 0) return;
    for (const {number, x, y} of places) this.current.moveNode(number, x, y);
    this.redraw();
    this.emit('move', {
      items: places.map(({number, x, y}) => ({
        element: {kind: 'node' as const, id: this.current.nodes[number]!.view.id},
        position: [x, y] as [number, number],
      })),
    });
  }

  scene(): Scene {
    return this.current;
  }

  on<Name extends CanvasEventName>(name: Name, callback: Listener<Name>): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners);
    listeners.add(callback as Listener<never>);
    return () => listeners.delete(callback as Listener<never>);
  }

  emit<Name extends CanvasEventName>(name: Name, event: CanvasEvents[Name]): void {
    for (const listener of this.listeners.get(name) ?? []) (listener as Listener<Name>)(event);
  }

  cameraMoved(): void {
    this.glide = null;
    this.redraw();
    const {x, y, zoom} = this.camera;
    this.emit('camera', {x, y, zoom});
  }

  /** What is at a place of the canvas, in CSS pixels. */
  elementAt(x: number, y: number): ReturnType<typeof hitTest> {
    const world = this.camera.toWorld({x, y});
    return hitTest(this.current, world.x, world.y, 5 / this.camera.zoom);
  }

  /** A small picture of any circuit; width and height in CSS pixels. */
  thumbnail(view: CircuitView, width: number, height: number): HTMLCanvasElement {
    return drawThumbnail(view, width, height, this.theme, this.pixelRatio);
  }

  /** The whole circuit as it is now, as SVG text. */
  toSvg(): string {
    return sceneToSvg(this.current, this.theme, this.activity);
  }

  /** What is seen now, as a PNG file. */
  toPng(): Promise<Blob | null> {
    const paces = [this.pulses, this.halos];
    for (const pace of paces) pace.isFree = true;
    // A picture is kept only until the browser has shown it: draw and read in one go.
    for (let part = 0; part < 1000 && this.draw(0); part++);
    for (const pace of paces) pace.isFree = false;
    return this.surface.picture();
  }

  /**
   * Lets a worker draw, from the buffers of a network that runs on its GPU, until it ends or `drawHere` is called: frames need no levels
   * then but those that 'numbered' asks for. Resolves to whether it does.
   */
  drawElsewhere(connect: Connect): Promise<boolean> {
    return this.surface.drawElsewhere(connect);
  }

  drawHere(): void {
    this.surface.drawHere();
  }

  redraw(): void {
    if (this.request === 0) this.request = requestAnimationFrame(time => this.frame(time));
  }

  destroy(): void {
    cancelAnimationFrame(this.request);
    this.request = -1;
    this.stopListening();
    this.stop.abort();
    this.resizeObserver.disconnect();
    this.surface.destroy();
    this.listeners.clear();
  }

  private frame(time: number): void {
    this.request = 0;
    this.waits = this.surface.graphics?.busy ?? false;
    if (this.waits) return;
    const started = performance.now();
    const interval = time - this.lastFrame;
    this.lastFrame = time;
    if (this.drewBefore) {
      this.pulses.frame(interval);
      this.halos.frame(interval);
    }
    if (this.glide) {
      if (!this.glide.step(time)) this.glide = null;
      const {x, y, zoom} = this.camera;
      this.emit('camera', {x, y, zoom});
    }
    let more = this.glide !== null;
    this.activity.advance(started);
    if (this.draw(interval)) more = true;
    this.figures.frameMilliseconds = performance.now() - started;
    this.drewBefore = more || this.activity.fading;
    if (this.drewBefore) this.redraw();
  }

  /** Returns whether the picture is not yet complete. */
  private draw(interval: number): boolean {
    const {glyphs, surface} = this;
    const {graphics} = surface;
    if (!graphics || !glyphs || graphics.lost) return false;
    const {camera, pixelRatio, theme, activity, detail, marks} = this;
    const painting: Painting = {
      camera,
      pixelRatio,
      theme,
      scene: this.current,
      activity,
      glyphs,
      names: this.names,
      detail,
      marks,
      pulses: this.pulses,
      halos: this.halos,
    };
    this.current.showFar(farPitch / camera.zoom);
    this.placeHandles();
    graphics.uploadState(activity.state);
    const more = this.still.update(graphics, painting, interval);
    graphics.target('screen', this.still.ready ? null : theme.background);
    this.still.show(graphics, painting);
    const view = pixelView(camera, pixelRatio);
    this.live.draw(graphics, painting, view);
    this.overlay.draw(graphics, painting, view);
    graphics.endFrame();
    this.tellNumbered();
    this.figures.frames++;
    Object.assign(this.figures, {
      neurons: this.live.drawnNeurons,
      pulses: this.live.drawnPulses,
      strands: this.still.drawnStrands,
      oneByOne: this.still.oneByOne,
    });
    return more;
  }

  /** Where a worker draws, only the levels that are shown as numbers have to come to the page. */
  private tellNumbered(): void {
    const {asked} = this.activity;
    const isSame = asked?.first === this.numbered?.first && asked?.count === this.numbered?.count;
    this.activity.asked = null;
    if (isSame) return;
    this.numbered = asked;
    this.emit('numbered', {neurons: asked});
  }

  private showBuilt(scene: Scene): void {
    Object.assign(this.figures, {rewrittenNodes: scene.nodes.length, rewrittenStrands: scene.strandCount});
    this.show(scene);
  }

  /** Shows another scene, or the same after an update (`parted`: strands that are others now). */
  private show(scene: Scene, parted: Set<number> | null = null): void {
    this.building = null;
    this.current = scene;
    this.interaction.sceneReplaced();
    this.keyboard.sceneReplaced();
    this.marks.hoveredNode = -1;
    this.marks.hoveredEdge = -1;
    this.marks.lifted.clear();
    this.activity.follow(scene, parted);
    this.resolveMarks();
    if (this.fitWhenBuilt && this.camera.width > 1) {
      this.fitWhenBuilt = false;
      this.still.forget();
      this.zoomTo('all', false);
    }
    this.emit('view', {path: scene.view.path});
    this.redraw();
  }

  /** Looks up what is selected and highlighted in the present scene; what is gone is selected no more. */
  private resolveMarks(): void {
    const {marks} = this;
    const scene = this.current;
    marks.selectedNodes.clear();
    marks.selectedEdges.clear();
    marks.selectedComments.clear();
    this.selected = this.selected.filter(element => {
      const number =
        element.kind === 'node'
          ? scene.nodeNumber(element.id)
          : element.kind === 'edge'
            ? scene.edgeNumber(element.list, element.index)
            : scene.commentNumber(element.id);
      if (number < 0) return false;
      const marked = element.kind === 'node' ? marks.selectedNodes : element.kind === 'edge' ? marks.selectedEdges : marks.selectedComments;
      marked.add(number);
      return true;
    });
    marks.highlightedNodes.clear();
    marks.highlightedEdges.clear();
    for (const {element, color} of this.highlighted) {
      const isNode = element.kind === 'node';
      const number = isNode ? scene.nodeNumber(element.id) : element.kind === 'edge' ? scene.edgeNumber(element.list, element.index) : -1;
      if (number >= 0) (isNode ? marks.highlightedNodes : marks.highlightedEdges).set(number, color ?? this.theme.accent);
    }
    marks.version++;
  }

  /** A single selected box, population or note can be resized. */
  private placeHandles(): void {
    const {overlay, selected, current, camera} = this;
    const [element] = selected;
    let box: Box | null = null;
    if (selected.length === 1 && element?.kind === 'node') {
      const number = current.nodeNumber(element.id);
      if (!current.nodes[number]?.round) box = current.nodeBox(number);
    } else if (selected.length === 1 && element?.kind === 'comment') {
      const number = current.commentNumber(element.id);
      if (current.comments[number]?.view.size) box = current.commentBox(number);
    }
    overlay.content.handles = box && (box.right - box.left) * camera.zoom > 40 ? box : null;
  }

  private measure(): void {
    const {clientWidth, clientHeight} = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.pixelRatio = window.devicePixelRatio || 1;
    this.camera.width = clientWidth;
    this.camera.height = clientHeight;
    const width = Math.round(clientWidth * this.pixelRatio);
    const height = Math.round(clientHeight * this.pixelRatio);
    if (this.surface.resize(width, height, this.pixelRatio)) this.still.forget();
    if (this.fitWhenBuilt && this.hasView && !this.building) {
      this.fitWhenBuilt = false;
      this.zoomTo('all', false);
    }
    // Drawn at once: a resized canvas is empty until then.
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.frame(performance.now());
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.key === ' ') this.holdSpace(event, true);
    else if (event.key === 'Escape' && this.gestures.busy) this.gestures.cancel();
    else if (!this.keyboard.press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** While the space bar is held, dragging pans. */
  private holdSpace(event: KeyboardEvent | null, held: boolean): void {
    if (event && event.key !== ' ') return;
    this.gestures.spaceHeld = held;
    this.canvas.style.cursor = held ? 'grabbing' : '';
  }

  /** Graphics that know nothing yet, the first or after a loss, get all that there is to be seen. */
  private setUp(graphics: Graphics): void {
    const {state} = this.activity;
    const again = this.glyphs !== null;
    graphics.setTheme(this.theme);
    const {clientWidth, clientHeight} = this.canvas;
    this.surface.resize(Math.round(clientWidth * this.pixelRatio), Math.round(clientHeight * this.pixelRatio), this.pixelRatio);
    this.figures.graphics = graphics.name;
    this.activity.levelsElsewhere = graphics.name === 'simulation';
    this.emit('graphics', {name: graphics.name});
    if (this.glyphs) this.glyphs.reset(graphics);
    else this.glyphs = new Glyphs(graphics);
    state.dirtyFrom = 0;
    state.dirtyTo = state.count - 1;
    this.still.forget();
    this.live.forget();
    if (again) this.emit('context', {lost: false});
    this.redraw();
  }
}
