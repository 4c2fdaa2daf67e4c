import { useSyncExternalStore } from 'react';
import { storedText } from '../stored-text.js';
import type { Zone } from './moment-text.js';

const stored = storedText('dynamics.zone');

/** As it was chosen on this machine; local where it was not. */
function chosenZone(): Zone {
  return stored.get() === 'utc' ? 'utc' : 'local';
}

/** The zone that every moment of the page is shown in. */
export function useZone(): Zone {
  return useSyncExternalStore(stored.subscribe, chosenZone);
}

/** Chooses the zone, for all of the page, on this machine. */
export function setZone(zone: Zone): void {
  stored.set(zone);
}
