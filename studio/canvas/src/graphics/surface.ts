import type {Graphics, GraphicsName} from './graphics';
import {RemoteGraphics} from './remote';
import {SoftwareGraphics} from './software/software';
import {WebGl2Graphics} from './webgl2';
import {WebGpuGraphics} from './webgpu';

export interface SurfaceEvents {
  /** Graphics are there, for the first time or again: everything has to be set up and drawn. */
  opened(graphics: Graphics): void;
  lost(): void;
  /** A worker has drawn a frame. */
  drawn(): void;
  failed(error: Error): void;
}

/** Hands a canvas to a worker that draws on it; a `RemoteRenderer` answers at the port. False: the worker cannot. */
export type Connect = (canvas: OffscreenCanvas, port: MessagePort) => Promise<boolean>;

const missing = 'This browser gives no canvas to draw on.';

/**
 * A canvas element and what draws on it: WebGPU or WebGL2 where a graphics card does the work, else the processor. What is lost is opened again. A worker may draw for a while, on a canvas laid over this one.
 */
export class Surface {
  graphics: Graphics | null = null;
  /** The canvas itself, or one laid over it: a canvas that WebGPU has drawn on can never have WebGL2. */
  element: HTMLCanvasElement;
  private readonly stop = new AbortController();
  /** What draws here when no worker does. */
  private own: Graphics | null = null;
  private ownElement: HTMLCanvasElement;
  private remote: RemoteGraphics | null = null;
  private remoteSize = {width: 0, height: 0};

  /** `wanted` overrules the choice, and takes WebGPU in software too. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly wanted: GraphicsName | undefined,
    private readonly events: SurfaceEvents,
  ) {
    this.element = canvas;
    this.ownElement = canvas;
  }

  /** Opens at once, and throws when there is nothing to draw with, unless WebGPU may be had: then later, with an event. */
  open(): void {
    // Where WebGL is emulated WebGPU would be, too: asking for it would only delay the first picture.
    if (navigator.gpu && (this.wanted === 'webgpu' || (this.wanted === undefined && hasGraphicsCard()))) void this.openLater();
    else this.openOther();
  }

  destroy(): void {
    this.stop.abort();
    this.remote?.destroy();
    this.own?.destroy();
    this.graphics = null;
    for (const element of [this.element, this.ownElement]) if (element !== this.canvas) element.remove();
  }

  /** Lets a worker draw, until it ends or `drawHere` is called. Resolves to whether it does. */
  async drawElsewhere(connect: Connect): Promise<boolean> {
    const element = this.coverElement();
    const {port1, port2} = new MessageChannel();
    const connected = await connect(element.transferControlToOffscreen(), port2).catch(() => false);
    if (!connected || this.stop.signal.aborted || this.remote) {
      port1.postMessage({kind: 'end'});
      element.remove();
      return false;
    }
    this.remote = new RemoteGraphics(
      port1,
      () => this.drawHere(),
      () => this.events.drawn(),
    );
    this.element = element;
    this.graphics = this.remote;
    this.place();
    this.events.opened(this.remote);
    return true;
  }

  /** Draws as before a worker did. */
  drawHere(): void {
    if (!this.remote) return;
    this.remote.destroy();
    this.remote = null;
    this.element.remove();
    this.element = this.ownElement;
    this.graphics = this.own;
    if (this.own) this.events.opened(this.own);
  }

  /** In device pixels. Returns whether the canvas was emptied. */
  resize(width: number, height: number, pixelRatio: number): boolean {
    const {element, graphics} = this;
    const before = this.remote ? this.remoteSize : element;
    const changes = before.width !== width || before.height !== height;
    this.remoteSize = {width, height};
    // Of a canvas that was given away the worker sets the size.
    if (changes && !this.remote) Object.assign(element, {width, height});
    this.place();
    graphics?.resize(width, height, pixelRatio);
    return changes;
  }

  /** What is on the canvas, as a PNG file; where this page draws, only until the browser has shown it. */
  picture(): Promise<Blob | null> {
    if (this.remote) return this.remote.picture();
    return new Promise(resolve => this.element.toBlob(resolve, 'image/png'));
  }

  private async openLater(): Promise<void> {
    try {
      const graphics = await openWebGpu(this.canvas, this.wanted === 'webgpu');
      if (this.stop.signal.aborted) graphics?.destroy();
      else if (graphics) this.use(graphics);
      else this.openOther();
    } catch (error) {
      this.events.failed(error as Error);
    }
  }

  /** Without WebGPU. */
  private openOther(): void {
    const wanted = this.wanted === 'webgl2' || (this.wanted !== 'software' && hasGraphicsCard()) ? WebGl2Graphics : SoftwareGraphics;
    const graphics = wanted.create(this.canvas) ?? wanted.create(this.cover()) ?? SoftwareGraphics.create(this.cover());
    if (!graphics) throw new Error(missing);
    this.use(graphics);
  }

  private use(graphics: Graphics): void {
    this.own = graphics;
    const {signal} = this.stop;
    if (graphics instanceof WebGpuGraphics) {
      void graphics.whenLost.then(() => {
        this.lose();
        this.open();
      });
    } else if (graphics instanceof WebGl2Graphics) {
      const element = this.ownElement;
      element.addEventListener('webglcontextlost', event => this.lose(event), {signal, once: true});
      element.addEventListener('webglcontextrestored', () => this.use(WebGl2Graphics.create(element)!), {signal, once: true});
    }
    if (this.remote) return;
    this.graphics = graphics;
    this.events.opened(graphics);
  }

  private lose(event?: Event): void {
    event?.preventDefault();
    this.own = null;
    if (this.remote) return;
    this.graphics = null;
    this.events.lost();
  }

  /** From now on an own canvas over the first one. */
  private cover(): HTMLCanvasElement {
    this.ownElement = this.coverElement();
    if (!this.remote) this.element = this.ownElement;
    this.place();
    return this.ownElement;
  }

  /** Another canvas in the same place, through which the pointer still reaches the first. */
  private coverElement(): HTMLCanvasElement {
    const {canvas} = this;
    const element = document.createElement('canvas');
    element.width = canvas.width;
    element.height = canvas.height;
    element.style.cssText = 'position: absolute; pointer-events: none';
    this.element.after(element);
    return element;
  }

  /** Lays the other canvases over the first. */
  place(): void {
    const {offsetLeft, offsetTop, clientWidth, clientHeight} = this.canvas;
    for (const element of [this.element, this.ownElement]) {
      if (element === this.canvas) continue;
      Object.assign(element.style, {
        left: `${offsetLeft}px`,
        top: `${offsetTop}px`,
        width: `${clientWidth}px`,
        height: `${clientHeight}px`,
      });
    }
  }
}

let card: boolean | undefined;

/** Whether WebGL2 is there and is not emulated: a processor draws faster by itself. */
function hasGraphicsCard(): boolean {
  if (card !== undefined) return card;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', {failIfMajorPerformanceCaveat: true});
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = gl ? String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  card = gl !== null && !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
  return card;
}

/** Null where there is no device, or only one in software and `software` is false. */
async function openWebGpu(canvas: HTMLCanvasElement, software: boolean): Promise<WebGpuGraphics | null> {
  try {
    const adapter = await navigator.gpu.requestAdapter({powerPreference: 'high-performance'});
    if (!adapter || (adapter.info.isFallbackAdapter && !software)) return null;
    return await WebGpuGraphics.create(canvas, await adapter.requestDevice());
  } catch (error) {
    // A device that fails here would fail again: WebGL2 draws instead.
    console.warn('WebGPU cannot draw here:', error);
    return null;
  }
}
