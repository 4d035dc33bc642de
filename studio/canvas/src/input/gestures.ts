import type {Tool} from '../elements';

/** One event of a pointer, in CSS pixels of the canvas. */
export interface PointerSample {
  id: number;
  x: number;
  y: number;
  type: 'mouse' | 'touch' | 'pen';
  button: number;
  shift: boolean;
  alt: boolean;
  ctrl: boolean;
  /** Milliseconds. */
  time: number;
}

export type Grip = {kind: 'empty'} | {kind: 'node' | 'edge' | 'comment'; rim: boolean} | {kind: 'handle'; corner: number};

/** What a gesture means; the canvas view carries it out. */
export interface GestureActions {
  /** What lies under the place, at the start of a gesture. */
  grip(sample: PointerSample): Grip;
  pan(dx: number, dy: number): void;
  zoom(x: number, y: number, factor: number): void;
  click(sample: PointerSample, grip: Grip): void;
  doubleClick(sample: PointerSample, grip: Grip): void;
  contextMenu(sample: PointerSample): void;
  fire(sample: PointerSample): void;
  hover(sample: PointerSample | null): void;
  marquee(phase: Phase, start: PointerSample, now: PointerSample): void;
  drag(phase: Phase, start: PointerSample, now: PointerSample): void;
  resize(phase: Phase, corner: number, start: PointerSample, now: PointerSample): void;
  connect(phase: Phase, start: PointerSample, now: PointerSample): void;
}

export type Phase = 'start' | 'move' | 'end' | 'cancel';

type Mode = 'idle' | 'pressed' | 'pan' | 'marquee' | 'drag' | 'resize' | 'connect' | 'pinch';

/** A press that moves less than this, in CSS pixels, is a click; fingers tremble more. */
const clickReach = {mouse: 4, pen: 6, touch: 10};
const doubleClickTime = 350;
const longPressTime = 550;

/** Turns pointers and wheel into gestures. Knows no DOM and no scene, so that tests can play it. */
export class Gestures {
  tool: Tool = 'hand';
  /** While the space bar is held every press pans. */
  spaceHeld = false;

  private mode: Mode = 'idle';
  private readonly pointers = new Map<number, PointerSample>();
  private start: PointerSample | null = null;
  private last: PointerSample | null = null;
  private grip: Grip = {kind: 'empty'};
  private lastClick: {x: number; y: number; time: number} | null = null;
  private pinch: {x: number; y: number; distance: number} | null = null;

  constructor(private readonly actions: GestureActions) {}

  get busy(): boolean {
    return this.mode !== 'idle';
  }

  get panning(): boolean {
    return this.mode === 'pan' || this.mode === 'pinch';
  }

  down(sample: PointerSample): void {
    this.pointers.set(sample.id, sample);
    if (this.pointers.size === 2) {
      this.cancel();
      this.mode = 'pinch';
      this.pinch = this.pinchNow();
      return;
    }
    if (this.pointers.size > 2 || this.mode !== 'idle') return;
    this.start = sample;
    this.last = sample;
    if (sample.button === 1 || (this.spaceHeld && sample.button === 0)) {
      this.mode = 'pan';
      return;
    }
    if (sample.button !== 0) return;
    this.grip = this.actions.grip(sample);
    this.mode = 'pressed';
  }

  move(sample: PointerSample): void {
    if (this.pointers.has(sample.id)) this.pointers.set(sample.id, sample);
    if (this.mode === 'pinch') {
      this.movePinch();
      return;
    }
    if (this.mode === 'idle') {
      if (sample.type !== 'touch') this.actions.hover(sample);
      return;
    }
    if (!this.start || sample.id !== this.start.id) return;
    if (this.mode === 'pressed') {
      const far = Math.hypot(sample.x - this.start.x, sample.y - this.start.y) > clickReach[sample.type];
      if (!far) return;
      this.begin(sample);
    }
    if (this.mode === 'pan') this.actions.pan(sample.x - this.last!.x, sample.y - this.last!.y);
    else this.act('move', sample);
    this.last = sample;
  }

  up(sample: PointerSample): void {
    this.pointers.delete(sample.id);
    if (this.mode === 'pinch') {
      if (this.pointers.size === 0) this.mode = 'idle';
      this.pinch = null;
      return;
    }
    if (!this.start || sample.id !== this.start.id) return;
    const {mode, start} = this;
    this.mode = 'idle';
    if (mode === 'pressed') this.click(start, sample);
    else if (mode === 'pan') this.actions.hover(sample);
    else this.act('end', sample, mode);
    this.start = null;
  }

  /** Ends whatever is going on without effect, as after Escape or when the window loses the pointer. */
  cancel(): void {
    if (this.mode !== 'idle' && this.start && this.last) this.act('cancel', this.last);
    this.mode = 'idle';
    this.start = null;
  }

  lostPointer(id: number): void {
    this.pointers.delete(id);
    if (this.start?.id === id || this.mode === 'pinch') this.cancel();
  }

  /** A finger that rests opens the menu; called by a timer of the owner. Returns whether it did. */
  longPress(now: number): boolean {
    if (this.mode !== 'pressed' || !this.start || this.start.type !== 'touch' || now - this.start.time < longPressTime) return false;
    const {start} = this;
    this.mode = 'idle';
    this.start = null;
    this.actions.contextMenu(start);
    return true;
  }

  /** Wheel and trackpad: turning zooms, two fingers pan, pinching (reported with ctrl) zooms. Deltas in CSS pixels. */
  wheel(x: number, y: number, deltaX: number, deltaY: number, ctrl: boolean, shift: boolean, isTrackpad: boolean): void {
    if (ctrl) this.actions.zoom(x, y, Math.exp(-clamp(deltaY, 60) * 0.012));
    else if (isTrackpad) this.actions.pan(-deltaX, -deltaY);
    else if (shift) this.actions.pan(-(deltaX || deltaY), 0);
    else this.actions.zoom(x, y, Math.exp(-clamp(deltaY, 240) * 0.0016));
  }

  private begin(sample: PointerSample): void {
    const {grip, tool} = this;
    const start = this.start!;
    if (grip.kind === 'handle') this.mode = 'resize';
    else if (grip.kind === 'node' && (grip.rim || tool === 'connect')) this.mode = 'connect';
    else if (grip.kind === 'node' || grip.kind === 'comment') this.mode = 'drag';
    else if (tool === 'select' || (start.shift && tool !== 'connect')) this.mode = 'marquee';
    else this.mode = 'pan';
    if (this.mode !== 'pan') this.act('start', sample);
  }

  private act(phase: Phase, sample: PointerSample, mode: Mode = this.mode): void {
    const start = this.start!;
    if (mode === 'marquee') this.actions.marquee(phase, start, sample);
    else if (mode === 'drag') this.actions.drag(phase, start, sample);
    else if (mode === 'connect') this.actions.connect(phase, start, sample);
    else if (mode === 'resize' && this.grip.kind === 'handle') this.actions.resize(phase, this.grip.corner, start, sample);
  }

  private click(start: PointerSample, sample: PointerSample): void {
    if ((start.alt || start.ctrl) && this.grip.kind === 'node') {
      this.actions.fire(start);
      return;
    }
    const before = this.lastClick;
    const again =
      before !== null &&
      sample.time - before.time < doubleClickTime &&
      Math.hypot(sample.x - before.x, sample.y - before.y) < 2 * clickReach[sample.type];
    this.lastClick = again ? null : {x: sample.x, y: sample.y, time: sample.time};
    if (again && this.grip.kind !== 'empty') this.actions.doubleClick(sample, this.grip);
    else this.actions.click(sample, this.grip);
  }

  private pinchNow(): {x: number; y: number; distance: number} {
    const [one, other] = [...this.pointers.values()] as [PointerSample, PointerSample];
    return {x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, distance: Math.max(1, Math.hypot(one.x - other.x, one.y - other.y))};
  }

  private movePinch(): void {
    if (this.pointers.size < 2 || !this.pinch) return;
    const now = this.pinchNow();
    this.actions.pan(now.x - this.pinch.x, now.y - this.pinch.y);
    this.actions.zoom(now.x, now.y, now.distance / this.pinch.distance);
    this.pinch = now;
  }
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
