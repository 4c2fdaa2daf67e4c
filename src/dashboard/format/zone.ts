import { useSyncExternalStore } from 'react';
import type { Zone } from './moment-text.js';

const KEY = 'dynamics.zone';
const listeners = new Set<() => void>();

/** As it was chosen on this machine; local where it was not. */
function chosenZone(): Zone {
  return localStorage.getItem(KEY) === 'utc' ? 'utc' : 'local';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another tab of this page.
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** The zone that every moment of the page is shown in. */
export function useZone(): Zone {
  return useSyncExternalStore(subscribe, chosenZone);
}

/** Chooses the zone, for all of the page, on this machine. */
export function setZone(zone: Zone): void {
  localStorage.setItem(KEY, zone);
  for (const listener of listeners) listener();
}
