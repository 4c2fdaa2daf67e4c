import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { runBookedTurns } from '../support/booked-turns.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { RawSocket } from '../support/socket.js';

const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await runBookedTurns(scripted);
});

interface Lines {
  readonly lines: readonly {
    readonly name: string;
    readonly unit: string;
    readonly values: readonly (number | null)[];
    readonly paths: readonly object[];
    readonly nulls: readonly object[];
  }[];
}

interface Wallet {
  readonly value: number;
  readonly balances: readonly { readonly asset: string; readonly value: number | null }[];
}

describe('series at a price to trade at', () => {
  const CELLS =
    'cells: [{base: "BTC", quote: "USDT"}, {base: "USDT", quote: "BTC"}, {base: "ETH", quote: "USDT"}]';
  const TURNS = [1, 2, 3];

  it.each([
    ['price: MID', 'MID'],
    ['price: TAKE', 'TAKE'],
    ['price: TAKE, feeBps: 7.5', 'TAKE less 7.5 bps'],
  ])(
    '%s are what the cycles say, turn by turn, and say why there is none',
    async (prices, words) => {
      const { data, errors } = await query<{ series: Lines }>(
        app,
        `{ series(${CELLS}, ${prices}, from: "start", every: "turn") {
        lines { name unit values paths { fromTurn toTurn path } nulls { fromTurn toTurn reason } } } }`,
      );
      expect(errors).toBeUndefined();
      const cycles = await query<Record<string, Record<'a' | 'b' | 'c', { value: number }>>>(
        app,
        `{ ${TURNS.map((turn) => `t${turn}: cycle(turn: ${turn}) { ...C }`).join(' ')} }
      fragment C on Cycle {
        matrix(kind: ID_BENCHMARK, ${prices}) {
          a: cell(base: "BTC", quote: "USDT") { value } b: cell(base: "USDT", quote: "BTC") { value }
          c: cell(base: "ETH", quote: "USDT") { value } } }`,
      );
      const column = (name: 'a' | 'b' | 'c') =>
        TURNS.map((turn) => {
          const { matrix } = cycles.data?.[`t${turn}`] as unknown as {
            matrix: Record<string, { value: number | null }>;
          };
          return matrix[name]?.value;
        });
      const lines = data?.series.lines ?? [];
      expect(lines.map(({ values }) => values)).toEqual([column('a'), column('b'), column('c')]);
      expect(lines.map(({ name }) => name)).toEqual(
        ['BTC/USDT', 'USDT/BTC', 'ETH/USDT'].map((name) => `${name} ${words}`),
      );
      expect(lines[2]).toMatchObject({
        unit: 'QUOTE_PER_BASE',
        paths: [{ fromTurn: 1, toTurn: 3, path: ['ETHUSDT'] }],
        nulls: [{ fromTurn: 2, toTurn: 2, reason: 'NO_BID_ASK' }],
      });
    },
  );

  it('have candles and the worth of the wallet, and REST has them too', async () => {
    const { data, errors } = await query<Record<'candles' | 'walletSeries' | 'series', Lines>>(
      app,
      `{ candles(${CELLS}, price: TAKE, every: "1h", from: "start") { lines { low close counts } }
        walletSeries(price: TAKE, in: "ETH", from: "start", every: "turn", byAsset: true) {
          lines { name values nulls { fromTurn toTurn reason } } }
        series(${CELLS}, price: TAKE, from: "start", every: "1h") { lines { low: values(of: MIN) close: values counts: values(of: COUNT) } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.candles).toEqual(data?.series);
    expect(data?.candles.lines[0]).toMatchObject({ low: [60_900], counts: [3] });
    const [whole, usdt] = data?.walletSeries.lines ?? [];
    expect(whole?.values[1]).toBe(0.75 * (1 / 0.051));
    expect(usdt).toMatchObject({ name: 'BALANCE USDT TAKE', nulls: [{ reason: 'NO_BID_ASK' }] });
    for (const path of [
      '/series?cells=BTC/USDT&price=TAKE&feeBps=7.5&from=start&every=turn',
      '/candles?cells=BTC/USDT&price=TAKE&feeBps=7.5&from=start&every=1h',
    ]) {
      const response = await fetch(`${app.url}${path}`);
      expect(response.status).toBe(200);
      const { lines } = (await response.json()) as {
        lines: { values?: number[]; low?: number[] }[];
      };
      const { values = [], low = [] } = lines[0] ?? {};
      expect(Math.min(...values, ...low)).toBe(60_900 * (1 - 7.5 / 10_000));
    }
    expect((await fetch(`${app.url}/series?cells=BTC/USDT&feeBps=x&from=start`)).status).toBe(400);
  });

  it.each(['price: LAST', 'price: MID', 'price: TAKE', 'price: TAKE, feeBps: 12'])(
    'of what is held are, asset by asset and as a whole, what the wallet of each cycle is worth: %s',
    async (prices) => {
      for (const worthIn of ['', ', in: "ETH"', ', in: "BTC"']) {
        const { data, errors } = await query<{ walletSeries: Lines }>(
          app,
          `{ walletSeries(${prices}${worthIn}, byAsset: true, from: "start", every: "turn") {
            lines { name values nulls { fromTurn toTurn reason } } } }`,
        );
        expect(errors).toBeUndefined();
        const value = `value(${prices}${worthIn})`;
        const cycles = await query<Record<string, { wallet: Wallet }>>(
          app,
          `{ ${TURNS.map((turn) => `t${turn}: cycle(turn: ${turn}) { ...W }`).join(' ')} }
          fragment W on Cycle { wallet { ${value} balances { asset ${value} } } }`,
        );
        const wallets = TURNS.map((turn) => cycles.data?.[`t${turn}`]?.wallet as Wallet);
        const [whole, ...parts] = data?.walletSeries.lines ?? [];
        expect(whole?.values).toEqual(wallets.map((wallet) => wallet.value));
        expect(parts.map(({ name }) => name.split(' ')[1])).toEqual(['USDT', 'BTC', 'XRP']);
        for (const { name, values } of parts) {
          const [, asset] = name.split(' ');
          const held = wallets.map(({ balances }) => balances.find((each) => each.asset === asset));
          expect(values).toEqual(held.map((balance) => balance?.value ?? null));
        }
        // BTC and XRP are not held at turn 1, and XRP has no price.
        expect(parts[1]?.nulls[0]).toEqual({ fromTurn: 1, toTurn: 1, reason: 'NOT_HELD' });
        expect(parts[2]?.nulls).toEqual([
          { fromTurn: 1, toTurn: 1, reason: 'NOT_HELD' },
          { fromTurn: 2, toTurn: 3, reason: 'NO_PATH' },
        ]);
      }
    },
  );

  it('grow by the turn as they are answered', async () => {
    const socket = await RawSocket.open(app);
    const selection = 'lastTurns lines { name values }';
    socket.send({
      type: 'subscribe',
      id: '1',
      payload: {
        query: `subscription { seriesUpdated(${CELLS}, price: TAKE, feeBps: 5, every: "turn", after: 0) { ${selection} } }`,
      },
    });
    const told = (await socket.next())['payload'] as { data: { seriesUpdated: object } };
    const { data } = await query<{ series: object }>(
      app,
      `{ series(${CELLS}, price: TAKE, feeBps: 5, from: "start", every: "turn") { ${selection} } }`,
    );
    expect(told.data.seriesUpdated).toEqual(data?.series);
    socket.close();
  });

  it.each([
    ['series', 'kind: ID_DELTA, price: MID, from: "start"', 'price'],
    ['series', 'feeBps: 1, from: "start"', 'feeBps'],
    ['candles', 'price: MID, feeBps: 1, from: "start", every: "1h"', 'feeBps'],
    ['candles', 'price: TAKE, feeBps: 10001, from: "start", every: "1h"', 'feeBps'],
  ])('%s refuses %s', async (field, args, argument) => {
    const { data, errors } = await query(app, `{ ${field}(${CELLS}, ${args}) { every } }`);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  it('refuses to grow at a price that does not go with its matrix', async () => {
    const socket = await RawSocket.open(app);
    const { errors } = await socket.run(
      `subscription { seriesUpdated(${CELLS}, kind: QUANTID, price: MID, every: "1m") { starts } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'price' } }]);
    socket.close();
  });
});
