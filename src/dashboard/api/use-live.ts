import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveFeed } from './live.js';
import type { Live } from './live-state.js';

export const LiveFeedContext = createContext<LiveFeed | null>(null);

export function useLiveFeed(): LiveFeed {
  const feed = useContext(LiveFeedContext);
  if (!feed) throw new Error('there is no live feed around this component');
  return feed;
}

/** What the live feed knows now. */
export function useLive(): Live {
  const feed = useLiveFeed();
  return useSyncExternalStore(feed.subscribe, feed.snapshot);
}
