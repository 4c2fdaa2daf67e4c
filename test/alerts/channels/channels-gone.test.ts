import { describe, expect, it } from 'vitest';
import { RuleBook } from '../../../src/alerts/rule-book.js';
import { AlertRules, type RuleContent } from '../../../src/alerts/alert-rules.js';
import { buildDelivery } from '../../../src/app/delivery.js';
import { NO_PRIVATE_ADDRESSES } from '../../../src/alerts/channels/address-rule.js';
import type { StoredVersion } from '../../../src/alerts/rule-store.js';
import type { OpenDatabase } from '../../../src/open-database.js';
import { ruleOf } from '../../support/alert-place.js';
import { firing, webhookTo } from '../../support/alert-channels.js';
import { ManualClock } from '../../support/clock.js';
import { useDatabase } from '../../support/database.js';
import { keptLogger } from '../../support/logs.js';

const databases = useDatabase();
const channels = [webhookTo('http://127.0.0.1:9/one'), webhookTo('http://127.0.0.1:9/other')];
const [one, other] = channels.map(({ id }) => id) as [string, string];
const above = { kind: 'ABOVE', level: 1 } as const;

const bookOf = ({ alerts }: OpenDatabase): RuleBook =>
  new RuleBook({ store: alerts.rules, latestTurn: () => Promise.resolve(0) });

/** A rule with two channels, of which both have failed. */
async function place() {
  const database = await databases.open();
  const { deliveries } = database.outbox;
  const book = bookOf(database);
  const rules = new AlertRules({
    ...{ store: database.alerts.rules, book },
    notifications: { publish: () => undefined },
  });
  const rule = (await rules.create(ruleOf(above, { channels }))) as StoredVersion;
  for (const id of [one, other]) {
    await deliveries.add([{ channel: id, messages: [firing()] }], 0);
    await deliveries.saveStanding(failed(id));
  }
  const change = (changes: Partial<RuleContent>) =>
    rules.update(rule.rule, ({ name, line, condition, cooldown, channels, isEnabled }) => {
      const content = { name, line, condition, cooldown, channels, isEnabled, ...changes };
      return Promise.resolve({ ok: true as const, content });
    });
  const standing = async () => (await deliveries.standings()).map(({ channel }) => channel).sort();
  const stored = async () =>
    (await database.alerts.rules.from(1)).versions.map((each) => each.channels.length);
  return { database, book, rules, rule, change, standing, stored };
}

function failed(channel: string) {
  const times = { failingSince: 1, nextAt: 1, offSince: 1 };
  return { channel, ...times, failures: 3, problem: 'GONE' as const, words: 'answered 410' };
}

describe('a channel that its rule has no longer', () => {
  it('leaves nothing of how it stood, and nothing sealed', async () => {
    const { rule, rules, change, standing, stored } = await place();
    expect(await standing()).toEqual([one, other].sort());
    await change({ channels: channels.slice(0, 1) });
    expect(await standing()).toEqual([one]);
    expect(await stored()).toEqual([0, 1]);
    await rules.delete(rule.rule);
    expect(await standing()).toEqual([]);
    expect(await stored()).toEqual([0, 0, 0]);
  });

  it('leaves nothing where whoever deleted the rule was killed at that', async () => {
    const { database, rule, standing, stored } = await place();
    const { name, line, condition, cooldown } = rule;
    const content = { rule: rule.rule, name, line, condition, cooldown, channels: [] };
    const last = { ...content, version: 2, isEnabled: false, isDeleted: true };
    await database.alerts.rules.add(last, rule.sequence + 1);
    await bookOf(database).refresh();
    expect(await standing()).toEqual([]);
    expect(await stored()).toEqual([0, 0]);
  });

  it('is not there again because it was just being told something', async () => {
    const { database, rule, rules, standing } = await place();
    await rules.delete(rule.rule);
    await database.outbox.deliveries.saveStanding(failed(one));
    expect(await standing()).toEqual([]);
  });
});

it('a firing is told in the words of the version that fired', async () => {
  const { database, book, rule, change } = await place();
  await change({ condition: { kind: 'BELOW', level: 2 } });
  const delivery = buildDelivery(
    {
      ...{ database, clock: new ManualClock(), log: keptLogger(), instance: 'one' },
      config: { alerts: { secretKey: null, privateAddresses: NO_PRIVATE_ADDRESSES } },
    },
    book,
  );
  await delivery.tell([{ rule: rule.rule, version: 1, turn: 9, observedAt: 9, value: 3 }]);
  const waiting = await database.outbox.deliveries.next(one, 9);
  expect(waiting.at(-1)?.message).toMatchObject({ turn: 9, condition: 'is above 1' });
});
