// The client with the engine's host in this process instead of a worker: the same messages, cloned as a worker's are.
import {readFileSync} from 'node:fs';
import {WorkerClient, type WorkerLike} from '../src/client';
import {EngineHost} from '../src/host';
import type {CallMessage, HostMessage} from '../src/protocol';

export const compiled = new WebAssembly.Module(readFileSync(new URL('../generated/flux.wasm', import.meta.url)));

export const exampleBytes = (name: string) => new Uint8Array(readFileSync(new URL(`../../../examples/${name}.json`, import.meta.url)));

class LocalWorker implements WorkerLike {
  onmessage: ((event: MessageEvent<HostMessage>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  private readonly channel = new MessageChannel();
  private readonly host = new EngineHost(
    Promise.resolve(compiled),
    (message, transfer) => this.channel.port2.postMessage(message, transfer),
    setImmediate,
  );

  constructor() {
    this.channel.port2.onmessage = event => void this.host.receive(event.data as CallMessage);
    this.channel.port1.onmessage = event => this.onmessage?.(event as MessageEvent<HostMessage>);
  }
  postMessage(message: unknown, transfer: Transferable[]): void {
    this.channel.port1.postMessage(message, transfer);
  }
  terminate(): void {
    this.channel.port1.close();
    this.channel.port2.close();
  }
}

export const localEngine = () => new WorkerClient(() => new LocalWorker());
