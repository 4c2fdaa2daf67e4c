import type { RuleBook } from '../rule-book.js';
import type { ChannelRecord } from './channel.js';

/** A channel, and the rule that it belongs to. */
export interface OwnedChannel {
  readonly channel: ChannelRecord;
  readonly alert: { readonly id: string; readonly name: string };
}

/** All channels of all rules. */
export interface ChannelBook {
  /** Reads what was changed since. @throws {DatabaseUnavailableError} */
  refresh(): Promise<void>;
  /** By their ids, as they were last known. */
  channels(): ReadonlyMap<string, OwnedChannel>;
}

/** The channels of the rules as they are. */
export class RuleChannels implements ChannelBook {
  readonly #rules: Pick<RuleBook, 'refresh' | 'current' | 'changes'>;
  #known: ReadonlyMap<string, OwnedChannel> = new Map();
  #changes = 0;

  constructor(rules: Pick<RuleBook, 'refresh' | 'current' | 'changes'>) {
    this.#rules = rules;
  }

  refresh(): Promise<void> {
    return this.#rules.refresh();
  }

  channels(): ReadonlyMap<string, OwnedChannel> {
    const { changes } = this.#rules;
    if (changes === this.#changes) return this.#known;
    const owned = this.#rules.current.flatMap(({ rule: id, name, channels }) =>
      channels.map((channel) => [channel.id, { channel, alert: { id, name } }] as const),
    );
    this.#known = new Map(owned);
    this.#changes = changes;
    return this.#known;
  }
}
