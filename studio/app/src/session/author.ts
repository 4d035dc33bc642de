const storageKey = 'flux.author';

/** The name that comments and answers of this browser carry: the one that was last given. */
export function ownName(): string {
  return localStorage.getItem(storageKey) ?? '';
}

export function rememberName(name: string): void {
  localStorage.setItem(storageKey, name);
}
