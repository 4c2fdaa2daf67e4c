import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ChannelStandings } from '../../../src/alerts/channels/channel-standings.js';
import type { ChannelRecord } from '../../../src/alerts/channels/channel.js';
import { MOST_WAITING, type DeliveryStore } from '../../../src/alerts/channels/delivery-store.js';
import type { AlertMessage } from '../../../src/alerts/channels/message.js';
import { DatabaseUnavailableError } from '../../../src/history/database-unavailable.js';
import type { OpenDatabase } from '../../../src/open-database.js';
import { firing, webhookTo } from '../../support/alert-channels.js';
import { ManualClock } from '../../support/clock.js';
import { useDatabase } from '../../support/database.js';
import { startDelivery } from '../../support/outbox.js';
import { answering, startReceiver, type Receiver } from '../../support/receiver.js';
import { until } from '../../support/until.js';
import { faultOfWebhook, SIGNING_KEY } from '../../support/webhooks.js';

const HOUR_MS = 3_600_000;

const databases = useDatabase();

interface World {
  readonly database: OpenDatabase;
  readonly clock: ManualClock;
}

async function world(): Promise<World> {
  return { database: await databases.open(), clock: new ManualClock() };
}

const idsOf = ({ received }: Receiver) => received.map(({ headers }) => headers['webhook-id']);
const firings = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => firing(from + at));
const to = (channel: string, messages: readonly AlertMessage[]) => [{ channel, messages }];
const idsFrom = (count: number, from = 1) => firings(count, from).map(({ id }) => id);

function delegating(store: DeliveryStore): DeliveryStore {
  return {
    add: (...args) => store.add(...args),
    waiting: () => store.waiting(),
    next: (...args) => store.next(...args),
    markDelivered: (...args) => store.markDelivered(...args),
    drop: (...args) => store.drop(...args),
    forgetDelivered: (before) => store.forgetDelivered(before),
    standings: () => store.standings(),
    saveStanding: (standing) => store.saveStanding(standing),
  };
}

/** Until a receiver has got so many messages. */
const came = (receiver: Receiver, count: number) =>
  until(
    `${count} messages`,
    () => idsOf(receiver),
    (ids) => ids.length >= count,
  );

const isEmpty = ({ database }: World) =>
  until(
    'the outbox to be empty',
    () => database.outbox.deliveries.waiting(),
    ({ size }) => size === 0,
  );

/** A channel has failed so often, as far as whoever delivers knows. */
const hasFailed = (standings: ChannelStandings, { id }: ChannelRecord, failures: number) =>
  until(
    `${failures} failures`,
    () => standings.of(id),
    (standing) => standing.failures >= failures,
  );

describe('messages on their way', () => {
  it('are told in order, each once, signed, and then wait no more', async () => {
    const place = await world();
    const receiver = await startReceiver();
    const channel = webhookTo(receiver.url);
    const { deliverer } = startDelivery({ ...place, channels: [channel] });
    await deliverer.enqueue(to(channel.id, firings(25)));
    await deliverer.enqueue(to(channel.id, firings(25, 26)));
    await isEmpty(place);
    expect(idsOf(receiver)).toEqual(idsFrom(50));
    const faults = receiver.received.map((one) =>
      faultOfWebhook(one, SIGNING_KEY, place.clock.now()),
    );
    expect(faults.every((fault) => fault === null)).toBe(true);
  });

  it('are not told again where they are added again, waiting or delivered', async () => {
    const place = await world();
    const receiver = await startReceiver();
    const channel = webhookTo(receiver.url);
    const { deliverer } = startDelivery({ ...place, channels: [channel] });
    await place.database.outbox.deliveries.add(to(channel.id, firings(3)), place.clock.now());
    await deliverer.enqueue(to(channel.id, firings(3)));
    await isEmpty(place);
    await deliverer.enqueue(to(channel.id, firings(4)));
    await came(receiver, 4);
    await isEmpty(place);
    expect(idsOf(receiver)).toEqual(idsFrom(4));
  });

  it('are told by whoever goes on after a stop between the receiver and the mark, under the same id', async () => {
    const place = await world();
    const receiver = await startReceiver();
    const channel = webhookTo(receiver.url);
    const marksNothing = (store: DeliveryStore): DeliveryStore => ({
      ...delegating(store),
      markDelivered: () => Promise.reject(new Error('killed')),
    });
    const first = startDelivery({ ...place, channels: [channel], change: marksNothing });
    await first.deliverer.enqueue(to(channel.id, firings(2)));
    await came(receiver, 1);
    await first.deliverer.stop();
    const told = receiver.received.length;
    startDelivery({ ...place, channels: [channel], instance: 'next' });
    await isEmpty(place);
    expect(new Set(idsOf(receiver).slice(0, told))).toEqual(new Set(['firing-1']));
    expect(idsOf(receiver).slice(told)).toEqual(['firing-1', 'firing-2']);
  });

  it('that another instance has added are told by the one that delivers', async () => {
    const place = await world();
    const receiver = await startReceiver();
    const channel = webhookTo(receiver.url);
    startDelivery({ ...place, channels: [channel], instance: 'one' });
    const other = startDelivery({ ...place, channels: [channel], instance: 'other' });
    for (let turn = 1; turn <= 20; turn++)
      await other.deliverer.enqueue(to(channel.id, [firing(turn)]));
    await isEmpty(place);
    expect(idsOf(receiver)).toEqual(idsFrom(20));
  });

  it('that another instance has added are found, however often memory is cleared', async () => {
    setFlagsFromString('--expose-gc');
    const clearMemory = runInNewContext('gc') as () => void;
    const place = await world();
    const receiver = await startReceiver();
    const channel = webhookTo(receiver.url);
    startDelivery({ ...place, channels: [channel] });
    for (let turn = 1; turn <= 5; turn++) {
      // Its looks are a second apart: each of these falls into another part of one.
      for (let times = 0; times < turn; times++) {
        clearMemory();
        await pause(150);
      }
      await place.database.outbox.deliveries.add(to(channel.id, [firing(turn)]), place.clock.now());
      await came(receiver, turn);
    }
  });

  it('are not asked for again and again while the database is away', async () => {
    const place = await world();
    const channel = webhookTo('http://127.0.0.1:9/');
    const asked: number[] = [];
    const isAway = (store: DeliveryStore): DeliveryStore => ({
      ...delegating(store),
      next: () => {
        asked.push(performance.now());
        return Promise.reject(new DatabaseUnavailableError('away'));
      },
    });
    const { deliverer } = startDelivery({ ...place, channels: [channel], change: isAway });
    await deliverer.enqueue(to(channel.id, firings(1)));
    await until(
      'three times',
      () => asked,
      ({ length }) => length >= 3,
    );
    const [first = 0, , third = 0] = asked;
    expect(third - first).toBeGreaterThanOrEqual(1_990);
  });

  it('that cannot be told for another reason are said so once, however often it is tried', async () => {
    const place = await world();
    const channel = webhookTo('http://127.0.0.1:9/');
    let asked = 0;
    const isBroken = (store: DeliveryStore): DeliveryStore => ({
      ...delegating(store),
      next: () => {
        asked++;
        return Promise.reject(new Error('broken by the test'));
      },
    });
    const { deliverer, log } = startDelivery({ ...place, channels: [channel], change: isBroken });
    await deliverer.enqueue(to(channel.id, firings(1)));
    await until(
      'three times',
      () => asked,
      (times) => times >= 3,
    );
    expect(log().match(/"msg":"messages of alerts cannot be delivered"/g)).toHaveLength(1);
    expect(log()).toContain('"code":"CHANNEL_NOT_TOLD"');
  });

  it('are read once there is room to tell them', async () => {
    const place = await world();
    const hanging = await startReceiver(() => undefined);
    const channels = Array.from({ length: 100 }, (_, at) => webhookTo(`${hanging.url}/${at}`));
    const asked: string[] = [];
    const counted = (store: DeliveryStore): DeliveryStore => ({
      ...delegating(store),
      next: (channel, limit) => {
        asked.push(channel);
        return store.next(channel, limit);
      },
    });
    const { deliverer } = startDelivery({ ...place, channels, change: counted });
    await deliverer.enqueue(channels.flatMap(({ id }) => to(id, firings(2))));
    await came(hanging, 64);
    await deliverer.enqueue(channels.flatMap(({ id }) => to(id, firings(1, 3))));
    expect(asked).toHaveLength(64);
  });

  it('of a rule that is gone are given up, though not at once', async () => {
    const place = await world();
    const channel = webhookTo('http://127.0.0.1:9/');
    const { deliverer } = startDelivery({ ...place, channels: [] });
    await deliverer.enqueue(to(channel.id, firings(2)));
    await until(
      'two messages',
      () => place.database.outbox.deliveries.waiting(),
      ({ size }) => size === 1,
    );
    place.clock.advance(11 * 60_000);
    startDelivery({ ...place, channels: [], instance: 'next' });
    await deliverer.stop();
    await isEmpty(place);
  });

  it('are no more than there is room for: the oldest are given up', async () => {
    const { database, clock } = await world();
    const { deliveries } = database.outbox;
    expect(await deliveries.add(to('c', firings(MOST_WAITING)), clock.now())).toEqual(new Map());
    expect(await deliveries.add(to('other', firings(2)), clock.now())).toEqual(new Map());
    expect(await deliveries.add(to('c', firings(5, MOST_WAITING + 1)), clock.now())).toEqual(
      new Map([['c', 5]]),
    );
    expect(await deliveries.waiting()).toEqual(
      new Map([
        ['c', MOST_WAITING],
        ['other', 2],
      ]),
    );
    expect((await deliveries.next('c', 1)).map(({ message }) => message.id)).toEqual(['firing-6']);
    expect(await deliveries.drop('c', 10)).toBe(MOST_WAITING - 10);
    expect((await deliveries.next('c', 1)).map(({ message }) => message.id)).toEqual([
      'firing-996',
    ]);
  });

  it('are given up by how many wait, however often they were added anew', async () => {
    const { database, clock } = await world();
    const { deliveries } = database.outbox;
    await deliveries.add(to('c', firings(1)), clock.now());
    for (let again = 0; again < 3; again++) {
      expect(await deliveries.add(to('c', firings(MOST_WAITING - 1)), clock.now())).toEqual(
        new Map(),
      );
    }
    expect(await deliveries.waiting()).toEqual(new Map([['c', MOST_WAITING - 1]]));
    expect((await deliveries.next('c', 1)).map(({ message }) => message.id)).toEqual(['firing-1']);
  });

  it('of several channels that are added together are told in order in each', async () => {
    const { database, clock } = await world();
    const { deliveries } = database.outbox;
    await deliveries.add([...to('c', firings(2)), ...to('d', firings(3))], clock.now());
    await deliveries.add([...to('d', firings(2, 4)), ...to('c', firings(1, 3))], clock.now());
    const idsOfNext = async (channel: string) =>
      (await deliveries.next(channel, 9)).map(({ message }) => message.id);
    expect(await idsOfNext('c')).toEqual(idsFrom(3));
    expect(await idsOfNext('d')).toEqual(idsFrom(5));
  });

  it('are forgotten some time after they were delivered', async () => {
    const { database, clock } = await world();
    const { deliveries } = database.outbox;
    await deliveries.add(to('c', firings(1)), clock.now());
    const [delivery] = await deliveries.next('c', 1);
    if (!delivery) throw new Error('nothing waits');
    await deliveries.markDelivered(delivery, clock.now());
    await deliveries.forgetDelivered(clock.now());
    await deliveries.add(to('c', firings(1)), clock.now());
    expect(await deliveries.next('c', 1)).toEqual([]);
    await deliveries.forgetDelivered(clock.now() + 1);
    await deliveries.add(to('c', firings(1)), clock.now());
    expect(await deliveries.next('c', 1)).toHaveLength(1);
  });
});

describe('a channel that fails', () => {
  it('for an hour is told everything in order afterwards, after pauses that grow', async () => {
    const place = await world();
    const receiver = await startReceiver(answering(500));
    const channel = webhookTo(receiver.url);
    const { deliverer, standings } = startDelivery({ ...place, channels: [channel] });
    await deliverer.enqueue(to(channel.id, firings(3)));
    const pauses: number[] = [];
    for (const end = place.clock.now() + HOUR_MS; place.clock.now() < end;) {
      await hasFailed(standings, channel, pauses.length + 1);
      pauses.push(standings.dueIn(channel.id));
      place.clock.advance(standings.dueIn(channel.id));
      deliverer.wake();
    }
    expect(pauses.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 320, 640].map((s) => 1_000 * s));
    expect(Math.max(...pauses)).toBe(900_000);
    expect(new Set(idsOf(receiver))).toEqual(new Set(['firing-1']));
    receiver.answer = answering(200);
    await until(
      'the outbox to be empty',
      async () => {
        place.clock.advance(standings.dueIn(channel.id));
        deliverer.wake();
        return (await place.database.outbox.deliveries.waiting()).size;
      },
      (size) => size === 0,
    );
    expect([...new Set(idsOf(receiver))]).toEqual(idsFrom(3));
    expect(standings.stateOf(channel)).toEqual({ enabled: true, problem: null });
  });

  it('for a day is switched off, said, and told nothing of what came meanwhile', async () => {
    const place = await world();
    const receiver = await startReceiver(answering(500));
    const channel = webhookTo(receiver.url);
    const { deliverer, standings, log } = startDelivery({ ...place, channels: [channel] });
    await deliverer.enqueue(to(channel.id, firings(3)));
    for (let failures = 1; standings.stateOf(channel).enabled; failures++) {
      await hasFailed(standings, channel, failures);
      place.clock.advance(standings.dueIn(channel.id));
      deliverer.wake();
    }
    await isEmpty(place);
    expect(standings.stateOf(channel)).toEqual({ enabled: false, problem: 'UNREACHABLE' });
    const { failingSince, offSince, words } = standings.of(channel.id);
    expect((offSince ?? 0) - (failingSince ?? 0)).toBeGreaterThanOrEqual(24 * HOUR_MS);
    expect(words).toBe('answered 500');
    expect(log()).toContain('"code":"CHANNEL_OFF"');
    receiver.answer = answering(200);
    const before = receiver.received.length;
    await deliverer.enqueue(to(channel.id, firings(1, 9)));
    await standings.clear(channel.id);
    await deliverer.enqueue(to(channel.id, firings(1, 10)));
    await came(receiver, before + 1);
    await isEmpty(place);
    expect(idsOf(receiver).slice(before)).toEqual(['firing-10']);
  });

  it('is not switched off by a day that nobody tried in', async () => {
    const place = await world();
    const receiver = await startReceiver(answering(500));
    const channel = webhookTo(receiver.url);
    const { deliverer, standings } = startDelivery({ ...place, channels: [channel] });
    await deliverer.enqueue(to(channel.id, firings(1)));
    await hasFailed(standings, channel, 1);
    place.clock.advance(30 * HOUR_MS);
    deliverer.wake();
    await hasFailed(standings, channel, 2);
    expect(standings.stateOf(channel).enabled).toBe(true);
  });

  it('because it is gone (410) is switched off at once, and stays so for other instances', async () => {
    const place = await world();
    const receiver = await startReceiver(answering(410));
    const channel = webhookTo(receiver.url);
    const { deliverer, log } = startDelivery({ ...place, channels: [channel] });
    await deliverer.enqueue(to(channel.id, firings(3)));
    await isEmpty(place);
    expect(idsOf(receiver)).toEqual(['firing-1']);
    expect(log()).toContain('"code":"CHANNEL_OFF","problem":"GONE","lost":3');
    await deliverer.stop();
    const next = startDelivery({ ...place, channels: [channel], instance: 'next' });
    const state = () => next.standings.stateOf(channel);
    await until('it to be known', state, ({ problem }) => problem === 'GONE');
  });

  it('and asks for time is given it', async () => {
    const place = await world();
    const receiver = await startReceiver(answering(429, '', { 'retry-after': '3600' }));
    const channel = webhookTo(receiver.url);
    const { deliverer, standings } = startDelivery({ ...place, channels: [channel] });
    await deliverer.enqueue(to(channel.id, firings(1)));
    await hasFailed(standings, channel, 1);
    expect(standings.dueIn(channel.id)).toBe(HOUR_MS);
    receiver.answer = answering(200);
    place.clock.advance(HOUR_MS);
    deliverer.wake();
    await isEmpty(place);
    expect(receiver.received).toHaveLength(2);
  });

  it('waits as long after a restart as it would have', async () => {
    const place = await world();
    const receiver = await startReceiver(answering(429, '', { 'retry-after': '3600' }));
    const channel = webhookTo(receiver.url);
    const first = startDelivery({ ...place, channels: [channel] });
    await first.deliverer.enqueue(to(channel.id, firings(1)));
    await hasFailed(first.standings, channel, 1);
    await first.deliverer.stop();
    const { deliverer, standings } = startDelivery({
      ...place,
      channels: [channel],
      instance: 'b',
    });
    const known = () => standings.dueIn(channel.id);
    await until('the wait to be known', known, (ms) => ms === HOUR_MS);
    receiver.answer = answering(200);
    place.clock.advance(HOUR_MS);
    deliverer.wake();
    await isEmpty(place);
    expect(receiver.received).toHaveLength(2);
  });

  it('because it hangs holds up nobody else', async () => {
    const place = await world();
    const hanging = await startReceiver(() => undefined);
    const quick = await startReceiver();
    const slow = Array.from({ length: 30 }, (_, at) =>
      webhookTo(`${hanging.url}/${at}`, `slow ${at}`),
    );
    const channel = webhookTo(quick.url);
    const { deliverer } = startDelivery({ ...place, channels: [...slow, channel] });
    await deliverer.enqueue([...slow, channel].flatMap(({ id }) => to(id, firings(20))));
    await came(quick, 20);
    expect(idsOf(quick)).toEqual(idsFrom(20));
    await came(hanging, 30);
    expect(new Set(idsOf(hanging))).toEqual(new Set(['firing-1']));
  });

  it('because its secret is sealed under another key is off, and costs nothing else', async () => {
    const place = await world();
    const receiver = await startReceiver();
    const channel = webhookTo(receiver.url);
    const secret = 'another secret of more than 32 bytes';
    const other = startDelivery({ ...place, channels: [channel], secret });
    await other.deliverer.enqueue(to(channel.id, firings(1)));
    expect(other.standings.stateOf(channel)).toEqual({
      enabled: false,
      problem: 'SECRET_UNREADABLE',
    });
    await other.deliverer.stop();
    expect(receiver.received).toHaveLength(0);
    startDelivery({ ...place, channels: [channel], instance: 'next' });
    await came(receiver, 1);
  });
});

describe('what is stored and logged', () => {
  it('holds no secret', async () => {
    const place = await world();
    const receiver = await startReceiver(answering(500, `${SIGNING_KEY} /very/secret`));
    const channel = webhookTo(`${receiver.url}/very/secret?key=hidden-key`);
    const { deliverer, log, standings } = startDelivery({ ...place, channels: [channel] });
    await deliverer.enqueue(to(channel.id, firings(1)));
    await hasFailed(standings, channel, 1);
    await until('a line in the log', log, (text) => text.includes('CHANNEL_FAILS'));
    const [delivery] = await place.database.outbox.deliveries.next(channel.id, 1);
    const all = `${log()}${JSON.stringify([delivery, standings.of(channel.id), channel])}`;
    expect(all).not.toMatch(/very\/secret|hidden-key|whsec_|YSBzaWdu/);
  });
});
