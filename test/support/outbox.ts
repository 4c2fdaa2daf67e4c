import { onTestFinished } from 'vitest';
import type { OwnedChannel } from '../../src/alerts/channels/channel-book.js';
import { ChannelStandings } from '../../src/alerts/channels/channel-standings.js';
import type { ChannelRecord } from '../../src/alerts/channels/channel.js';
import { Deliverer } from '../../src/alerts/channels/deliverer.js';
import type { DeliveryStore } from '../../src/alerts/channels/delivery-store.js';
import { Outgoing } from '../../src/alerts/channels/outgoing.js';
import { SecretSeal } from '../../src/alerts/channels/secret-seal.js';
import { Sender } from '../../src/alerts/channels/sender.js';
import { plainLease } from '../../src/app/plain-lease.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { addressRule } from './alert-channels.js';
import type { ManualClock } from './clock.js';
import { keptLogger } from './logs.js';
import { API_SECRET_KEY } from './secrets.js';

interface Parts {
  readonly database: OpenDatabase;
  readonly clock: ManualClock;
  readonly channels: readonly ChannelRecord[];
  readonly instance?: string;
  readonly secret?: string;
  readonly attemptMs?: number;
  readonly change?: (store: DeliveryStore) => DeliveryStore;
}

/** What delivers on a database, as an instance has it; it ends with the test, if not before. */
export function startDelivery({
  database,
  clock,
  channels,
  instance = 'one',
  secret = API_SECRET_KEY,
  attemptMs = 60_000,
  change = (store) => store,
}: Parts) {
  const lines: string[] = [];
  const log = keptLogger((line) => lines.push(line));
  const seal = new SecretSeal(secret);
  const store = change(database.outbox.deliveries);
  const book = new Map<string, OwnedChannel>();
  for (const channel of channels)
    book.set(channel.id, { channel, alert: { id: 'alert-1', name: 'BTC above 60k' } });
  const resolve = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));
  const outgoing = new Outgoing({ addresses: addressRule(), resolve, attemptMs });
  const standings = new ChannelStandings({ store, seal, now: clock.now, random: () => 1 });
  const deliverer = new Deliverer({
    ...{ store, standings, log, now: clock.now },
    lock: plainLease(database.outbox.lock, instance),
    book: { refresh: () => Promise.resolve(), channels: () => book },
    sender: new Sender({ seal, outgoing, now: clock.now }),
    lookMs: 50,
  });
  deliverer.start();
  onTestFinished(() => deliverer.stop());
  return { deliverer, standings, log: () => lines.join('') };
}
