import type { ChannelRecord, ChannelSecret } from '../channels/channel.js';
import type { SecretSeal } from '../channels/secret-seal.js';
import type { StoredVersion } from '../rule-store.js';

interface TargetsOptions {
  readonly book: {
    /** Another number once the rules are others. */
    readonly changes: number;
    readonly current: readonly Pick<StoredVersion, 'isEnabled' | 'channels'>[];
  };
  readonly seal: Pick<SecretSeal, 'open'>;
  readonly isEnabled: (channel: ChannelRecord) => boolean;
}

/**
 * The channels through which all is told that is of no rule: those of all rules that are enabled, each
 * place once, though several rules may have it.
 */
export class Targets {
  readonly #options: TargetsOptions;
  /** The channels of each place: secrets are opened once, of which there may be thousands. */
  #places: readonly (readonly ChannelRecord[])[] = [];
  #changes = 0;

  constructor(options: TargetsOptions) {
    this.#options = options;
  }

  /** Without those that are off. */
  get all(): readonly ChannelRecord[] {
    const { book, isEnabled } = this.#options;
    const { changes } = book;
    if (changes !== this.#changes) this.#places = this.#read();
    this.#changes = changes;
    return this.#places.flatMap((channels) => channels.find(isEnabled) ?? []);
  }

  #read(): readonly (readonly ChannelRecord[])[] {
    const { book, seal } = this.#options;
    const places = new Map<string, ChannelRecord[]>();
    for (const channel of book.current.flatMap((rule) => (rule.isEnabled ? rule.channels : []))) {
      const secret = seal.open(channel);
      if (secret === null) continue;
      const place = placeOf(secret);
      const channels = places.get(place);
      if (channels) channels.push(channel);
      else places.set(place, [channel]);
    }
    return [...places.values()];
  }
}

/** What signs is no part of it: one receiver is told once. */
function placeOf(secret: ChannelSecret): string {
  return secret.kind === 'TELEGRAM'
    ? `${secret.url} ${secret.token} ${secret.chat}`
    : `${secret.kind} ${secret.url}`;
}
