import type { Firing } from './firing-feed.js';

const KEY = 'dynamics.firings.seen';

/** The newest firing that was shown: its place in the list. */
interface Seen {
  readonly id: string;
  readonly turn: number;
}

const listeners = new Set<() => void>();
let known: { readonly text: string | null; readonly seen: Seen | null } = {
  text: null,
  seen: null,
};

/** Which firing was shown last, in whichever tab of this browser. */
export const seenFiring = {
  get(): Seen | null {
    const text = localStorage.getItem(KEY);
    if (text !== known.text) known = { text, seen: parse(text) };
    return known.seen;
  },

  set({ id, turn }: Seen): void {
    localStorage.setItem(KEY, JSON.stringify({ id, turn }));
    for (const listener of listeners) listener();
  },

  subscribe(listener: () => void): () => void {
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

/**
 * Those of a list that are newer than the one that was shown last.
 * @param newest the newest first
 */
export function unseenOf(newest: readonly Firing[], seen: Seen | null): readonly Firing[] {
  if (seen === null) return newest;
  const at = newest.findIndex(({ id }) => id === seen.id);
  if (at >= 0) return newest.slice(0, at);
  return newest.filter(({ turn }) => turn > seen.turn);
}
