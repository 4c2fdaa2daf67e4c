const KEY = 'dynamics.token';

const listeners = new Set<() => void>();

/** The access token of this browser tab: it is gone when the tab is closed. */
export const token = {
  get(): string | null {
    return sessionStorage.getItem(KEY);
  },

  /** @param value null forgets it */
  set(value: string | null): void {
    if (value === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, value);
    for (const listener of listeners) listener();
  },

  /** The header, and the connection parameter, that carries it. */
  headers(): Record<string, string> {
    const value = token.get();
    return value === null ? {} : { authorization: `Bearer ${value}` };
  },

  onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
