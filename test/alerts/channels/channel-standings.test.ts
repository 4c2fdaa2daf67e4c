import { expect, it } from 'vitest';
import { ChannelStandings } from '../../../src/alerts/channels/channel-standings.js';
import type { DeliveryStore } from '../../../src/alerts/channels/delivery-store.js';
import type { Sent } from '../../../src/alerts/channels/sender.js';
import { firing, testSeal } from '../../support/alert-channels.js';
import { ManualClock } from '../../support/clock.js';
import { useDatabase } from '../../support/database.js';

const database = useDatabase();

const FAILED: Sent = { outcome: 'FAILED', words: 'answered 500', waitMs: 0 };
const GONE: Sent = { outcome: 'GONE', words: 'answered 410', waitMs: 0 };

/** A store with channels for which something was added. */
async function storeOf(...channels: string[]): Promise<DeliveryStore> {
  const { deliveries } = (await database.open()).outbox;
  const additions = channels.map((channel) => ({ channel, messages: [firing()] }));
  await deliveries.add(additions, 0);
  return deliveries;
}

function standingsOver(store: Pick<DeliveryStore, 'standings' | 'saveStanding'>) {
  return new ChannelStandings({ store, seal: testSeal, now: new ManualClock().now });
}

it('are read once, though channels change meanwhile, and those are as they were changed', async () => {
  const store = await storeOf('a', 'b', 'c');
  const other = standingsOver(store);
  await other.fail('a', FAILED);
  await other.fail('c', FAILED);
  let reads = 0;
  const standings: ChannelStandings = standingsOver({
    saveStanding: (standing) => store.saveStanding(standing),
    standings: async () => {
      const read = await store.standings();
      reads++;
      await standings.fail('b', FAILED);
      await standings.renew('c');
      return read;
    },
  });
  await standings.refresh();
  expect(reads).toBe(1);
  const failures = [...standings.failing].map((each) => [each.channel, each.failures]);
  expect(failures.sort()).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
});

it('of a channel that is begun anew are forgotten, also what another instance has found since', async () => {
  const store = await storeOf('a');
  const [one, other] = [standingsOver(store), standingsOver(store)];
  await one.refresh();
  await other.fail('a', GONE);
  await one.renew('a');
  expect(await store.standings()).toEqual([]);
  await other.refresh();
  expect(other.of('a').problem).toBeNull();
});
