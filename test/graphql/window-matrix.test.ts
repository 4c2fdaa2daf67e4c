import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { runMinutes } from '../support/minute-prices.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { RawSocket } from '../support/socket.js';

/** BTC in USDT, and ETH in BTC, at turns that are a minute apart: each is the last of its minute. */
const BTC = [61_000, 61_100, 60_900, 61_300, 61_200, 61_500];
const ETH = [0.05, 0.0501, 0.0499, 0.0502, 0.0503, 0.0501];

const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await runMinutes(scripted, { BTCUSDT: BTC, ETHBTC: ETH });
});

type Cells = readonly (readonly (number | null)[])[];
interface Table {
  readonly values: Cells;
  readonly counts: Cells;
}

const returnsOf = (prices: readonly number[]): number[] =>
  prices.slice(1).map((now, at) => Math.log(now / prices[at]!));
/** Of turns 2 to 5: turn 6 is in the bucket that is not closed. */
const [BTC_RETURNS, ETH_RETURNS] = [returnsOf(BTC.slice(1, 5)), returnsOf(ETH.slice(1, 5))];
const covariance = (a: readonly number[], b: readonly number[]): number => {
  const mean = (list: readonly number[]) =>
    list.reduce((sum, value) => sum + value, 0) / list.length;
  const products = a.map((value, at) => (value - mean(a)) * (b[at]! - mean(b)));
  return products.reduce((sum, value) => sum + value, 0) / (a.length - 1);
};

const WINDOW = 'in: "BTC", over: "3m", every: "1m"';

describe('a matrix over a window', () => {
  it('is of the returns of whole buckets, in the asset that is asked for, by hand', async () => {
    const shown = '{ kind in bases quotes values counts staleCounts }';
    const { data, errors } = await query<{ latestCycle: Record<string, Table> }>(
      app,
      `{ latestCycle {
        covariance: windowMatrix(kind: COVARIANCE, ${WINDOW}, bases: ["USDT", "ETH", "XRP"], quotes: ["ETH"]) ${shown}
        beta: windowMatrix(kind: BETA, ${WINDOW}, bases: ["USDT"], quotes: ["ETH"]) ${shown}
        correlation: windowMatrix(kind: CORRELATION, ${WINDOW}) ${shown} } }`,
    );
    expect(errors).toBeUndefined();
    const usdt = BTC_RETURNS.map((value) => -value);
    const { covariance: found, beta, correlation } = data!.latestCycle;
    expect(found).toMatchObject({
      ...{ kind: 'COVARIANCE', in: 'BTC', bases: ['USDT', 'ETH', 'XRP'], quotes: ['ETH'] },
      ...{ counts: [[3], [3], [0]], staleCounts: [[0], [0], [0]] },
    });
    expect(found!.values[0]![0]).toBeCloseTo(covariance(usdt, ETH_RETURNS), 15);
    expect(found!.values[1]![0]).toBeCloseTo(covariance(ETH_RETURNS, ETH_RETURNS), 15);
    expect(found!.values[2]![0]).toBeNull();
    const variance = covariance(ETH_RETURNS, ETH_RETURNS);
    expect(beta!.values[0]![0]).toBeCloseTo(covariance(usdt, ETH_RETURNS) / variance, 12);
    // USDT, BTC, ETH, XRP: BTC does not vary in itself, and nothing has a price in XRP.
    expect(correlation!.values.map((row) => row.map((value) => value === null))).toEqual([
      [false, true, false, true],
      [true, true, true, true],
      [false, true, false, true],
      [true, true, true, true],
    ]);
    expect(correlation!.values[0]![0]).toBe(1);
  });

  it('is the same of a stored turn, and none where there are too few buckets', async () => {
    const { data } = await query<Record<'then' | 'early', { windowMatrix: Table }>>(
      app,
      `{ then: cycle(turn: 6) { windowMatrix(kind: COVARIANCE, ${WINDOW}, bases: ["ETH"], quotes: ["ETH"]) { values } }
        early: cycle(turn: 4) { windowMatrix(kind: COVARIANCE, ${WINDOW}, bases: ["ETH"], quotes: ["ETH"]) { values counts } } }`,
    );
    expect(data?.then.windowMatrix.values[0]?.[0]).toBeCloseTo(
      covariance(ETH_RETURNS, ETH_RETURNS),
      15,
    );
    // Turn 1 was two minutes before turn 2: there is one return, of turn 3.
    expect(data?.early.windowMatrix).toEqual({ values: [[null]], counts: [[1]] });
  });

  it.each([
    ['over: "90s", every: "1m"', 'over'],
    ['over: "2m", every: "1m"', 'over'],
    ['over: "1w", every: "1m"', 'over'],
    ['over: "1x", every: "1m"', 'over'],
    ['over: "3m", every: "turn"', 'every'],
    ['over: "3m", every: "1m", lag: 101', 'lag'],
    ['over: "3m", every: "1m", lag: -1', 'lag'],
    ['over: "3m", every: "1m", in: "OUT"', 'in'],
    ['over: "3m", every: "1m", bases: ["OUT"]', 'bases'],
    ['over: "3m", every: "1m", quotes: ["BTC", "BTC"]', 'quotes'],
  ])('refuses %s, and the rest of the answer stands', async (args, argument) => {
    const { data, errors } = await query(
      app,
      `{ latestCycle { turn windowMatrix(kind: BETA, ${args}) { values } } }`,
    );
    expect(data).toEqual({ latestCycle: { turn: 6, windowMatrix: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  it('costs what it takes: of many long ones, an operation is refused before it begins', async () => {
    const { errors } = await query(
      app,
      '{ cycles(first: 100) { nodes { windowMatrix(kind: BETA, over: "10000s", every: "1s") { values } } } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
  });

  it('comes with each cycle to who subscribes', async () => {
    const socket = await RawSocket.open(app);
    const selection = `turn windowMatrix(kind: CORRELATION, ${WINDOW}) { values(digits: 6) counts }`;
    const subscription = `subscription { cycleCompleted(after: 5) { ${selection} } }`;
    socket.send({ type: 'subscribe', id: '1', payload: { query: subscription } });
    const told = (await socket.next())['payload'] as { data: { cycleCompleted: object } };
    const { data } = await query<{ cycle: object }>(app, `{ cycle(turn: 6) { ${selection} } }`);
    expect(told.data.cycleCompleted).toEqual(data?.cycle);
    socket.close();
  });
});
