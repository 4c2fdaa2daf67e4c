import type { ChannelRecord } from './channel.js';

/** A channel, and the rule that it belongs to. */
export interface OwnedChannel {
  readonly channel: ChannelRecord;
  readonly alert: { readonly id: string; readonly name: string };
}

/** All channels of all rules, by their ids, as they were last known. */
export interface ChannelBook {
  /** Null before anything was read. */
  channels(): ReadonlyMap<string, OwnedChannel> | null;
}
