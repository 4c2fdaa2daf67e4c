import { describe, expect, it } from 'vitest';
import { MOST_WAITING } from '../../../src/alerts/channels/delivery-store.js';
import { useDatabase } from '../../support/database.js';
import { emptyOutbox, firings, idsFrom, to } from '../../support/outbox.js';

const databases = useDatabase();

describe('messages in the outbox', () => {
  it('are no more than there is room for: the oldest are given up', async () => {
    const { database, clock } = await emptyOutbox(databases);
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
    const { database, clock } = await emptyOutbox(databases);
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
    const { database, clock } = await emptyOutbox(databases);
    const { deliveries } = database.outbox;
    await deliveries.add([...to('c', firings(2)), ...to('d', firings(3))], clock.now());
    await deliveries.add([...to('d', firings(2, 4)), ...to('c', firings(1, 3))], clock.now());
    const idsOfNext = async (channel: string) =>
      (await deliveries.next(channel, 9)).map(({ message }) => message.id);
    expect(await idsOfNext('c')).toEqual(idsFrom(3));
    expect(await idsOfNext('d')).toEqual(idsFrom(5));
  });

  it('are forgotten some time after they were delivered', async () => {
    const { database, clock } = await emptyOutbox(databases);
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
