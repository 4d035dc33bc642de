/** Frames should take no longer than this, in milliseconds; below the lower bound there is room for more. */
const slowFrame = 25;
const fastFrame = 19;

/**
 * How many passing effects (pulses, halos) a frame may have. Follows the time between frames: a machine without a graphics card gets fewer
 * of them, and the picture stays smooth.
 */
export class Pace {
  private share = 0.15;
  /** While a picture is drawn that is no frame: it gets all that a frame may have at most. */
  isFree = false;
  /** How many the last frame had. */
  used = 0;

  constructor(
    private readonly least: number,
    private readonly most: number,
  ) {}

  get budget(): number {
    return this.isFree ? this.most : Math.round(this.least + (this.most - this.least) * this.share);
  }

  /** Milliseconds since the frame before; only of frames that follow one another. */
  frame(interval: number): void {
    if (interval <= 0 || interval > 400) return;
    if (interval > slowFrame) this.share *= Math.max(0.4, slowFrame / interval);
    // A frame with room left in its budget does not tell what a full one takes.
    else if (interval < fastFrame && this.used >= 0.75 * this.budget) this.share = Math.min(1, this.share * 1.04 + 0.002);
  }
}
