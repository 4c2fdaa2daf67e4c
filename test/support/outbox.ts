import { onTestFinished } from 'vitest';
import type { OwnedChannel } from '../../src/alerts/channels/channel-book.js';
import { ChannelStandings } from '../../src/alerts/channels/channel-standings.js';
import type { ChannelRecord } from '../../src/alerts/channels/channel.js';
import { Deliverer } from '../../src/alerts/channels/deliverer.js';
import type { DeliveryStore } from '../../src/alerts/channels/delivery-store.js';
import type { AlertMessage } from '../../src/alerts/channels/message.js';
import { Outgoing } from '../../src/alerts/channels/outgoing.js';
import { SecretSeal } from '../../src/alerts/channels/secret-seal.js';
import { Sender } from '../../src/alerts/channels/sender.js';
import { plainLease } from '../../src/app/plain-lease.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { addressRule, firing } from './alert-channels.js';
import { ManualClock } from './clock.js';
import type { TestDatabase } from './database.js';
import { keptLogger } from './logs.js';
import type { Receiver } from './receiver.js';
import { API_SECRET_KEY } from './secrets.js';
import { until } from './until.js';

interface OutboxPlace {
  readonly database: OpenDatabase;
  readonly clock: ManualClock;
}

interface Parts extends OutboxPlace {
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

/** A database of its own, in whose outbox nothing waits yet, and the clock that goes with it. */
export async function emptyOutbox(databases: TestDatabase): Promise<OutboxPlace> {
  return { database: await databases.open(), clock: new ManualClock() };
}

/** Firings of so many turns, one after another. */
export const firings = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => firing(from + at));

/** The ids of such firings. */
export const idsFrom = (count: number, from = 1) => firings(count, from).map(({ id }) => id);

/** Messages for one channel, as they are added to an outbox. */
export const to = (channel: string, messages: readonly AlertMessage[]) => [{ channel, messages }];

/** The ids of what a receiver has got, in order. */
export const idsOf = ({ received }: Receiver) =>
  received.map(({ headers }) => headers['webhook-id']);

/** Until a receiver has got so many messages. */
export const came = (receiver: Receiver, count: number) =>
  until(
    `${count} messages`,
    () => idsOf(receiver),
    (ids) => ids.length >= count,
  );

/** Until nothing waits in an outbox. */
export const isEmpty = ({ database }: OutboxPlace) =>
  until(
    'the outbox to be empty',
    () => database.outbox.deliveries.waiting(),
    ({ size }) => size === 0,
  );
