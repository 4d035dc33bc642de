import {createEngine, type WorkerClient} from '@flux/engine';

/** An engine in a worker of its own, which can draw too. */
export function startEngine(): WorkerClient {
  return createEngine(() => new Worker(new URL('./engineWorker.ts', import.meta.url), {type: 'module'}));
}
