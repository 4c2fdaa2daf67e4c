import { useSyncExternalStore } from 'react';

/** A list that this browser remembers, the same in all its tabs. */
interface StoredList<T> {
  /** As it is now. */
  readonly get: () => readonly T[];
  readonly set: (items: readonly T[]) => void;
  readonly use: () => readonly T[];
}

/**
 * A list in localStorage.
 * @param isItem whether what was found there is one: what is not, is left out
 */
export function storedList<T>(key: string, isItem: (value: unknown) => value is T): StoredList<T> {
  const listeners = new Set<() => void>();
  let known: { readonly text: string | null; readonly items: readonly T[] } | null = null;
  const get = (): readonly T[] => {
    const text = localStorage.getItem(key);
    if (known?.text !== text) known = { text, items: parse(text, isItem) };
    return known.items;
  };
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  window.addEventListener('storage', (event) => {
    if (event.key === key || event.key === null) tell();
  });
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get,
    set(items) {
      if (items.length === 0) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(items));
      tell();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}

function parse<T>(text: string | null, isItem: (value: unknown) => value is T): readonly T[] {
  try {
    const items: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(items) ? items.filter(isItem) : [];
  } catch {
    return [];
  }
}
