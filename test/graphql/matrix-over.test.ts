import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';

/** Its turns are a minute apart, by the exchange's clock. */
const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await scripted.runTurns(3);
});

type Cells = readonly (readonly (number | null)[])[];

describe('a matrix over a span', () => {
  it('is held against the rates of our own frames that long ago', async () => {
    const { data, errors } = await query<
      Record<'now' | 'then', { rates: { values: Cells } }> & {
        now: Record<'delta' | 'percent', { against: number; values: Cells }>;
      }
    >(
      app,
      `{ now: cycle(turn: 4) {
          rates: matrix(kind: ID_BENCHMARK) { values against }
          delta: matrix(kind: ID_DELTA, over: "2m") { against values }
          percent: matrix(kind: ID_PERCENT, over: "2m", bases: ["ETH"], quotes: ["USDT"]) {
            against unit values } }
        then: cycle(turn: 2) { rates: matrix(kind: ID_BENCHMARK) { values } } }`,
    );
    expect(errors).toBeUndefined();
    const [b, a] = [data?.now.rates.values ?? [], data?.then.rates.values ?? []];
    expect(data?.now).toMatchObject({ rates: { against: null }, delta: { against: 2 } });
    expect(data?.now.delta.values).toEqual(
      b.map((row, i) =>
        row.map((value, j) => (value === null ? null : value - (a[i]?.[j] as number))),
      ),
    );
    const [now, then] = [b[2]?.[0] as number, a[2]?.[0] as number];
    expect(now).not.toBe(then);
    expect(data?.now.percent).toEqual({
      against: 2,
      unit: 'PERCENT',
      values: [[100 * (now / then - 1)]],
    });
  });

  it.each([
    ['90s', 2],
    ['1m', 3],
    ['3m', 1],
    // A minute ago is more than one and a half times as long ago, and before the first turn is nothing.
    ['30s', null],
    ['4m', null],
  ])('of %s goes by turn %s', async (over, against) => {
    const { data } = await query<{ cycle: { matrix: { values: Cells } } }>(
      app,
      `{ cycle(turn: 4) { matrix(kind: QUANTID, over: "${over}") { against values } } }`,
    );
    expect(data?.cycle.matrix).toMatchObject({ against });
    const [diagonal] = data?.cycle.matrix.values[0] ?? [];
    expect(diagonal).toBe(against === null ? null : 0);
  });

  it.each([
    ['kind: ID_BENCHMARK, over: "1m"', 'over: expected with a kind that looks back'],
    ['kind: ID_PCT, over: "1m"', 'over: expected with a kind that looks back'],
    ['kind: ID_DELTA, over: "1x"', 'over: is no span'],
    ['kind: ID_DELTA, over: "turn"', 'over: is no span'],
  ])('refuses %s in words, and the rest of the answer stands', async (args, words) => {
    const { data, errors } = await query(
      app,
      `{ latestCycle { turn matrix(${args}) { values } } }`,
    );
    expect(data).toEqual({ latestCycle: { turn: 4, matrix: null } });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'over' } });
    expect(errors?.[0]?.message).toContain(words);
  });
});
