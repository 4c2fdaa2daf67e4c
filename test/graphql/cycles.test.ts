import { beforeEach, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { frameAt } from '../support/scripted-market.js';

const scripted = new ScriptedApp();
let app: RunningApp;
beforeEach(() => void ({ app } = scripted));

describe('the API', () => {
  it('answers for a matrix, whole, in part and rounded to digits', async () => {
    const { data, errors } = await query<{ latestCycle: Record<string, { values: unknown }> }>(
      app,
      `{ latestCycle {
        whole: matrix(kind: ID_BENCHMARK) { values }
        part: matrix(kind: ID_PERCENT, bases: ["ETH", "BTC"], quotes: ["USDT"]) {
          kind unit bases quotes scale values(digits: 3)
        }
        quantid: matrix(kind: QUANTID) { scale }
      } }`,
    );
    expect(errors).toBeUndefined();
    const frame = frameAt(0, 1);
    const [btc, , eth] = frame.tickers.map(({ last }) => last) as [number, number, number];
    expect(data?.latestCycle['whole']?.values).toEqual([
      [1, 1 / btc, 1 / eth, null],
      [btc, 1, 1 / (0.05 + 1e-5), null],
      [eth, 0.05 + 1e-5, 1, null],
      [null, null, null, 1],
    ]);
    expect(data?.latestCycle['part']).toEqual({
      kind: 'ID_PERCENT',
      unit: 'PERCENT',
      bases: ['ETH', 'BTC'],
      quotes: ['USDT'],
      scale: null,
      values: [[-0.359], [1.68]],
    });
    expect(data?.latestCycle['quantid']).toMatchObject({ scale: expect.any(Number) as number });
  });

  it('rounds every matrix of several to the digits that are asked for', async () => {
    type Tables = Record<string, { kind: string; values: (number | null)[][] }[]>;
    const { data } = await query<{ latestCycle: Tables }>(
      app,
      '{ latestCycle { full: matrices { kind values } short: matrices { kind values(digits: 4) } } }',
    );
    const { full = [], short = [] } = data?.latestCycle ?? {};
    expect(full).toHaveLength(5);
    const rounded = (value: number | null) => value && Number(value.toPrecision(4));
    expect(short).toEqual(
      full.map(({ kind, values }) => ({ kind, values: values.map((row) => row.map(rounded)) })),
    );
    expect(short).not.toEqual(full);
  });

  it('tells where a cell comes from', async () => {
    const { data } = await query(
      app,
      `{ latestCycle { matrix(kind: ID_BENCHMARK) {
        direct: cell(base: "BTC", quote: "USDT") { base quote value source path ageMs stale }
        inverse: cell(base: "USDT", quote: "BTC") { source path ageMs }
        identity: cell(base: "XRP", quote: "XRP") { value source path ageMs stale }
        none: cell(base: "XRP", quote: "BTC") { value source path ageMs stale }
        ages
        legs
      } staleAfterMs } }`,
    );
    expect(data).toEqual({
      latestCycle: {
        staleAfterMs: 60_000,
        matrix: {
          ages: [
            [0, 1500, 1500, null],
            [1500, 0, 1500, null],
            [1500, 1500, 0, null],
            [null, null, null, 0],
          ],
          legs: [
            [0, 1, 1, null],
            [1, 0, 1, null],
            [1, 1, 0, null],
            [null, null, null, 0],
          ],
          direct: {
            base: 'BTC',
            quote: 'USDT',
            value: 61010,
            source: 'DIRECT',
            path: ['BTCUSDT'],
            ageMs: 1500,
            stale: false,
          },
          inverse: { source: 'INVERSE', path: ['BTCUSDT'], ageMs: 1500 },
          identity: { value: 1, source: 'IDENTITY', path: [], ageMs: 0, stale: false },
          none: { value: null, source: null, path: [], ageMs: null, stale: null },
        },
      },
    });
  });

  it('lists the pairs that have two legs beside them, the worst first, as many as are asked for', async () => {
    const { data } = await query(
      app,
      `{ latestCycle { consistency { maxBps triangleCount
        triangles(first: 2) { pair base quote legs direct synthetic bps ageMs } } } }`,
    );
    const [direct, ether] = [61_010, 0.05 + 1e-5];
    const bps = 1e4 * Math.abs(Math.log((ether * direct) / 3_049));
    const close = (value: number): unknown => expect.closeTo(value, 9);
    expect(data).toEqual({
      latestCycle: {
        consistency: {
          maxBps: close(bps),
          triangleCount: 3,
          triangles: [
            {
              ...{ pair: 'BTCUSDT', base: 'BTC', quote: 'USDT', legs: ['ETHBTC', 'ETHUSDT'] },
              ...{ direct, synthetic: close(3_049 / ether), bps: close(bps), ageMs: 1500 },
            },
            {
              ...{ pair: 'ETHBTC', base: 'ETH', quote: 'BTC', legs: ['ETHUSDT', 'BTCUSDT'] },
              ...{ direct: ether, synthetic: close(3_049 / direct), bps: close(bps), ageMs: 1500 },
            },
          ],
        },
      },
    });
    const { errors } = await query(
      app,
      '{ latestCycle { consistency { triangles(first: 0) { bps } } } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
  });

  it('gives assets, wallet, aux, config and consistency of a cycle', async () => {
    const { data, errors } = await query<{ latestCycle: Record<string, unknown> }>(
      app,
      `{ latestCycle {
        id turn previousTurn msSincePreviousTurn exchange symbols startedAt observedAt completedAt
        assets { symbol strength quant balance price inBtc: price(in: "BTC") }
        wallet { source value inBtc: value(in: "BTC") unpriced balances { asset free locked total value } }
        aux { turn leadQuant leadSince luggage imprint grt }
        config { version tier mode quantBase expectedImprint }
        consistency { medianBps maxBps worst }
        matrices { kind }
      } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.latestCycle).toMatchObject({
      turn: 1,
      previousTurn: null,
      msSincePreviousTurn: null,
      exchange: 'SIMULATED',
      symbols: ['USDT', 'BTC', 'ETH', 'XRP'],
      observedAt: '2023-11-14T22:14:20.000Z',
      wallet: {
        source: 'PAPER',
        value: 100.5,
        inBtc: 100.5 * (1 / 61010),
        unpriced: [],
        balances: [{ asset: 'USDT', free: '100.50', locked: '0', total: '100.50', value: 100.5 }],
      },
      aux: { turn: 1, leadSince: 1, luggage: 1, imprint: 1, grt: null },
      config: {
        version: 1,
        tier: 'STANDARD',
        mode: 'NEUTRAL',
        quantBase: 'USDT',
        expectedImprint: 1,
      },
      consistency: { worst: ['BTCUSDT', 'ETHBTC', 'ETHUSDT'] },
    });
    expect(data?.latestCycle['assets']).toContainEqual({
      symbol: 'XRP',
      strength: null,
      quant: null,
      balance: null,
      price: null,
      inBtc: null,
    });
    expect(data?.latestCycle['matrices']).toHaveLength(5);
  });

  it('takes ID_PCT against the turn before, null at a first turn', async () => {
    await scripted.runTurns(1);
    const { data } = await query<{
      first: { matrix: { values: unknown } };
      second: { previousTurn: number; msSincePreviousTurn: number; matrix: { values: number[][] } };
    }>(
      app,
      `{
        first: cycle(turn: 1) { matrix(kind: ID_PCT) { values } }
        second: cycle(turn: 2) { previousTurn msSincePreviousTurn matrix(kind: ID_PCT) { values } }
        none: cycle(turn: 77) { turn }
      }`,
    );
    expect(data?.first.matrix.values).toEqual(Array(4).fill(Array(4).fill(null)));
    const change = 100 * (61020 / 60000 - 1) - 100 * (61010 / 60000 - 1);
    expect(data?.second).toMatchObject({ previousTurn: 1, msSincePreviousTurn: 60_000 });
    expect(data?.second.matrix.values[1]?.[0]).toBe(change);
    expect(data?.second.matrix.values[3]).toEqual([null, null, null, 0]);
    expect(data).toMatchObject({ none: null });
  });

  it('finds a cycle again by its id', async () => {
    const { data } = await query<{ latestCycle: { id: string } }>(app, '{ latestCycle { id } }');
    const again = await query(
      app,
      'query ($id: ID!) { node(id: $id) { id ... on Cycle { turn } } }',
      {
        id: data?.latestCycle.id,
      },
    );
    expect(again.data).toEqual({ node: { id: data?.latestCycle.id, turn: 1 } });
    expect((await query(app, '{ node(id: "Q3ljbGU6OTk") { id } }')).data).toEqual({ node: null });
    expect((await query(app, '{ node(id: "%%%") { id } }')).data).toEqual({ node: null });
  });
});
