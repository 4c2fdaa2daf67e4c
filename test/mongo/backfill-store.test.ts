import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Retention } from '../../src/cluster/retention.js';
import { Maintenance } from '../../src/cluster/maintenance.js';
import type { Pair } from '../../src/domain/asset.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { StrategyFeed } from '../../src/feeds/strategy-feed.js';
import type { BackfillStore } from '../../src/history/backfill/backfill-store.js';
import { DAY_MINUTES, dayOf, nameOfDay } from '../../src/history/backfill/day-closes.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { chain, START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';

const DAY = 86_400_000;
const BTC: Pair = { symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' };
const ETH: Pair = { symbol: 'ETHBTC', base: 'ETH', quote: 'BTC' };
const FIRST = dayOf(START);

/** A day of closes as an exchange tells them: some with many places, some missing. */
function closesOf(from: number, to: number): Float64Array {
  return Float64Array.from({ length: DAY_MINUTES }, (_, at) => {
    if (at < from || at >= to || at % 100 === 7) return NaN;
    return Number((43_000 + 50 * Math.sin(at / 40) + (at % 7) / 100).toFixed(2));
  });
}

async function fill(store: BackfillStore, pairs: readonly Pair[], days: readonly number[]) {
  for (const day of days) {
    for (const pair of pairs) {
      const closes = closesOf(0, DAY_MINUTES);
      await store.save({ pair, day, from: 0, to: DAY_MINUTES, faults: 0, closes });
    }
  }
}

const database = useDatabase();
let client: MongoClient;
beforeAll(async () => {
  client = await MongoClient.connect(database.engine.uri);
});
afterAll(() => client.close());

/** A way round everything to the stored days. */
const documentsOf = (name: string) => client.db(name).collection('backfilled_days');
const daysOf = async ({ backfill }: OpenDatabase): Promise<number[]> => {
  const days = Array.from({ length: 10 }, (_, at) => FIRST + at);
  return (await backfill.days([BTC, ETH], days)).map(({ day }) => day - FIRST).sort();
};

describe('backfilled days', () => {
  it('are read bit for bit as they were stored, in few bytes, however often they are stored', async () => {
    const { backfill: store } = await database.open();
    expect([await store.extent(), await store.pairs()]).toEqual([null, []]);
    const day = { pair: BTC, day: FIRST, from: 30, to: 1_200, faults: 2 };
    await store.save({ ...day, to: 90, closes: closesOf(30, 90) });
    for (let time = 0; time < 2; time++) await store.save({ ...day, closes: closesOf(30, 1_200) });
    await fill(store, [ETH], [FIRST + 1]);
    const [read, ...others] = await store.days([BTC, ETH], [FIRST]);
    expect(others).toEqual([]);
    expect(read).toEqual({ ...day, closes: closesOf(30, 1_200) });
    expect([...(await store.asked(FIRST))]).toEqual([
      ['BTCUSDT/BTC/USDT', { from: 30, to: 1_200, faults: 2 }],
    ]);
    const from = FIRST * DAY + 30 * 60_000;
    expect(await store.pairs()).toEqual([
      { ...BTC, from, to: FIRST * DAY + 1_200 * 60_000 },
      { ...ETH, from: (FIRST + 1) * DAY, to: (FIRST + 2) * DAY },
    ]);
    const closes = closesOf(30, 1_200).filter((close) => !Number.isNaN(close)).length;
    expect(await store.extent()).toMatchObject({
      ...{ pairs: 2, closes: closes + 1_440 - 15, from, to: (FIRST + 2) * DAY },
    });
  });

  it('take at most three bytes a minute, packed', async () => {
    const open = await database.open('packed_days');
    await fill(open.backfill, [BTC], [FIRST]);
    const [document] = await documentsOf('packed_days').find({}).toArray();
    const { length } = (document?.['closes'] as { buffer: Uint8Array }).buffer;
    expect(length / DAY_MINUTES).toBeLessThan(3);
  });

  it('that are damaged cost only themselves, and are told', async () => {
    const open = await database.open('damaged_days');
    await fill(open.backfill, [BTC, ETH], [FIRST]);
    const _id = `${nameOfDay(FIRST)}/BTCUSDT/BTC/USDT`;
    await documentsOf('damaged_days').updateOne({ _id } as object, {
      $set: { closes: Buffer.from([9, 9, 9]) },
    });
    const found = await open.backfill.days([BTC, ETH], [FIRST]);
    expect(found.map(({ pair }) => pair.symbol)).toEqual(['ETHBTC']);
    expect(open.damage.warnings).toEqual([
      expect.stringContaining(`The backfilled day ${_id} cannot be read`),
    ]);
  });

  it('that are damaged, or of a pair that is, are asked for again, and whole then', async () => {
    const name = 'mended_days';
    const { backfill: store, damage } = await database.open(name);
    await fill(store, [BTC, ETH], [FIRST]);
    expect([...(await store.asked(FIRST)).keys()]).toHaveLength(2);
    const day = { _id: `${nameOfDay(FIRST)}/BTCUSDT/BTC/USDT` } as object;
    await documentsOf(name).updateOne(day, { $set: { closes: Buffer.from([9, 9, 9]) } });
    const pairs = client.db(name).collection<{ _id: string }>('backfilled_pairs');
    const odd = { from: 'x', to: null, base: 7 };
    const unchecked = { bypassDocumentValidation: true };
    await pairs.updateOne({ _id: 'ETHBTC/ETH/BTC' }, { $set: odd }, unchecked);
    expect([...(await store.asked(FIRST)).keys()]).toEqual([]);
    expect(damage.warnings).toEqual([
      expect.stringContaining('1 of the pairs with backfilled closes'),
      expect.stringContaining('dynamics backfill reads it anew'),
    ]);
    await fill(store, [BTC, ETH], [FIRST]);
    expect([...(await store.asked(FIRST)).keys()]).toHaveLength(2);
    const whole = { from: FIRST * DAY, to: (FIRST + 1) * DAY };
    expect(await store.pairs()).toEqual([
      { ...BTC, ...whole },
      { ...ETH, ...whole },
    ]);
    expect(damage.warnings).toEqual([]);
  });

  it('go with the turns of their age, but not by the days of a recording', async () => {
    const open = await database.open();
    await open.cycles.saveAll(chain(2));
    await fill(
      open.backfill,
      [BTC],
      [0, 1, 2, 3].map((at) => FIRST + at),
    );
    await fill(open.backfill, [ETH], [FIRST]);
    const run = (isReplay: boolean) =>
      new Retention({
        ...open,
        lease: { isHeld: true },
        witnesses: { ask: () => Promise.resolve({ now: (FIRST + 4) * DAY + 5 }) },
        log: keptLogger(),
        days: 2,
        isReplay,
      }).run(0);
    await run(true);
    expect(await daysOf(open)).toEqual([0, 0, 1, 2, 3]);
    await run(false);
    expect(await daysOf(open)).toEqual([2, 3]);
    expect(await open.backfill.pairs()).toEqual([
      { ...BTC, from: (FIRST + 2) * DAY, to: (FIRST + 4) * DAY },
    ]);
  });

  it('go with a purge, and what servers keep of series is void then', async () => {
    const open = await database.open();
    await fill(open.backfill, [BTC], [FIRST]);
    const feed = new CycleFeed(open.cycles);
    const strategy = new StrategyFeed(open.controlStore, ['USDT', 'BTC'], open.notifications);
    feed.apply(await strategy.control());
    const before = feed.epoch;
    const metronome = { forgetLast: () => undefined };
    expect(await new Maintenance({ ...open, feed, strategy, metronome }).purge()).toBe(0);
    expect([await daysOf(open), await open.backfill.extent()]).toEqual([[], null]);
    expect(feed.epoch).not.toBe(before);
  });
});
