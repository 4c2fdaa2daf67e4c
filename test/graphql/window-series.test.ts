import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { runMinutes } from '../support/minute-prices.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { RawSocket } from '../support/socket.js';

/** BTC in USDT, and ETH in BTC, at turns that are a minute apart: each is the last of its minute. */
const BTC = [61_000, 61_100, 60_900, 61_300, 61_200, 61_500, 61_350];
const ETH = [0.05, 0.0501, 0.0499, 0.0502, 0.0503, 0.0501, 0.0504];
const TURNS = BTC.map((_, at) => at + 1);

const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await runMinutes(scripted, { BTCUSDT: BTC, ETHBTC: ETH });
});

const returnsOf = (prices: readonly number[]): number[] =>
  prices.slice(1).map((now, at) => Math.log(now / prices[at]!));
/** Percent a year, by hand: of the sample deviation of returns of a minute. */
const yearly = (returns: readonly number[]): number => {
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return 100 * Math.sqrt(squares / (returns.length - 1)) * Math.sqrt(365 * 24 * 60);
};

interface Assets {
  readonly assets: readonly { readonly symbol: string; readonly volatility: number | null }[];
}
interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

async function costOf(operation: string): Promise<number> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: operation, extensions: { cost: true } }),
  });
  const answer = (await response.json()) as { extensions: { cost: { requested: number } } };
  return answer.extensions.cost.requested;
}

const VOLATILITY = 'volatility(in: "BTC", over: "3m", every: "1m")';

describe('the volatility of an asset', () => {
  it('is of the returns of whole buckets, in the asset that is asked for, by hand', async () => {
    const { data, errors } = await query<{ then: Assets; early: Assets }>(
      app,
      `{ then: cycle(turn: 6) { assets { symbol ${VOLATILITY} } }
        early: cycle(turn: 4) { assets { symbol ${VOLATILITY} } } }`,
    );
    expect(errors).toBeUndefined();
    const [usdt, btc, eth, xrp] = data!.then.assets;
    // Of turns 2 to 5: turn 6 is in the bucket that is not closed.
    expect(eth?.volatility).toBeCloseTo(yearly(returnsOf(ETH.slice(1, 5))), 9);
    expect(usdt?.volatility).toBeCloseTo(yearly(returnsOf(BTC.slice(1, 5))), 9);
    // BTC does not vary in itself, and nothing has a price in XRP.
    expect([btc?.volatility, xrp?.volatility]).toEqual([0, null]);
    // Turn 1 was two minutes before turn 2: there is one return, of turn 3.
    expect(data!.early.assets.map(({ volatility }) => volatility)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('is in the quant base where nothing is said, and comes with each cycle to who subscribes', async () => {
    const socket = await RawSocket.open(app);
    const selection =
      'turn assets { symbol usdt: volatility(in: "USDT", over: "3m", every: "1m") own: volatility(over: "3m", every: "1m") }';
    const subscription = `subscription { cycleCompleted(after: 6) { ${selection} } }`;
    socket.send({ type: 'subscribe', id: '1', payload: { query: subscription } });
    const told = (await socket.next())['payload'] as { data: { cycleCompleted: object } };
    const { data } = await query<{ cycle: { assets: Record<'usdt' | 'own', number>[] } }>(
      app,
      `{ cycle(turn: 7) { ${selection} } }`,
    );
    expect(told.data.cycleCompleted).toEqual(data?.cycle);
    expect(data?.cycle.assets.map(({ own }) => own)).toEqual(
      data?.cycle.assets.map(({ usdt }) => usdt),
    );
    expect(data?.cycle.assets[1]?.usdt).toBeCloseTo(yearly(returnsOf(BTC.slice(2, 6))), 9);
    socket.close();
  });

  it.each([
    ['over: "90s", every: "1m"', 'over'],
    ['over: "2m", every: "1m"', 'over'],
    ['over: "3m", every: "turn"', 'every'],
    ['over: "3m", every: "1m", in: "OUT"', 'in'],
  ])('refuses %s, and the rest of the answer stands', async (args, argument) => {
    const { data, errors } = await query<{ latestCycle: Assets }>(
      app,
      `{ latestCycle { assets { symbol volatility(${args}) } } }`,
    );
    expect(data?.latestCycle.assets.map(({ symbol }) => symbol)).toEqual([
      'USDT',
      'BTC',
      'ETH',
      'XRP',
    ]);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument } });
  });

  it('costs one window for all assets of a cycle, and is refused where there are too many', async () => {
    const latest = (over: string) =>
      `{ latestCycle { assets { volatility(over: "${over}", every: "1m") } } }`;
    const short = await costOf(latest('10m'));
    const long = await costOf(latest('1000m'));
    expect(long).toBeGreaterThan(short + 4 * 90);
    const { errors } = await query(
      app,
      '{ cycles(first: 100) { nodes { assets { volatility(over: "10000s", every: "1s") } } } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
  });
});

describe('series over a window', () => {
  it('are at each turn what the cycles say', async () => {
    const lines = `lines { name base quote asset unit values staleCounts pathCount paths { path }
      nulls { fromTurn toTurn reason } }`;
    const { data, errors } = await query<
      Record<'cells' | 'figures', { in: string; lines: Line[] }>
    >(
      app,
      `{ cells: windowSeries(cells: [{base: "ETH", quote: "USDT"}, {base: "ETH", quote: "BTC"}],
          kind: BETA, in: "BTC", over: "3m", step: "1m", from: "start", every: "turn") { in ${lines} }
        figures: assetSeries(assets: ["ETH", "USDT"], figure: VOLATILITY, in: "BTC", over: "3m", step: "1m",
          from: "start", every: "turn") { in ${lines} } }`,
    );
    expect(errors).toBeUndefined();
    const cycles = await query<
      Record<string, Assets & Record<'windowMatrix', { values: number[][] }>>
    >(
      app,
      `{ ${TURNS.map((turn) => `t${turn}: cycle(turn: ${turn}) { ...C }`).join(' ')} }
      fragment C on Cycle { assets { symbol ${VOLATILITY} }
        windowMatrix(kind: BETA, in: "BTC", over: "3m", every: "1m", bases: ["ETH"], quotes: ["USDT", "BTC"]) { values } }`,
    );
    const said = TURNS.map((turn) => cycles.data![`t${turn}`]!);
    const { cells, figures } = data!;
    expect([cells.in, figures.in]).toEqual(['BTC', 'BTC']);
    expect(cells.lines.map(({ values }) => values)).toEqual(
      [0, 1].map((at) => said.map(({ windowMatrix }) => windowMatrix.values[0]![at])),
    );
    expect(figures.lines.map(({ values }) => values)).toEqual(
      [2, 0].map((at) => said.map(({ assets }) => assets[at]!.volatility)),
    );
    expect(cells.lines[0]?.values.slice(-2)).not.toContain(null);
    expect(cells.lines[0]).toMatchObject({
      ...{ name: 'ETH~USDT BETA', base: 'ETH', quote: 'USDT', asset: null, unit: 'NONE' },
      ...{ pathCount: null, paths: null, staleCounts: TURNS.map(() => 0) },
      nulls: [{ fromTurn: 1, toTurn: 5, reason: 'TOO_FEW_RETURNS' }],
    });
    expect(cells.lines[1]).toMatchObject({
      nulls: [
        { fromTurn: 1, toTurn: 5, reason: 'TOO_FEW_RETURNS' },
        { fromTurn: 6, toTurn: 7, reason: 'NO_VALUE' },
      ],
    });
    expect(figures.lines[0]).toMatchObject({
      ...{ name: 'ETH VOLATILITY', asset: 'ETH', base: null, unit: 'PERCENT_A_YEAR' },
    });
  });

  it('have every aggregate, with a lag, and a plan of what was read', async () => {
    const { data, errors } = await query<{ windowSeries: { lines: object[]; plan: object } }>(
      app,
      `{ windowSeries(cells: [{base: "ETH", quote: "ETH"}], kind: COVARIANCE, in: "USDT", over: "3m", step: "1m",
          lag: 1, from: "start", every: "1d") { lines { last: values count: values(of: COUNT) low: values(of: MIN) }
          plan { turns } } }`,
    );
    expect(errors).toBeUndefined();
    const inUsdt = ETH.map((price, at) => price * BTC[at]!);
    // Seen from turn 7: of turns 4 to 6, against those of 3 to 5.
    const [own, earlier] = [returnsOf(inUsdt.slice(2, 6)), returnsOf(inUsdt.slice(1, 5))];
    const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / 3;
    const products = own.map((a, k) => (a - mean(own)) * (earlier[k]! - mean(earlier)));
    const covariance = (products[0]! + products[1]! + products[2]!) / 2;
    const line = data?.windowSeries.lines[0] as Record<'last' | 'count' | 'low', number[]>;
    expect(line.last[0]).toBeCloseTo(covariance, 15);
    expect(line.count).toEqual([1]);
    expect(line.low).toEqual(line.last);
    expect(data?.windowSeries.plan).toEqual({ turns: TURNS.length });
  });

  it.each([
    ['windowSeries', 'cells: [{base: "ETH", quote: "USDT"}], kind: BETA'],
    ['assetSeries', 'assets: ["ETH"], figure: VOLATILITY'],
  ])('%s costs by how long the windows of its points are', async (field, what) => {
    const range = 'step: "1m", from: "start", every: "1m", maxPoints: 500';
    const over = (span: string) => `{ ${field}(${what}, over: "${span}", ${range}) { every } }`;
    expect(await costOf(over('1003m'))).toBe((await costOf(over('3m'))) + 1000);
  });

  const CELL = 'cells: [{base: "ETH", quote: "USDT"}], kind: BETA, from: "start"';
  it.each([
    ['windowSeries', `${CELL}, over: "90s", step: "1m"`, 'over'],
    ['windowSeries', `${CELL}, over: "3m", step: "turn"`, 'step'],
    ['windowSeries', `${CELL}, over: "3m", step: "1m", lag: 101`, 'lag'],
    ['windowSeries', `${CELL}, over: "3m", step: "1m", in: "OUT"`, 'in'],
    ['windowSeries', 'cells: [], kind: BETA, from: "start", over: "3m", step: "1m"', 'cells'],
    [
      'windowSeries',
      'cells: [{base: "OUT", quote: "BTC"}], kind: BETA, from: "start", over: "3m", step: "1m"',
      'cells',
    ],
    ['assetSeries', 'assets: ["ETH"], figure: VOLATILITY, step: "1m", from: "start"', 'over'],
    ['assetSeries', 'assets: ["ETH"], figure: VOLATILITY, over: "3m", from: "start"', 'step'],
    ['assetSeries', 'assets: ["ETH"], figure: PRICE, over: "3m", from: "start"', 'over'],
    ['assetSeries', 'assets: ["ETH"], figure: STRENGTH, step: "1m", from: "start"', 'step'],
    [
      'assetSeries',
      'assets: ["OUT"], figure: VOLATILITY, over: "3m", step: "1m", from: "start"',
      'assets',
    ],
  ])('%s refuses %s', async (field, args, argument) => {
    const { data, errors } = await query(app, `{ ${field}(${args}) { every } }`);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});
