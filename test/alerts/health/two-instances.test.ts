import { expect, it } from 'vitest';
import { messageOfNotice } from '../../../src/alerts/health/health-messages.js';
import type { HealthSigns } from '../../../src/domain/alerts/health.js';
import { webhookTo } from '../../support/alert-channels.js';
import { ManualClock } from '../../support/clock.js';
import { useDatabase } from '../../support/database.js';
import { startHealth } from '../../support/health-place.js';
import { startDelivery } from '../../support/outbox.js';
import { startReceiver } from '../../support/receiver.js';
import { temporaryFolder } from '../../support/temporary.js';
import { until } from '../../support/until.js';

const databases = useDatabase();

it('what two instances see is stored and told once, whichever sees it first, and however their clocks differ', async () => {
  const database = await databases.open();
  const receiver = await startReceiver();
  const channel = webhookTo(receiver.url);
  const start = (instance: string) => {
    const { deliverer } = startDelivery({
      ...{ database, clock: new ManualClock(), channels: [channel], instance },
    });
    let told = 0;
    const health = startHealth({
      ...{ database, dataDir: temporaryFolder() },
      tell: async (notices) => {
        const messages = notices.map(messageOfNotice);
        await deliverer.enqueue([{ channel: channel.id, messages }]);
        told += messages.length;
      },
    });
    return { health, told: () => told };
  };
  const starting = [start('one'), start('other')];
  const [one, other] = await Promise.all(starting.map(({ health }) => health));
  const haveTold = (count: number) =>
    until(
      `both to have told ${count} messages`,
      () => starting.map(({ told }) => told()),
      (counts) => counts.every((each) => each >= count),
    );
  const wrong: Partial<HealthSigns> = { silence: 'no calls before noon' };
  one?.see({ ...wrong, now: 5_000 });
  other?.see({ ...wrong, now: 4_000 });
  await haveTold(1);
  other?.see({ now: 6_000 });
  one?.see({ now: 8_000 });
  await haveTold(2);
  await until(
    'nothing to wait',
    () => database.outbox.deliveries.waiting(),
    ({ size }) => size === 0,
  );
  expect(await database.notices.store.newest(9)).toEqual([
    {
      ...{ id: 'EXCHANGE_BANNED-7', kind: 'EXCHANGE_BANNED', words: 'no calls before noon' },
      ...{ since: 4_000, until: 8_000 },
    },
  ]);
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
    'health-EXCHANGE_BANNED-7-began',
    'health-EXCHANGE_BANNED-7-ended',
  ]);
});
