import type {CanvasView} from './canvasView';
import type {Box} from './elements';
import {joinBoxes} from './scene/scene';
import {css} from './theme';

/** Nodes that are drawn, at most: of larger circuits every so many-th. */
const mostNodes = 20_000;
const margin = 8;

/** The whole circuit in a corner, with a frame around what the canvas shows; click or drag to go there. Owns a canvas element of its own. */
export class Minimap {
  private readonly context: CanvasRenderingContext2D;
  /** The circuit without the frame, and what it shows. */
  private readonly picture = document.createElement('canvas');
  private stamp = '';
  private box: Box = {left: 0, top: 0, right: 1, bottom: 1};
  private request = 0;
  private isShown = true;
  private readonly stop = new AbortController();
  private readonly stopListening: (() => void)[];

  constructor(
    private readonly element: HTMLCanvasElement,
    private readonly canvas: CanvasView,
  ) {
    this.context = element.getContext('2d')!;
    const redraw = () => this.redraw();
    this.stopListening = (['camera', 'view', 'move', 'resize', 'select', 'theme'] as const).map(name => canvas.on(name, redraw));
    const {signal} = this.stop;
    element.addEventListener('pointerdown', event => this.go(event), {signal});
    element.addEventListener('pointermove', event => event.buttons === 1 && this.go(event), {signal});
    redraw();
  }

  /** One that is not shown draws nothing. */
  show(isShown: boolean): void {
    this.isShown = isShown;
    this.redraw();
  }

  redraw(): void {
    if (this.isShown && this.request === 0) this.request = requestAnimationFrame(() => this.draw());
  }

  destroy(): void {
    cancelAnimationFrame(this.request);
    this.stop.abort();
    for (const stop of this.stopListening) stop();
  }

  private draw(): void {
    this.request = 0;
    const {element, context, canvas} = this;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(element.clientWidth * ratio);
    const height = Math.round(element.clientHeight * ratio);
    if (width === 0 || height === 0) return;
    if (element.width !== width || element.height !== height) Object.assign(element, {width, height});
    const scene = canvas.scene();
    const stamp = [scene.serial, scene.version, width, height, canvas.currentTheme().name, canvas.marks.version].join('|');
    if (stamp !== this.stamp) {
      this.stamp = stamp;
      this.drawPicture(width, height, ratio);
    }
    context.clearRect(0, 0, width, height);
    context.drawImage(this.picture, 0, 0);
    const seen = canvas.camera.visible();
    const [left, top] = this.toPixels(seen.left, seen.top);
    const [right, bottom] = this.toPixels(seen.right, seen.bottom);
    context.strokeStyle = css(canvas.currentTheme().accent, 0.9);
    context.fillStyle = css(canvas.currentTheme().accent, 0.07);
    context.lineWidth = ratio;
    context.beginPath();
    context.roundRect(left, top, right - left, bottom - top, 3 * ratio);
    context.fill();
    context.stroke();
  }

  private drawPicture(width: number, height: number, ratio: number): void {
    const scene = this.canvas.scene();
    const theme = this.canvas.currentTheme();
    Object.assign(this.picture, {width, height});
    this.box = joinBoxes(scene.bounds(), {left: -1, top: -1, right: 1, bottom: 1});
    const context = this.picture.getContext('2d')!;
    const [marked, neuron, other] = [theme.accent, theme.outlineStrong, theme.textSoft].map(color => css(color, 0.85)) as [
      string,
      string,
      string,
    ];
    const step = Math.ceil(scene.nodes.length / mostNodes);
    let before = '';
    const scale = this.scale(width, height);
    for (let number = 0; number < scene.nodes.length; number += step) {
      const node = scene.nodes[number]!;
      const [x, y] = this.toPixels(node.x, node.y);
      const halfWidth = Math.max((node.width / 2) * scale, 0.6 * ratio);
      const halfHeight = Math.max((node.height / 2) * scale, 0.6 * ratio);
      const style = this.canvas.marks.selectedNodes.has(number) ? marked : node.view.kind === 'neuron' ? neuron : other;
      if (style !== before) context.fillStyle = before = style;
      if (halfWidth < 1.5 * ratio) {
        context.fillRect(x - halfWidth, y - halfHeight, 2 * halfWidth, 2 * halfHeight);
        continue;
      }
      context.beginPath();
      if (node.round) context.arc(x, y, halfWidth, 0, 2 * Math.PI);
      else context.roundRect(x - halfWidth, y - halfHeight, 2 * halfWidth, 2 * halfHeight, Math.min(2 * ratio, halfWidth));
      context.fill();
    }
  }

  private go(event: PointerEvent): void {
    const ratio = window.devicePixelRatio || 1;
    const bounds = this.element.getBoundingClientRect();
    const scale = this.scale(this.element.width, this.element.height);
    const x = ((event.clientX - bounds.left) * ratio - this.element.width / 2) / scale + (this.box.left + this.box.right) / 2;
    const y = ((event.clientY - bounds.top) * ratio - this.element.height / 2) / scale + (this.box.top + this.box.bottom) / 2;
    this.canvas.glideTo({x, y, zoom: this.canvas.camera.zoom}, event.type === 'pointerdown');
  }

  /** Pixels per world unit. */
  private scale(width: number, height: number): number {
    const {left, right, top, bottom} = this.box;
    return Math.min((width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top));
  }

  private toPixels(x: number, y: number): [number, number] {
    const {width, height} = this.element;
    const scale = this.scale(width, height);
    return [
      (x - (this.box.left + this.box.right) / 2) * scale + width / 2,
      (y - (this.box.top + this.box.bottom) / 2) * scale + height / 2,
    ];
  }
}
