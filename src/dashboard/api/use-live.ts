import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { LiveFeed } from './live.js';
import type { Live } from './live-state.js';
import type { Wanted } from './wanted.js';

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

/** Has a part of each cycle pushed along, for as long as the component is in the page. */
export function useWanted<Part extends keyof Wanted>(part: Part, wanted: Wanted[Part]): void {
  const feed = useLiveFeed();
  const text = JSON.stringify(wanted);
  useEffect(() => feed.want(part, JSON.parse(text) as Wanted[Part]), [feed, part, text]);
}
