import { storedText } from '../stored-text.js';
import type { Seen } from './unseen.js';

const stored = storedText('dynamics.firings.seen');
let known: { readonly text: string | null; readonly seen: Seen | null } = {
  text: null,
  seen: null,
};

/** Which firing was shown last, in whichever tab of this browser. */
export const seenFiring = {
  get: (): Seen | null => {
    const text = stored.get();
    if (text !== known.text) known = { text, seen: parse(text) };
    return known.seen;
  },

  set({ id, turn }: Seen): void {
    stored.set(JSON.stringify({ id, turn }));
  },

  subscribe: stored.subscribe,
};

function parse(text: string | null): Seen | null {
  try {
    const { id, turn } = JSON.parse(text ?? '{}') as Partial<Seen>;
    return typeof id === 'string' && typeof turn === 'number' ? { id, turn } : null;
  } catch {
    return null;
  }
}
