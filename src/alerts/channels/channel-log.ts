import type { Logger } from '../../log.js';
import type { OwnedChannel } from './channel-book.js';
import type { ChannelStanding } from './delivery-store.js';

/** @param lost how many messages were given up with it */
export function logOff(
  log: Logger,
  owned: OwnedChannel,
  { problem, words }: ChannelStanding,
  lost: number,
): void {
  log.warn({ code: 'CHANNEL_OFF', problem, lost, ...named(owned) }, `a channel is off: ${words}`);
}

/** Each failure would fill the log: the first and what lasts are of interest. */
export function logFailure(
  log: Logger,
  owned: OwnedChannel,
  { failures, words }: ChannelStanding,
): void {
  if (failures !== 1 && failures % 10 !== 0) return;
  const about = { code: 'CHANNEL_FAILS', failures, ...named(owned) };
  log.warn(about, `a channel could not be told something: ${words}`);
}

function named({ channel, alert }: OwnedChannel) {
  const { id, kind, name, target } = channel;
  return { alert: alert.id, channel: id, kind, name, target };
}
