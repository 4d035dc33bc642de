// The package as tests in a page use it.
import {createEngine as create, type WorkerClient} from '../src/index';

export * from '../src/index';

export function createEngine(): WorkerClient {
  return create(() => new Worker(new URL('./worker.ts', import.meta.url), {type: 'module'}));
}
