import { useEffect, useSyncExternalStore } from 'react';
import { formatMomentNear, useZone, type Zone } from '../format/moments.js';
import { storedText } from '../stored-text.js';
import type { Firing } from './firings.js';
import { useFiringFeed } from './use-firings.js';
import { conditionWords, lineWords, valueWords } from './words.js';

const stored = storedText('dynamics.notify');
/** Of firings that come at once, so many are told one by one. */
const AT_ONCE = 3;
const TOGETHER_MS = 500;

/**
 * Whether this browser tells of firings: it cannot (no notifications here, or no secure address), it
 * was told not to, or it does not until it is asked to.
 */
export type Notifying = 'UNABLE' | 'DENIED' | 'OFF' | 'ON';

function standing(): Notifying {
  if (!('Notification' in window) || !window.isSecureContext) return 'UNABLE';
  if (Notification.permission === 'denied') return 'DENIED';
  const isWanted = stored.get() === 'on';
  return isWanted && Notification.permission === 'granted' ? 'ON' : 'OFF';
}

export function useNotifying(): Notifying {
  return useSyncExternalStore(stored.subscribe, standing);
}

/** Asks the browser for its consent, which only a click may do. */
export async function beginNotifying(): Promise<void> {
  const answer = await Notification.requestPermission();
  // Also where it was refused, so that all who show how it stands look again.
  stored.set(answer === 'granted' ? 'on' : stored.get());
}

export function endNotifying(): void {
  stored.set(null);
}

/** Tells of each firing that comes while the page is open, whichever view is looked at. */
export function useNotifications(): void {
  const feed = useFiringFeed();
  const notifying = useNotifying();
  const zone = useZone();
  useEffect(() => {
    if (notifying !== 'ON') return;
    let waiting: Firing[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const tell = (): void => {
      timer = null;
      const firings = waiting;
      waiting = [];
      for (const firing of firings.slice(-AT_ONCE)) tellOne(firing, zone);
      const more = firings.length - AT_ONCE;
      if (more > 0) show(`${more} more alerts fired`, '', 'more');
    };
    const unhear = feed.hear((firing) => {
      waiting.push(firing);
      timer ??= setTimeout(tell, TOGETHER_MS);
    });
    return () => {
      unhear();
      if (timer !== null) clearTimeout(timer);
    };
  }, [feed, notifying, zone]);
}

function tellOne({ id, alert, value, turn, observedAt }: Firing, zone: Zone): void {
  const when = `${formatMomentNear(observedAt, Date.now(), zone)}, turn ${turn}`;
  if (!alert) return show('A deleted alert fired', when, id);
  const { line, condition, name } = alert;
  const body = `${lineWords(line)} ${conditionWords(condition, line)}: ${valueWords(line, value)}, ${when}`;
  show(name, body, id);
}

/** @param tag one of the same tag takes the place of another, as of several tabs */
function show(title: string, body: string, tag: string): void {
  try {
    const notification = new Notification(title, { body, tag });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // Browsers of phones have the class, and throw: there, notifications need an installed page.
    endNotifying();
  }
}
