import { useSyncExternalStore } from 'react';
import { storedText } from '../stored-text.js';

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
  const stored = storedText(key);
  let known: { readonly text: string | null; readonly items: readonly T[] } | null = null;
  const get = (): readonly T[] => {
    const text = stored.get();
    if (known?.text !== text) known = { text, items: parse(text, isItem) };
    return known.items;
  };
  return {
    get,
    set: (items) => stored.set(items.length === 0 ? null : JSON.stringify(items)),
    use: () => useSyncExternalStore(stored.subscribe, get),
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
