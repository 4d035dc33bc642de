import {useSyncExternalStore} from 'react';

/** A value that is replaced as a whole and tells when. */
export class Store<T extends object> {
  private value: T;
  private readonly listeners = new Set<() => void>();

  constructor(initial: T) {
    this.value = initial;
  }

  get = (): T => this.value;

  set = (change: Partial<T> | ((value: T) => Partial<T>)): void => {
    const part = typeof change === 'function' ? change(this.value) : change;
    this.value = {...this.value, ...part};
    for (const listener of this.listeners) listener();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** What `select` takes from the store; the component draws anew when that changes. `select` must return stable values. */
export function useStore<T extends object, S>(store: Store<T>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
