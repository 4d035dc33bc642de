// Buffers that go to the page with a frame and come back: a running network makes no garbage.

const MOST_KEPT = 16;

export class BufferPool {
  private free: ArrayBuffer[] = [];

  /** A buffer of at least `bytes` bytes. */
  take(bytes: number): ArrayBuffer {
    let best = -1;
    for (let i = 0; i < this.free.length; ++i) {
      const size = this.free[i]!.byteLength;
      if (size >= bytes && size <= 4 * bytes + 4096 && (best < 0 || size < this.free[best]!.byteLength)) best = i;
    }
    if (best >= 0) return this.free.splice(best, 1)[0]!;
    return new ArrayBuffer(Math.max(1024, 2 ** Math.ceil(Math.log2(Math.max(1, bytes)))));
  }

  give(buffers: ArrayBuffer[]): void {
    this.free.push(...buffers.filter(buffer => buffer.byteLength > 0));
    if (this.free.length > MOST_KEPT) this.free.splice(0, this.free.length - MOST_KEPT);
  }
}
