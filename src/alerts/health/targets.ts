import type { ChannelRecord, ChannelSecret } from '../channels/channel.js';
import type { SecretSeal } from '../channels/secret-seal.js';
import type { StoredVersion } from '../rule-store.js';

/**
 * The channels through which all is told that is of no rule: those of all rules that are enabled, each
 * place once, though several rules may have it.
 */
export function targetsOf(
  rules: readonly StoredVersion[],
  seal: Pick<SecretSeal, 'open'>,
): ChannelRecord[] {
  const places = new Map<string, ChannelRecord>();
  for (const { isEnabled, channels } of rules) {
    for (const channel of isEnabled ? channels : []) {
      const secret = seal.open(channel);
      const place = secret && placeOf(secret);
      if (place !== null && !places.has(place)) places.set(place, channel);
    }
  }
  return [...places.values()];
}

/** What signs is no part of it: one receiver is told once. */
function placeOf(secret: ChannelSecret): string {
  return secret.kind === 'TELEGRAM'
    ? `${secret.url} ${secret.token} ${secret.chat}`
    : `${secret.kind} ${secret.url}`;
}
