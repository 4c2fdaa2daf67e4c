/** A text that this browser remembers, the same in all its tabs. */
interface StoredText {
  /** Null where there is none. */
  readonly get: () => string | null;
  /** Null forgets it. */
  readonly set: (text: string | null) => void;
  /** Hears that it may have changed, in whichever tab. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A text in localStorage. */
export function storedText(key: string): StoredText {
  const listeners = new Set<() => void>();
  return {
    get: () => localStorage.getItem(key),
    set(text) {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      window.addEventListener('storage', listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener('storage', listener);
      };
    },
  };
}
