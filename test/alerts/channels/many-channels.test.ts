import { expect, it, onTestFinished } from 'vitest';
import { ChannelStandings } from '../../../src/alerts/channels/channel-standings.js';
import { Deliverer } from '../../../src/alerts/channels/deliverer.js';
import type {
  ChannelStanding,
  DeliveryStore,
} from '../../../src/alerts/channels/delivery-store.js';
import { firing, testSeal, webhookTo } from '../../support/alert-channels.js';
import { ManualClock } from '../../support/clock.js';
import { keptLogger } from '../../support/logs.js';
import { until } from '../../support/until.js';

const COUNT = 4_000;

/** For each channel a message waits; in memory, because only what is done with it counts. */
function storeOf(channels: readonly string[], saved: Map<string, ChannelStanding>): DeliveryStore {
  return {
    add: () => Promise.resolve(new Map()),
    waiting: () => Promise.resolve(new Map(channels.map((channel) => [channel, 1]))),
    next: (channel) => Promise.resolve([{ channel, number: 1, addedAt: 0, message: firing() }]),
    markDelivered: () => Promise.resolve(),
    drop: () => Promise.resolve(0),
    forgetDelivered: () => Promise.resolve(),
    standings: () => Promise.resolve([...saved.values()]),
    saveStanding: (standing) => Promise.resolve(void saved.set(standing.channel, standing)),
  };
}

it('thousands of channels that fail one by one are not all looked at again for each', async () => {
  const channel = webhookTo('http://127.0.0.1:9/');
  const ids = Array.from({ length: COUNT }, (_, at) => `channel-${at}`);
  const saved = new Map<string, ChannelStanding>();
  const store = storeOf(ids, saved);
  const { now } = new ManualClock();
  const standings = new ChannelStandings({ store, seal: testSeal, now });
  let looked = 0;
  const dueIn = standings.dueIn.bind(standings);
  standings.dueIn = (id) => {
    looked++;
    return dueIn(id);
  };
  const book = new Map(
    ids.map((id) => [id, { channel: { ...channel, id }, alert: { id, name: id } }]),
  );
  const deliverer = new Deliverer({
    ...{ store, standings, now, log: keptLogger() },
    lock: {
      isHeld: true,
      take: () => Promise.resolve({ state: 'LEADING' }),
      release: () => Promise.resolve(),
    },
    book: { refresh: () => Promise.resolve(), channels: () => book },
    sender: {
      send: () =>
        new Promise((resolve) =>
          setImmediate(resolve, { outcome: 'FAILED', words: 'answered 500', waitMs: 0 }),
        ),
    },
  });
  onTestFinished(() => deliverer.stop());
  deliverer.start();
  await until(
    'each to have failed',
    () => saved.size,
    (size) => size === COUNT,
  );
  expect(looked).toBeLessThan(COUNT ** 2 / 4);
});
