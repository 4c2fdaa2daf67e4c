import { randomUUID } from 'node:crypto';
import { unlessAway } from '../../history/database-unavailable.js';
import type { AddressRule } from './address-rule.js';
import type { ChannelBook, OwnedChannel } from './channel-book.js';
import { readChannels, type ChannelInput, type ReadChannels } from './channel-input.js';
import type { ChannelStandings } from './channel-standings.js';
import type { ChannelRecord, ChannelState } from './channel.js';
import type { SecretSeal } from './secret-seal.js';
import type { Sender, Sent } from './sender.js';

/** So many channels are named that are off. */
const MOST_NAMED = 20;

interface ChannelsOptions {
  readonly book: ChannelBook;
  readonly standings: ChannelStandings;
  readonly sender: Pick<Sender, 'send'>;
  readonly seal: SecretSeal;
  readonly addresses: AddressRule;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What users do with channels. */
export class Channels {
  readonly #options: ChannelsOptions;

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  /** What an operator should know, in words. */
  get warnings(): string[] {
    const off = [...this.#options.book.channels().values()].filter(
      ({ channel }) => !this.stateOf(channel).enabled,
    );
    const words = off.slice(0, MOST_NAMED).map((owned) => this.#wordsOf(owned));
    const more = off.length - words.length;
    return more > 0 ? [...words, `${more} more channels of alerts are off.`] : words;
  }

  /** Those that were switched off, since when, and what was the matter, in words. */
  get dead(): { channel: string; since: number; words: string }[] {
    const { book, standings } = this.#options;
    const dead = [];
    for (const { channel: id, problem, offSince } of standings.failing) {
      const owned = problem === null ? undefined : book.channels().get(id);
      if (owned) dead.push({ channel: id, since: offSince ?? 0, words: this.#wordsOf(owned) });
    }
    return dead;
  }

  /** Reads how the channels stand. @throws {DatabaseUnavailableError} */
  refresh(): Promise<void> {
    return this.#options.standings.refresh();
  }

  read(inputs: readonly ChannelInput[], stored: readonly ChannelRecord[]): ReadChannels {
    const { seal, addresses } = this.#options;
    return readChannels(inputs, { stored, seal, addresses });
  }

  stateOf(channel: ChannelRecord): ChannelState {
    return this.#options.standings.stateOf(channel);
  }

  /** Has channels that failed begin anew, those that are off too. */
  async revive(channels: readonly ChannelRecord[]): Promise<void> {
    for (const { id } of channels) await this.#options.standings.renew(id);
  }

  /** Sends a message for a test, once and now. One that arrives turns the channel on again. */
  async test({ channel, alert }: OwnedChannel, ended: AbortSignal): Promise<Sent> {
    const { sender, standings, now } = this.#options;
    const message = { kind: 'TEST', id: `test-${randomUUID()}`, at: now(), alert } as const;
    const sent = await sender.send(channel, message, ended);
    if (sent.outcome === 'DELIVERED') {
      await unlessAway(standings.renew(channel.id), () => undefined);
    }
    return sent;
  }

  #wordsOf({ channel, alert }: OwnedChannel): string {
    const { problem } = this.stateOf(channel);
    const name = `The channel ${channel.name} (${channel.kind}, ${channel.target}) of the alert ${alert.name} is off`;
    if (problem === 'SECRET_UNREADABLE') {
      return `${name}: its secret was stored under another key. Set that as ALERT_SECRET_KEY, or give the channel its secret anew.`;
    }
    const { words, offSince } = this.#options.standings.of(channel.id);
    const since = new Date(offSince ?? 0).toISOString();
    return `${name} since ${since}: it ${words}. A test that arrives, or giving it anew, turns it on.`;
  }
}
