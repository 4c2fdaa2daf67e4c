import { beforeAll, describe, expect, it } from 'vitest';
import { query, type Answer, type RunningApp } from '../support/app.js';
import { runBookedTurns } from '../support/booked-turns.js';
import { ScriptedApp } from '../support/scripted-app.js';

const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await runBookedTurns(scripted);
});

const cycle = <Data>(selection: string): Promise<Answer<{ cycle: Data }>> =>
  query<{ cycle: Data }>(app, `{ cycle(turn: 2) { ${selection} } }`);

describe('ID_BENCHMARK at a price to trade at', () => {
  it.each<[string, (number | null)[][]]>([
    [
      'price: MID',
      [
        [1, 1 / 61_000, null],
        [61_000, 1, 1 / 0.05],
        [null, 0.05, 1],
      ],
    ],
    [
      'price: TAKE',
      [
        [1, 1 / 61_100, null],
        [60_900, 1, 1 / 0.051],
        [null, 0.049, 1],
      ],
    ],
    [
      'price: TAKE, feeBps: 10',
      [
        [1, (1 / 61_100) * (1 - 10 / 10_000), null],
        [60_900 * (1 - 10 / 10_000), 1, (1 / 0.051) * (1 - 10 / 10_000)],
        [null, 0.049 * (1 - 10 / 10_000), 1],
      ],
    ],
    [
      'price: TAKE, feeBps: 10000',
      [
        [1, 0, null],
        [0, 1, 0],
        [null, 0, 1],
      ],
    ],
  ])('%s, by hand', async (args, values) => {
    const assets = '["USDT", "BTC", "ETH"]';
    const { data, errors } = await cycle<object>(
      `matrix(kind: ID_BENCHMARK, ${args}, bases: ${assets}, quotes: ${assets}) { kind unit values }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.cycle).toEqual({
      matrix: { kind: 'ID_BENCHMARK', unit: 'QUOTE_PER_BASE', values },
    });
  });

  it('says of a cell without bid and ask where its rate comes from, and at LAST is what it was', async () => {
    const { data } = await cycle<object>(
      `taken: matrix(kind: ID_BENCHMARK, price: TAKE) { cell(base: "ETH", quote: "USDT") { value source path ageMs } }
       last: matrix(kind: ID_BENCHMARK, price: LAST, feeBps: 0) { cell(base: "ETH", quote: "USDT") { value } }`,
    );
    expect(data?.cycle).toEqual({
      taken: { cell: { value: null, source: 'DIRECT', path: ['ETHUSDT'], ageMs: 1500 } },
      last: { cell: { value: 3050 } },
    });
  });

  it.each([
    ['kind: ID_DELTA, price: MID', 'price', 'price: expected with ID_BENCHMARK, not ID_DELTA'],
    [
      'kind: QUANTID, price: TAKE, feeBps: 5',
      'price',
      'price: expected with ID_BENCHMARK, not QUANTID',
    ],
    ['kind: ID_BENCHMARK, feeBps: 5', 'feeBps', 'feeBps: expected with TAKE, not LAST'],
    ['kind: ID_BENCHMARK, price: MID, feeBps: 5', 'feeBps', 'feeBps: expected with TAKE, not MID'],
    [
      'kind: ID_BENCHMARK, price: TAKE, feeBps: -1',
      'feeBps',
      'feeBps: expected 0 to 10000, not -1',
    ],
    ['kind: ID_BENCHMARK, price: TAKE, feeBps: 10000.5', 'feeBps', 'not 10000.5'],
  ])('refuses %s in words, and the rest of the answer stands', async (args, argument, words) => {
    const { data, errors } = await cycle(`turn matrix(${args}) { values }`);
    expect(data).toEqual({ cycle: { turn: 2, matrix: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).toContain(words);
  });
});

describe('a wallet', () => {
  it('is worth what selling it would bring, and says what has no such price', async () => {
    const { data, errors } = await cycle<object>(`wallet {
      last: value mid: value(price: MID) take: value(price: TAKE, feeBps: 10)
      inEth: value(in: "ETH", price: TAKE) unpriced(in: "ETH", price: TAKE) lastUnpriced: unpriced(in: "ETH")
      balances { asset value(price: TAKE, feeBps: 10) } }`);
    expect(errors).toBeUndefined();
    const bitcoin = 0.75 * (60_900 * (1 - 10 / 10_000));
    expect(data?.cycle).toEqual({
      wallet: {
        last: 100.5 + 0.75 * 61_000,
        mid: 100.5 + 0.75 * 61_000,
        take: 100.5 + bitcoin,
        // Of ETHUSDT nothing is bid and asked.
        inEth: 0.75 * (1 / 0.051),
        unpriced: ['USDT', 'XRP'],
        lastUnpriced: ['XRP'],
        balances: [
          { asset: 'USDT', value: 100.5 },
          { asset: 'BTC', value: bitcoin },
          { asset: 'XRP', value: null },
        ],
      },
    });
  });

  it('has the prices of assets at the same prices', async () => {
    const { data } = await cycle<object>('assets { symbol price(price: TAKE, in: "BTC") }');
    expect(data?.cycle).toEqual({
      assets: [
        { symbol: 'USDT', price: 1 / 61_100 },
        { symbol: 'BTC', price: 1 },
        { symbol: 'ETH', price: 0.049 },
        { symbol: 'XRP', price: null },
      ],
    });
  });

  it('refuses a fee without TAKE', async () => {
    const { errors } = await cycle('wallet { value(feeBps: 1) }');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'feeBps' } }]);
  });
});

describe('convert', () => {
  const SELECTION = '{ amount rate path reason turn }';
  const convert = (args: string) => query(app, `{ convert(${args}) ${SELECTION} }`);

  it.each([
    [
      'amount: "0.10000001", from: "BTC", to: "USDT"',
      { amount: '6090.000609', rate: 60_900, path: ['BTCUSDT'], reason: null },
    ],
    [
      'amount: 0.1, from: "BTC", to: "USDT", price: LAST',
      { amount: '6100', rate: 61_000, path: ['BTCUSDT'], reason: null },
    ],
    [
      'amount: 1e-7, from: "BTC", to: "USDT", price: MID',
      { amount: '0.0061', rate: 61_000, path: ['BTCUSDT'], reason: null },
    ],
    [
      'amount: "2", from: "BTC", to: "USDT", feeBps: 10',
      { amount: '121678.2', rate: 60_839.1, path: ['BTCUSDT'], reason: null },
    ],
    [
      'amount: "2", from: "ETH", to: "USDT"',
      { amount: null, rate: null, path: ['ETHUSDT'], reason: 'NO_BID_ASK' },
    ],
    [
      'amount: "2", from: "XRP", to: "USDT"',
      { amount: null, rate: null, path: [], reason: 'NO_PATH' },
    ],
    ['amount: "2", from: "BTC", to: "BTC"', { amount: '2', rate: 1, path: [], reason: null }],
  ])('%s of a turn, by hand', async (args, expected) => {
    const { data, errors } = await convert(`${args}, turn: 2`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ convert: { ...expected, turn: 2 } });
  });

  it('without a turn is by the newest, and takes its amount from a variable as it is written', async () => {
    const document = `query ($amount: Decimal!) { convert(amount: $amount, from: "BTC", to: "USDT", price: LAST) ${SELECTION} }`;
    for (const amount of ['1.5', 1.5]) {
      const { data } = await query(app, document, { amount });
      expect(data).toMatchObject({ convert: { amount: '91605', turn: 3 } });
    }
  });

  it.each([
    ['amount: "-1", from: "BTC", to: "USDT"', 'amount'],
    ['amount: -1, from: "BTC", to: "USDT"', 'amount'],
    ['amount: "1,5", from: "BTC", to: "USDT"', 'amount'],
    ['amount: "", from: "BTC", to: "USDT"', 'amount'],
    ['amount: "1", from: "OUT", to: "USDT"', 'from'],
    ['amount: "1", from: "BTC", to: "OUT"', 'to'],
    ['amount: "1", from: "BTC", to: "USDT", price: LAST, feeBps: 1', 'feeBps'],
    ['amount: "1", from: "BTC", to: "USDT", turn: 9', 'turn'],
  ])('refuses %s, and names the argument', async (args, argument) => {
    const { data, errors } = await convert(args);
    expect(data).toEqual({ convert: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});
