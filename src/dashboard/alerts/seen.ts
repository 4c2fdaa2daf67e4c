import type { Seen } from './unseen.js';

const KEY = 'dynamics.firings.seen';

const listeners = new Set<() => void>();
let known: { readonly text: string | null; readonly seen: Seen | null } = {
  text: null,
  seen: null,
};

/** Which firing was shown last, in whichever tab of this browser. */
export const seenFiring = {
  get: (): Seen | null => {
    const text = localStorage.getItem(KEY);
    if (text !== known.text) known = { text, seen: parse(text) };
    return known.seen;
  },

  set({ id, turn }: Seen): void {
    localStorage.setItem(KEY, JSON.stringify({ id, turn }));
    for (const listener of listeners) listener();
  },

  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    window.addEventListener('storage', listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener('storage', listener);
    };
  },
};

function parse(text: string | null): Seen | null {
  try {
    const { id, turn } = JSON.parse(text ?? '{}') as Partial<Seen>;
    return typeof id === 'string' && typeof turn === 'number' ? { id, turn } : null;
  } catch {
    return null;
  }
}
