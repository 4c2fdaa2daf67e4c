import { AddressRule, readPrivateAddresses } from '../../src/alerts/channels/address-rule.js';
import { readChannels, type ChannelInput } from '../../src/alerts/channels/channel-input.js';
import type { ChannelRecord } from '../../src/alerts/channels/channel.js';
import type { FiringMessage } from '../../src/alerts/channels/message.js';
import { SecretSeal } from '../../src/alerts/channels/secret-seal.js';
import { isFault } from '../../src/domain/series/fault.js';
import { NOON } from './clock.js';
import { API_SECRET_KEY } from './secrets.js';
import { SIGNING_KEY } from './webhooks.js';

export const testSeal = new SecretSeal(API_SECRET_KEY);

/** The rule of addresses under a setting. */
export function addressRule(setting = '127.0.0.1'): AddressRule {
  const read = readPrivateAddresses(setting);
  if (isFault(read)) throw new Error(read.words);
  return new AddressRule(read);
}

/** A channel as a user would make it. */
export function channelOf(input: ChannelInput, setting?: string): ChannelRecord {
  const reading = { stored: [], seal: testSeal, addresses: addressRule(setting) };
  const read = readChannels([input], reading);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.channels[0] as ChannelRecord;
}

export function webhookTo(url: string, name = 'hook'): ChannelRecord {
  return channelOf({ kind: 'WEBHOOK', name, url, token: SIGNING_KEY });
}

/** A firing that is told. */
export function firing(turn = 1, changes: Partial<FiringMessage> = {}): FiringMessage {
  return {
    kind: 'FIRING',
    id: `firing-${turn}`,
    at: NOON,
    alert: { id: 'alert-1', name: 'BTC above 60k', version: 2 },
    line: 'BTC/USDT',
    condition: 'is above 60000',
    value: 60_123.4,
    unit: 'USDT',
    turn,
    ...changes,
  };
}
