import type {Box, Point} from './elements';

export const minZoom = 0.004;
export const maxZoom = 40;

/** What part of the world the canvas shows: (x, y) is the world point in the middle, zoom is CSS pixels per world unit. */
export class Camera {
  x = 0;
  y = 0;
  zoom = 1;
  /** Of the canvas, in CSS pixels. */
  width = 1;
  height = 1;

  toWorld(screen: Point): Point {
    return {x: this.x + (screen.x - this.width / 2) / this.zoom, y: this.y + (screen.y - this.height / 2) / this.zoom};
  }

  toScreen(world: Point): Point {
    return {x: (world.x - this.x) * this.zoom + this.width / 2, y: (world.y - this.y) * this.zoom + this.height / 2};
  }

  panBy(screenX: number, screenY: number): void {
    this.x -= screenX / this.zoom;
    this.y -= screenY / this.zoom;
  }

  /** The world point under `screen` stays where it is. */
  zoomAt(screen: Point, factor: number): void {
    const before = this.toWorld(screen);
    this.zoom = clampZoom(this.zoom * factor);
    const after = this.toWorld(screen);
    this.x += before.x - after.x;
    this.y += before.y - after.y;
  }

  visible(marginPixels = 0): Box {
    const halfWidth = (this.width / 2 + marginPixels) / this.zoom;
    const halfHeight = (this.height / 2 + marginPixels) / this.zoom;
    return {left: this.x - halfWidth, top: this.y - halfHeight, right: this.x + halfWidth, bottom: this.y + halfHeight};
  }

  /** Where the camera has to be for the box to fill the canvas but for a margin and what is covered at its top and bottom, in CSS pixels. */
  placeFor(box: Box, marginPixels: number, highestZoom: number, [top, bottom] = [0, 0]): {x: number; y: number; zoom: number} {
    const coveredTop = Math.min(top, this.height / 4);
    const coveredBottom = Math.min(bottom, this.height / 4);
    const width = Math.max(box.right - box.left, 1e-3);
    const height = Math.max(box.bottom - box.top, 1e-3);
    const margin = Math.min(marginPixels, this.width / 5, this.height / 5);
    const zoom = Math.min((this.width - 2 * margin) / width, (this.height - coveredTop - coveredBottom - 2 * margin) / height, highestZoom);
    const clamped = clampZoom(zoom);
    return {x: (box.left + box.right) / 2, y: (box.top + box.bottom + (coveredBottom - coveredTop) / clamped) / 2, zoom: clamped};
  }
}

export function clampZoom(zoom: number): number {
  return Math.min(maxZoom, Math.max(minZoom, zoom));
}

/** A glide of the camera from where it is to another place; zoom moves on a logarithmic scale. */
export class CameraGlide {
  private readonly start: {x: number; y: number; zoom: number};

  constructor(
    private readonly camera: Camera,
    private readonly target: {x: number; y: number; zoom: number},
    private readonly startTime: number,
    private readonly milliseconds: number,
  ) {
    this.start = {x: camera.x, y: camera.y, zoom: camera.zoom};
  }

  /** false once the camera has arrived. */
  step(now: number): boolean {
    const part = this.milliseconds <= 0 ? 1 : Math.min(1, Math.max(0, (now - this.startTime) / this.milliseconds));
    const eased = 1 - (1 - part) ** 3;
    const {camera, start, target} = this;
    camera.zoom = start.zoom * (target.zoom / start.zoom) ** eased;
    // Positions move with the change of scale, so that the glide looks straight on the screen.
    const scaled =
      Math.abs(target.zoom - start.zoom) < 1e-9 * start.zoom
        ? eased
        : (1 / start.zoom - 1 / camera.zoom) / (1 / start.zoom - 1 / target.zoom);
    camera.x = start.x + (target.x - start.x) * scaled;
    camera.y = start.y + (target.y - start.y) * scaled;
    if (part < 1) return true;
    Object.assign(camera, target);
    return false;
  }
}
