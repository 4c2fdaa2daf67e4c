import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { DeliveryStore } from '../../../src/alerts/channels/delivery-store.js';
import { DatabaseUnavailableError } from '../../../src/history/database-unavailable.js';
import { firing, webhookTo } from '../../support/alert-channels.js';
import { useDatabase } from '../../support/database.js';
import {
  came,
  emptyOutbox,
  firings,
  idsFrom,
  idsOf,
  isEmpty,
  startDelivery,
  to,
} from '../../support/outbox.js';
import { startReceiver } from '../../support/receiver.js';
import { until } from '../../support/until.js';
import { faultOfWebhook, SIGNING_KEY } from '../../support/webhooks.js';

const databases = useDatabase();

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

describe('messages on their way', () => {
  it('are told in order, each once, signed, and then wait no more', async () => {
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
    const receiver = await startReceiver();
    const channel = webhookTo(receiver.url);
    startDelivery({ ...place, channels: [channel] });
    for (let turn = 1; turn <= 5; turn++) {
      // Its looks are 50 ms apart: each of these falls into another part of one.
      for (let times = 0; times < turn; times++) {
        clearMemory();
        await pause(15);
      }
      await place.database.outbox.deliveries.add(to(channel.id, [firing(turn)]), place.clock.now());
      await came(receiver, turn);
    }
  });

  it('are not asked for again and again while the database is away', async () => {
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
    const channel = webhookTo('http://127.0.0.1:9/');
    const { deliverer } = startDelivery({ ...place, channels: [] });
    await deliverer.enqueue(to(channel.id, firings(2)));
    await until(
      'one channel with messages',
      () => place.database.outbox.deliveries.waiting(),
      ({ size }) => size === 1,
    );
    place.clock.advance(11 * 60_000);
    startDelivery({ ...place, channels: [], instance: 'next' });
    await deliverer.stop();
    await isEmpty(place);
  });
});
