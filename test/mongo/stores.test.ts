import fc from 'fast-check';
import mongoose from 'mongoose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { composeCycle, CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { defaultSettings, type StrategyConfig } from '../../src/domain/strategy.js';
import { market, OBSERVED_AT, type Market } from '../support/arbitraries.js';
import { useDatabase } from '../support/database.js';
import { frameAt } from '../support/scripted-market.js';

const database = useDatabase();

const config: StrategyConfig = {
  ...defaultSettings(['USDT', 'BTC']),
  version: 1,
  updatedAt: OBSERVED_AT,
};

function compose(turn: number, { universe, tickers }: Market, previous: CycleFigures | null) {
  const observedAt = OBSERVED_AT + turn * 8_000;
  return composeCycle({
    turn,
    startedAt: observedAt - 300,
    completedAt: observedAt + 40,
    exchange: 'BINANCE',
    universe,
    frame: { observedAt, tickers },
    holdings: {
      source: 'ACCOUNT',
      balances: [{ asset: 'BTC', free: '0.123456789012345678', locked: '0.10' }],
      ...(turn % 2 === 0 && { unreadable: ['ETH', '币安人生'] }),
    },
    config,
    staleAfterMs: 60_000,
    intervalMs: 1_000,
    previous,
  });
}

const MARKET: Market = { universe: ['USDT', 'BTC', 'ETH'], tickers: frameAt(OBSERVED_AT).tickers };
const cycleOf = (turn: number): Cycle => compose(turn, MARKET, null).cycle;

/** The bits of every number of a matrix. */
const bits = ({ cells }: { cells: Float64Array }): string =>
  Buffer.from(cells.buffer).toString('hex');

describe('a stored cycle', () => {
  it('gives back every number that was published, bit for bit', async () => {
    const { cycles } = await database.open();
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(market, market, async (before, now) => {
        const first = compose(++turn, before, null);
        const second = compose(++turn, now, first);
        for (const { cycle } of [first, second]) expect(await cycles.save(cycle)).toBe('SAVED');
        const read = new Map(
          (await cycles.byTurns([turn - 1, turn])).map((cycle) => [cycle.turn, cycle]),
        );
        const [one, two] = [turn - 1, turn].map((n) => new CycleFigures(read.get(n) as Cycle));
        if (!one || !two) throw new Error('a cycle is missing');
        expect(two.cycle).toEqual(second.cycle);
        for (const kind of ['ID_BENCHMARK', 'ID_DELTA', 'ID_PERCENT', 'QUANTID'] as const) {
          expect(bits(two.matrix(kind))).toBe(bits(second.matrix(kind)));
        }
        expect(bits(two.since(one).matrix('ID_PCT'))).toBe(
          bits(second.since(first).matrix('ID_PCT')),
        );
        expect(two.strengths).toEqual(second.strengths);
        expect(two.consistency).toEqual(second.consistency);
      }),
      { numRuns: 40 },
    );
  });

  it('is stored once: the same again is harmless, another one with its turn is refused', async () => {
    const { cycles } = await database.open();
    const cycle = cycleOf(1);
    expect(await cycles.save(cycle)).toBe('SAVED');
    expect(await cycles.save(cycle)).toBe('SAVED');
    expect(await cycles.save(cycleOf(1))).toBe('SAVED');
    const another = { ...cycle, completedAt: cycle.completedAt + 1 };
    expect(await cycles.save(another)).toBe('TURN_TAKEN');
    expect(await cycles.span()).toEqual({ oldest: 1, latest: 1 });
  });

  it('is one document that can be read in a Mongo shell, and its aux row is in strategy_aux', async () => {
    const name = `shell_${process.pid}`;
    const { cycles } = await database.open(name);
    await cycles.save(cycleOf(1));
    const connection = await mongoose
      .createConnection(database.engine.uri, { dbName: name })
      .asPromise();
    onTestFinished(() => connection.close());
    const document = await connection.collection('cycle_matrices').findOne({ turn: 1 });
    expect(JSON.stringify(document)).toContain('"BTC/USDT":"61000 60000 ');
    expect(await connection.collection('strategy_aux').findOne({ turn: 1 })).toMatchObject({
      turn: 1,
      leadSince: 1,
    });
    const { _id, ...another } = document ?? {};
    const inserted = connection.collection('cycle_matrices').insertOne(another);
    await expect(inserted).rejects.toThrow(/duplicate key/);
  });
});

describe('stored cycles', () => {
  it('are listed from either end, within turns and times', async () => {
    const { cycles } = await database.open();
    expect([await cycles.latest(), await cycles.span()]).toEqual([null, null]);
    for (let turn = 1; turn <= 6; turn++) await cycles.save(cycleOf(turn));
    const turns = async (range: Parameters<typeof cycles.range>[0]): Promise<number[]> =>
      (await cycles.range(range)).map(({ turn }) => turn);
    expect(await turns({ order: 'NEWEST_FIRST', limit: 3 })).toEqual([6, 5, 4]);
    expect(await turns({ order: 'OLDEST_FIRST', limit: 2, afterTurn: 2 })).toEqual([3, 4]);
    expect(await turns({ order: 'NEWEST_FIRST', limit: 9, beforeTurn: 3 })).toEqual([2, 1]);
    const [from, to] = [OBSERVED_AT + 2 * 8_000, OBSERVED_AT + 4 * 8_000];
    expect(await turns({ order: 'OLDEST_FIRST', limit: 9, from, to })).toEqual([2, 3]);
    expect((await cycles.latest())?.turn).toBe(6);
  });

  it('can be taken back, one or all up to a turn', async () => {
    const { cycles } = await database.open();
    for (let turn = 1; turn <= 4; turn++) await cycles.save(cycleOf(turn));
    await cycles.remove(4);
    expect(await cycles.removeThrough(2)).toBe(2);
    expect(await cycles.span()).toEqual({ oldest: 3, latest: 3 });
  });
});

describe('the settings of the strategy', () => {
  const initial = defaultSettings(['USDT', 'BTC']);

  it('begin as version 1, and keep every version', async () => {
    const { controlStore: store } = await database.open();
    const { strategy } = await store.control(initial);
    expect(strategy).toMatchObject({ ...initial, version: 1 });
    const second = await store.add(strategy, { ...initial, mode: 'MOMENTUM' });
    expect(second).toMatchObject({ version: 2, mode: 'MOMENTUM' });
    expect((await store.control(initial)).strategy).toEqual(second);
    expect(await store.version(1)).toEqual(strategy);
    expect(await store.versionsAfter(0)).toEqual([strategy, second]);
  });

  it('take one change at a time: of two at once, one is told to look again', async () => {
    const { controlStore: store } = await database.open();
    const { strategy } = await store.control(initial);
    const added = await Promise.all([
      store.add(strategy, { ...initial, tier: 'AGGRESSIVE' }),
      store.add(strategy, { ...initial, tier: 'CONSERVATIVE' }),
    ]);
    expect(added.filter((version) => version === null)).toHaveLength(1);
    expect((await store.control(initial)).strategy.version).toBe(2);
  });

  it('remember the highest purged turn, which never falls', async () => {
    const { controlStore: store } = await database.open();
    expect((await store.control(initial)).purgedThrough).toBe(0);
    await store.markPurged(7);
    await store.markPurged(3);
    expect((await store.control(initial)).purgedThrough).toBe(7);
  });
});

describe('a database', () => {
  const origin = {
    exchange: 'BINANCE',
    source: 'https://api.binance.com',
    account: 'PAPER',
  } as const;

  it('belongs to the exchange, address and kind of account of its first start', async () => {
    const name = `origin_${process.pid}`;
    await (await database.open(name)).claim(origin);
    const again = await database.open(name);
    await again.claim(origin);
    for (const change of [
      { exchange: 'REPLAY' },
      { source: 'https://api.binance.us' },
      { account: 'ACCOUNT' },
    ] as const) {
      await expect(again.claim({ ...origin, ...change })).rejects.toThrow(
        /^DATABASE_NAME: .* holds cycles of/,
      );
    }
  });
});
