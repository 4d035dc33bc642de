// The host as a worker, fed by messages. It fetches the module that lies beside it.
import type {MakeRenderer} from './drawing';
import {EngineHost} from './host';
import type {CallMessage} from './protocol';

async function compile(): Promise<WebAssembly.Module> {
  const url = new URL('../generated/flux.wasm', import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the engine could not be loaded (${response.status})`);
  // A server that calls the module something else than application/wasm gets no streaming.
  return WebAssembly.compile(await response.arrayBuffer());
}

export type {MakeRenderer, Renderer, SimulationBuffers} from './drawing';

/** Answers the messages of this worker. `makeRenderer`: draws networks that run on a GPU. */
export function serve(makeRenderer?: MakeRenderer): void {
  // A message to oneself comes after those that wait already; a timeout of 0 would come 4 ms later.
  const channel = new MessageChannel();
  let next: (() => void) | undefined;
  channel.port2.onmessage = () => next?.();
  const yieldTo = (callback: () => void) => {
    next = callback;
    channel.port1.postMessage(0);
  };
  const host = new EngineHost(compile(), (message, transfer) => self.postMessage(message, {transfer}), yieldTo, makeRenderer);
  self.onmessage = (event: MessageEvent<CallMessage>) => void host.receive(event.data);
}
