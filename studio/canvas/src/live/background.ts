/** Milliseconds of work between two looks at what else the page has to do: beside a picture that runs, and where there is none yet. */
const slice = 6;
const longSlice = 24;

/** Runs work that is written as a generator, in short slices between the page's events, so that nothing waits for it. */
export class Background<Result> {
  private cancelled = false;
  readonly result: Promise<Result | null>;

  /** `isAwaited`: nothing is to be seen before it is done. */
  constructor(work: Generator<void, Result>, isAwaited = false) {
    this.result = this.run(work, isAwaited ? longSlice : slice);
  }

  /** The result becomes null. */
  cancel(): void {
    this.cancelled = true;
  }

  private async run(work: Generator<void, Result>, milliseconds: number): Promise<Result | null> {
    while (!this.cancelled) {
      const end = performance.now() + milliseconds;
      while (performance.now() < end) {
        const step = work.next();
        if (step.done) return step.value;
      }
      await nextTask();
    }
    return null;
  }
}

/** A task of its own, without the 4 milliseconds that timers wait. */
function nextTask(): Promise<void> {
  return new Promise(resolve => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
