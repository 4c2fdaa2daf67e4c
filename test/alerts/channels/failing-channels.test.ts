import { describe, expect, it } from 'vitest';
import type { ChannelStandings } from '../../../src/alerts/channels/channel-standings.js';
import type { ChannelRecord } from '../../../src/alerts/channels/channel.js';
import { webhookTo } from '../../support/alert-channels.js';
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
import { answering, startReceiver } from '../../support/receiver.js';
import { until } from '../../support/until.js';
import { SIGNING_KEY } from '../../support/webhooks.js';

const HOUR_MS = 3_600_000;

const databases = useDatabase();

/** A channel has failed so often, as far as whoever delivers knows. */
const hasFailed = (standings: ChannelStandings, { id }: ChannelRecord, failures: number) =>
  until(
    `${failures} failures`,
    () => standings.of(id),
    (standing) => standing.failures >= failures,
  );

describe('a channel that fails', () => {
  it('for an hour is told everything in order afterwards, after pauses that grow', async () => {
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
    const place = await emptyOutbox(databases);
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
