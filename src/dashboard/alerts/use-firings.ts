import { createContext, useContext, useSyncExternalStore } from 'react';
import type { FiringFeed } from './firing-feed.js';
import type { Firing, Firings } from './firings.js';
import { seenFiring } from './seen.js';
import { unseenOf } from './unseen.js';

export const FiringFeedContext = createContext<FiringFeed | null>(null);

export function useFiringFeed(): FiringFeed {
  const feed = useContext(FiringFeedContext);
  if (!feed) throw new Error('there is no feed of firings around this component');
  return feed;
}

/** What is known of what rules have fired, as it comes. */
export function useFirings(): Firings {
  const feed = useFiringFeed();
  return useSyncExternalStore(feed.subscribe, feed.snapshot);
}

/** How many firings there are that this browser has not shown yet. */
export function useUnseenFirings(): number {
  const { newest } = useFirings();
  const seen = useSyncExternalStore(seenFiring.subscribe, seenFiring.get);
  return unseenOf(newest ?? NONE, seen).length;
}

const NONE: readonly Firing[] = [];
