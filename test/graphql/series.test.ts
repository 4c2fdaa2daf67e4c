import { beforeAll, describe, expect, it } from 'vitest';
import { MATRIX_KINDS } from '../../src/domain/matrix.js';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';

/** Its turns are a minute apart, by the exchange's clock: the first at 22:14:20 and 22:13:20 + n minutes. */
const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await scripted.runTurns(4);
});

const TURNS = [1, 2, 3, 4, 5];

type Column = readonly (number | null)[];
interface Lines {
  readonly every: string;
  readonly in: string | null;
  readonly starts: Column;
  readonly counts: Column;
  readonly firstTurns: Column;
  readonly lastTurns: Column;
  readonly lastIsFinal: boolean;
  readonly lines: readonly {
    readonly name: string;
    readonly unit: string;
    readonly values: Column;
    readonly nulls: readonly object[];
  }[];
}

/** What the cycles themselves say, turn by turn. */
async function atTurns(selection: string): Promise<Record<string, unknown>[]> {
  const cycles = TURNS.map((turn) => `t${turn}: cycle(turn: ${turn}) { ${selection} }`);
  const { data } = await query<Record<string, Record<string, unknown>>>(
    app,
    `{ ${cycles.join(' ')} }`,
  );
  return TURNS.map((turn) => data?.[`t${turn}`] ?? {});
}

async function linesOf(field: string, args: string): Promise<Lines> {
  const { data, errors } = await query<Record<string, Lines>>(
    app,
    `{ ${field}(${args}) { every in starts counts firstTurns lastTurns lastIsFinal
      lines { name unit values nulls { fromTurn toTurn reason } } } }`,
  );
  expect(errors).toBeUndefined();
  return data?.[field] as Lines;
}

const EVERY_TURN = 'from: "start", every: "turn"';

describe('series', () => {
  it.each(MATRIX_KINDS)('of %s are what the cycles say, turn by turn', async (kind) => {
    const { lines, starts, firstTurns } = await linesOf(
      'series',
      `${EVERY_TURN}, kind: ${kind}, cells: [{base: "BTC", quote: "USDT"}, {base: "USDT", quote: "BTC"},
        {base: "ETH", quote: "USDT"}, {base: "XRP", quote: "BTC"}]`,
    );
    const cycles = await atTurns(`observedAt matrix(kind: ${kind}) {
      a: cell(base: "BTC", quote: "USDT") { value } b: cell(base: "USDT", quote: "BTC") { value }
      c: cell(base: "ETH", quote: "USDT") { value } d: cell(base: "XRP", quote: "BTC") { value } }`);
    const column = (name: string) =>
      cycles.map(({ matrix }) => (matrix as Record<string, { value: number }>)[name]?.value);
    expect(lines.map(({ values }) => values)).toEqual(['a', 'b', 'c', 'd'].map(column));
    expect(firstTurns).toEqual(TURNS);
    expect(starts).toEqual(cycles.map(({ observedAt }) => Date.parse(observedAt as string)));
  });

  it('say where there is no value, and why', async () => {
    const { lines } = await linesOf(
      'series',
      `${EVERY_TURN}, cells: [{base: "XRP", quote: "BTC"}]`,
    );
    expect(lines).toMatchObject([
      {
        name: 'XRP/BTC',
        unit: 'QUOTE_PER_BASE',
        values: [null, null, null, null, null],
        nulls: [{ fromTurn: 1, toTurn: 5, reason: 'NO_PATH' }],
      },
    ]);
  });

  it('gather turns in buckets that are the same in every answer', async () => {
    const cells = 'cells: [{base: "BTC", quote: "USDT"}]';
    const whole = await linesOf('series', `from: "start", every: "2m", ${cells}`);
    expect(whole.counts.reduce((sum: number, count) => sum + (count ?? 0), 0)).toBe(5);
    const part = await linesOf('series', `from: "now-1m", every: "2m", ${cells}`);
    const offset = whole.starts.length - part.starts.length;
    expect(offset).toBeGreaterThan(0);
    expect(part.starts).toEqual(whole.starts.slice(offset));
    expect(part.lines[0]?.values).toEqual(whole.lines[0]?.values.slice(offset));
    expect([whole.every, whole.lastIsFinal]).toEqual(['2m', false]);
    expect(whole.lastTurns.at(-1)).toBe(5);
  });

  it('of buckets that are past are read once, whatever else is asked', async () => {
    const plans = [];
    for (const rest of ['lines { values }', 'counts', 'counts lines { paths { path } }']) {
      const { data } = await query<{ series: { plan: object } }>(
        app,
        `{ series(from: "start", every: "5s", cells: [{base: "BTC", quote: "USDT"}]) {
          ${rest} plan { turns fromKept } } }`,
      );
      plans.push(data?.series.plan);
    }
    // The newest turn is in buckets that go on, and in memory, as all of them are.
    const again = { turns: 1, fromKept: true };
    expect(plans).toEqual([{ turns: 5, fromKept: true }, again, again]);
  });

  it.each([
    ['assetSeries', 'assets: ["ETH"], figure: STRENGTH', 'assets { symbol figure: strength }'],
    ['assetSeries', 'assets: ["ETH"], figure: QUANT', 'assets { symbol figure: quant }'],
    [
      'assetSeries',
      'assets: ["ETH"], figure: PRICE, in: "BTC"',
      'assets { symbol figure: price(in: "BTC") }',
    ],
  ])('%s(%s) are what the cycles say', async (field, args, selection) => {
    const { lines } = await linesOf(field, `${EVERY_TURN}, ${args}`);
    const cycles = await atTurns(selection);
    expect(lines[0]?.values).toEqual(
      cycles.map(
        ({ assets }) =>
          (assets as { symbol: string; figure: number | null }[]).find(
            ({ symbol }) => symbol === 'ETH',
          )?.figure,
      ),
    );
  });

  it('of the wallet are what the cycles say, whole and by asset', async () => {
    const answer = await linesOf('walletSeries', `${EVERY_TURN}, in: "BTC", byAsset: true`);
    const cycles = await atTurns('wallet { value(in: "BTC") balances { asset value(in: "BTC") } }');
    const wallets = cycles.map(
      ({ wallet }) =>
        wallet as { value: number; balances: { asset: string; value: number | null }[] },
    );
    expect(answer.in).toBe('BTC');
    expect(answer.lines[0]?.values).toEqual(wallets.map(({ value }) => value));
    const held = answer.lines.find(({ name }) => name === 'BALANCE USDT');
    expect(held?.unit).toBe('BTC');
    expect(held?.values).toEqual(
      wallets.map(({ balances }) => balances.find(({ asset }) => asset === 'USDT')?.value),
    );
  });

  it('of the strategy and of consistency are what the cycles say', async () => {
    const strategy = await linesOf(
      'strategySeries',
      `${EVERY_TURN}, figures: [QUANT, SHIFT, GRT, IMPRINT, LUGGAGE]`,
    );
    const consistency = await linesOf('consistencySeries', EVERY_TURN);
    const cycles = await atTurns(
      'aux { quant shift grt imprint luggage } consistency { medianBps maxBps }',
    );
    const of = (part: string, name: string) =>
      cycles.map((cycle) => (cycle[part] as Record<string, number | null>)[name]);
    expect(strategy.lines.map(({ values }) => values)).toEqual(
      ['quant', 'shift', 'grt', 'imprint', 'luggage'].map((name) => of('aux', name)),
    );
    expect(consistency.lines.map(({ values, unit }) => [unit, values])).toEqual(
      ['medianBps', 'maxBps'].map((name) => ['BASIS_POINTS', of('consistency', name)]),
    );
  });

  it('can be transformed, and rounded', async () => {
    const { data } = await query<{ series: { lines: Record<string, Column>[] } }>(
      app,
      `{ series(${EVERY_TURN}, cells: [{base: "BTC", quote: "USDT"}]) { lines {
        values
        differences: values(transform: [{kind: DIFFERENCE}])
        returns: values(transform: [{kind: LOG_RETURN}, {kind: MOVING_AVERAGE, length: 2}])
        rounded: values(digits: 3) } } }`,
    );
    const [line] = data?.series.lines ?? [];
    const values = (line?.['values'] ?? []) as readonly number[];
    const before = (at: number) => values[at - 1] as number;
    expect(line?.['differences']).toEqual(
      values.map((value, at) => (at === 0 ? null : value - before(at))),
    );
    const returns = values.map((value, at) => Math.log(value / before(at)));
    expect(line?.['returns']).toEqual(
      values.map((_, at) => (at < 2 ? null : ((returns[at - 1] ?? 0) + (returns[at] ?? 0)) / 2)),
    );
    expect(line?.['rounded']).toEqual(values.map((value) => Number(value.toPrecision(3))));
  });
});

describe('candles', () => {
  it('are first, highest, lowest and last of the turns in each bucket', async () => {
    const { data, errors } = await query<{
      candles: { starts: Column; lines: Record<string, Column>[] };
      series: { starts: Column; lines: { values: readonly number[] }[] };
    }>(
      app,
      `{ candles(cells: [{base: "ETH", quote: "BTC"}], every: "2m", from: "start") {
          starts lines { open high low close counts } }
        series(${EVERY_TURN}, cells: [{base: "ETH", quote: "BTC"}]) { starts lines { values } } }`,
    );
    expect(errors).toBeUndefined();
    const [line] = data?.candles.lines ?? [];
    const moments = (data?.series.starts ?? []) as readonly number[];
    const values = data?.series.lines[0]?.values ?? [];
    data?.candles.starts.forEach((start, bucket) => {
      const within = values.filter((_, at) => {
        const moment = moments[at] as number;
        return moment >= (start as number) && moment < (start as number) + 120_000;
      });
      expect(
        ['open', 'high', 'low', 'close', 'counts'].map((name) => line?.[name]?.[bucket]),
      ).toEqual([
        within[0],
        Math.max(...within),
        Math.min(...within),
        within.at(-1),
        within.length,
      ]);
    });
  });
});

describe('a wrong argument of a series', () => {
  const cells = 'cells: [{base: "BTC", quote: "USDT"}]';

  it.each([
    [`series(from: "yesterday", ${cells})`, 'from'],
    [`series(from: "start", to: "now+", ${cells})`, 'to'],
    [`series(from: "start", every: "5x", ${cells})`, 'every'],
    [`series(from: "start", every: "1s", maxPoints: 3, ${cells})`, 'every'],
    [`series(from: "start", maxPoints: 0, ${cells})`, 'maxPoints'],
    ['series(from: "start", cells: [])', 'cells'],
    ['series(from: "start", cells: [{base: "NONE", quote: "USDT"}])', 'cells'],
    ['assetSeries(from: "start", figure: QUANT, in: "BTC", assets: ["BTC"])', 'in'],
    ['assetSeries(from: "start", figure: PRICE, in: "NONE", assets: ["BTC"])', 'in'],
    ['assetSeries(from: "start", figure: QUANT, assets: ["BTC", "BTC"])', 'assets'],
    ['walletSeries(from: "start", in: "NONE")', 'in'],
  ])('%s is an error on that field, which names it', async (field, argument) => {
    const { data, errors } = await query(app, `{ asked: ${field} { every } status { version } }`);
    expect(data).toMatchObject({ asked: null, status: {} });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});
