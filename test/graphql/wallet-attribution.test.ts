import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { frameAt, observed } from '../support/scripted-market.js';

const MINUTE = 60_000;
const START = 1_700_000_040_000;
/** BTC in USDT, and how much of it is held, at turns that are a minute apart; first the turn of the start. */
const PRICES = [60_000, 60_000, 61_000, 61_500, null, 62_000];
const AMOUNTS = [1, 1, 1, 1.5, 1.5, 2];

const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  let turn = 1;
  scripted.market.answerWith(() => {
    const at = Math.min(turn++, PRICES.length - 1);
    const { observedAt, tickers } = frameAt(START + at * MINUTE);
    const last = PRICES[at];
    const ether = tickers.find(({ symbol }) => symbol === 'ETHUSDT')!;
    const others = [ether, { ...ether, symbol: 'XRPUSDT', base: 'XRP' }];
    const bitcoin = tickers
      .filter(({ symbol }) => symbol === 'BTCUSDT' && typeof last === 'number')
      .map((ticker) => ({ ...ticker, last: last as number }));
    return observed(
      { observedAt, tickers: [...bitcoin, ...others] },
      { source: 'PAPER', balances: [{ asset: 'BTC', free: String(AMOUNTS[at]), locked: '0' }] },
    );
  });
  await scripted.runTurns(5);
});

const at = (minute: number): string => new Date(START + minute * MINUTE).toISOString();
const LINE = '{ asset price flow unpriced }';
const SHOWN = `{ in startValue endValue starts assets ${LINE} total ${LINE} }`;

describe('the attribution of the wallet', () => {
  it('says of each asset, and of all, what the market did, what came, and what had no price, by hand', async () => {
    const { data, errors } = await query(
      app,
      `{ whole: walletAttribution(in: "USDT", from: "${at(1)}") ${SHOWN}
        minutes: walletAttribution(in: "USDT", from: "${at(1)}", to: "${at(4)}", every: "1m") ${SHOWN} }`,
    );
    expect(errors).toBeUndefined();
    const parts = { price: [1_500], flow: [0.5 * 61_500], unpriced: [-1.5 * 61_500 + 2 * 62_000] };
    expect(data).toEqual({
      whole: {
        ...{ in: 'USDT', startValue: 60_000, endValue: 124_000, starts: [START + MINUTE] },
        assets: [{ asset: 'BTC', ...parts }],
        total: { asset: null, ...parts },
      },
      minutes: {
        ...{ in: 'USDT', startValue: 60_000, endValue: 92_250 },
        starts: [1, 2, 3].map((minute) => START + minute * MINUTE),
        assets: [
          {
            ...{ asset: 'BTC', price: [0, 1_000, 500] },
            ...{ flow: [0, 0, 30_750], unpriced: [0, 0, 0] },
          },
        ],
        total: {
          ...{ asset: null, price: [0, 1_000, 500] },
          ...{ flow: [0, 0, 30_750], unpriced: [0, 0, 0] },
        },
      },
    });
  });

  it.each([
    ['from: "start", in: "OUT"', 'in'],
    ['from: "now", to: "start"', 'from'],
    ['from: "yesterday"', 'from'],
    ['from: "start", to: "never"', 'to'],
    ['from: "start", every: "1x"', 'every'],
  ])('refuses %s, and the rest of the answer stands', async (args, argument) => {
    const { data, errors } = await query(
      app,
      `{ walletAttribution(${args}) { in } latestCycle { turn } }`,
    );
    expect(data).toEqual({ walletAttribution: null, latestCycle: { turn: 6 } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});
