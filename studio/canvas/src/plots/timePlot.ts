import {Plot, type PlotOptions} from './plot';
import type {TimeWindow} from './timeWindow';

/** A plot over time: wheel zooms at the pointer, dragging moves through time, a double click follows the present again. */
export abstract class TimePlot extends Plot {
  private drag: {x: number; y: number; moved: boolean} | null = null;
  private readonly stopFollowing: () => void;

  constructor(
    canvas: HTMLCanvasElement,
    protected readonly time: TimeWindow,
    options: PlotOptions = {},
  ) {
    super(canvas, options);
    this.stopFollowing = time.onChange(() => this.redraw());
    const {signal} = this.stop;
    canvas.addEventListener('wheel', event => this.wheel(event), {signal, passive: false});
    canvas.addEventListener('pointerdown', event => this.down(event), {signal});
    canvas.addEventListener('pointermove', event => this.move(event), {signal});
    canvas.addEventListener('pointerup', event => this.up(event), {signal});
    canvas.addEventListener('pointerleave', () => this.leave(), {signal});
    canvas.addEventListener('dblclick', () => time.show(time.latest, time.span), {signal});
  }

  override destroy(): void {
    this.stopFollowing();
    super.destroy();
  }

  /** CSS pixels. */
  protected xOf(tick: number): number {
    const {left, width} = this.area();
    return left + ((tick - this.time.from) / this.time.span) * width;
  }

  protected tickAt(x: number): number {
    const {left, width} = this.area();
    return this.time.from + ((x - left) / width) * this.time.span;
  }

  /** The pointer moved without dragging. */
  protected pointed(): void {}

  protected clicked(_x: number, _y: number): void {}

  /** A drag along the other axis, in CSS pixels. */
  protected panVertically(_pixels: number): void {}

  protected zoomVertically(_y: number, _factor: number): void {}

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const factor = Math.exp(Math.max(-240, Math.min(240, event.deltaY)) * 0.0018);
    if (event.shiftKey) this.zoomVertically(event.offsetY, Math.exp(Math.max(-240, Math.min(240, event.deltaY || event.deltaX)) * 0.0018));
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.time.panBy((event.deltaX / this.area().width) * this.time.span);
    else this.time.zoomAt(this.tickAt(event.offsetX), factor);
    this.redraw();
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = {x: event.offsetX, y: event.offsetY, moved: false};
  }

  private move(event: PointerEvent): void {
    this.pointer = {x: event.offsetX, y: event.offsetY};
    if (this.drag) {
      const dx = event.offsetX - this.drag.x;
      const dy = event.offsetY - this.drag.y;
      if (!this.drag.moved && Math.hypot(dx, dy) < 4) return;
      this.drag = {x: event.offsetX, y: event.offsetY, moved: true};
      if (dx !== 0) this.time.panBy((-dx / this.area().width) * this.time.span);
      if (dy !== 0) this.panVertically(dy);
    } else this.pointed();
    this.redraw();
  }

  private up(event: PointerEvent): void {
    const {drag} = this;
    this.drag = null;
    if (drag && !drag.moved) this.clicked(event.offsetX, event.offsetY);
  }

  private leave(): void {
    this.pointer = null;
    this.pointed();
    this.redraw();
  }
}
