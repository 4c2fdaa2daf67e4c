import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { frameAt, observed } from '../support/scripted-market.js';

const MINUTE = 60_000;
const START = 1_700_000_040_000;
/** BTC in USDT at turns that are a minute apart, from turn 1 on, the one of the start, which has its own price. */
const PRICES = [60_000, 60_500, 61_000, 59_000, null, 62_000, 61_500];

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
    const bitcoin = tickers
      .filter(({ symbol }) => symbol === 'BTCUSDT' && typeof last === 'number')
      .map((ticker) => ({ ...ticker, last: last as number }));
    return observed({ observedAt, tickers: [...bitcoin, ether] });
  });
  await scripted.runTurns(PRICES.length - 1);
});

const DOCUMENT = `query Test($input: AlertInput!, $from: Moment!, $to: Moment) {
  testAlert(input: $input, from: $from, to: $to) { total firings { turn observedAt value } }
  latestCycle { turn }
}`;
const CELL = { kind: 'CELL', base: 'BTC', quote: 'USDT' };

const at = (turn: number) => new Date(START + (turn - 1) * MINUTE).toISOString();

function test(input: object, from = at(2), to?: string) {
  const whole = { name: 'a rule', line: CELL, condition: { above: 0 }, ...input };
  return query(app, DOCUMENT, { input: whole, from, ...(to !== undefined && { to }) });
}

/** What is told of the turns, each by its number. */
function firings(...turns: number[]) {
  return turns.map((turn) => {
    return { turn, observedAt: at(turn), value: PRICES[turn - 1] };
  });
}

describe('testAlert', () => {
  it.each<[object, number[]]>([
    [{ condition: { above: 60_500 } }, [3, 6]],
    [{ condition: { below: 60_500 } }, [4]],
    [{ condition: { crosses: 60_500 } }, [4, 6]],
    // 61,000 to 59,000 are -3.3 percent; turn 5 has no value, and so turn 6 none to look back to.
    [{ condition: { movesPercent: 3, within: '1m' } }, [4]],
    // Turn 6 looks back to turn 4: 59,000 to 62,000 are 5.1 percent.
    [{ condition: { movesPercent: 3, within: '2m' } }, [6]],
    [{ condition: { above: 60_500 }, cooldown: '3m' }, [3, 6]],
    [{ condition: { above: 60_500 }, cooldown: '4m' }, [3]],
    [{ condition: { above: 60_500 }, cooldown: null, enabled: false }, [3, 6]],
  ])('tells the firings of %j from the second turn on, by hand', async (input, turns) => {
    const { data, errors } = await test(input);
    expect(errors).toBeUndefined();
    expect(data?.['testAlert']).toEqual({ total: turns.length, firings: firings(...turns) });
  });

  it('begins with its range, and ends before its end', async () => {
    const { data } = await test({ condition: { above: 60_500 } }, at(3), at(6));
    expect(data?.['testAlert']).toEqual({ total: 1, firings: firings(3) });
    const later = await test({ condition: { above: 60_500 } }, at(4), at(7));
    expect(later.data?.['testAlert']).toEqual({ total: 1, firings: firings(6) });
  });

  it('knows figures beside rates', async () => {
    const lines = [
      { kind: 'CELL', base: 'USDT', quote: 'BTC', matrix: 'ID_PERCENT' },
      { kind: 'CELL', base: 'BTC', quote: 'USDT', price: 'TAKE', feeBps: 10 },
      { kind: 'ASSET', asset: 'BTC', figure: 'STRENGTH' },
      { kind: 'ASSET', asset: 'BTC', figure: 'PRICE', in: 'ETH' },
      { kind: 'WALLET' },
      { kind: 'BALANCE', asset: 'BTC', in: 'USDT' },
      { kind: 'STRATEGY', strategy: 'IMPRINT' },
      { kind: 'CONSISTENCY', consistency: 'MEDIAN_BPS' },
      { kind: 'WINDOW', base: 'BTC', quote: 'ETH', window: 'BETA', over: '3m', step: '1m' },
    ];
    for (const line of lines) {
      const { data, errors } = await test({ line });
      expect(errors).toBeUndefined();
      expect(data?.['testAlert']).toMatchObject({ total: expect.any(Number) as number });
    }
  });

  it.each<[object, string, string | undefined]>([
    [{ name: ' ' }, 'input.name', undefined],
    [{ name: 'x'.repeat(101) }, 'input.name', undefined],
    [{ condition: {} }, 'input.condition', undefined],
    [{ condition: { above: 1, crosses: 2 } }, 'input.condition', undefined],
    [{ condition: { movesPercent: 1 } }, 'input.condition.within', undefined],
    [{ condition: { movesPercent: 1, within: '1x' } }, 'input.condition.within', undefined],
    [{ condition: { movesPercent: -1, within: '1m' } }, 'input.condition.movesPercent', undefined],
    [{ condition: { below: 1, within: '1m' } }, 'input.condition.within', undefined],
    [{ cooldown: '0s' }, 'input.cooldown', undefined],
    [{ line: { kind: 'CELL', base: 'BTC' } }, 'input.line.quote', undefined],
    [{ line: { ...CELL, asset: 'BTC' } }, 'input.line.asset', undefined],
    [{ line: { ...CELL, quote: 'OUT' } }, 'input.line.quote', undefined],
    [{ line: { kind: 'WALLET', in: 'OUT' } }, 'input.line.in', undefined],
    [
      { line: { ...CELL, kind: 'WINDOW', window: 'BETA', over: '1q' } },
      'input.line.over',
      undefined,
    ],
    [{}, 'from', 'yesterday'],
    [{}, 'from', 'now+1d'],
  ])(
    'refuses %j and names %s, and the rest of the answer stands',
    async (input, argument, from) => {
      const { data, errors } = await test(input, from);
      expect(data).toEqual({ testAlert: null, latestCycle: { turn: PRICES.length } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    },
  );

  it.each([
    [8, CELL, null],
    [11, CELL, 'fields'],
    [
      6,
      { kind: 'WINDOW', base: 'BTC', quote: 'ETH', window: 'BETA', over: '3m', step: '1m' },
      null,
    ],
    [
      7,
      { kind: 'WINDOW', base: 'BTC', quote: 'ETH', window: 'BETA', over: '3m', step: '1m' },
      'cost',
    ],
  ])(
    '%i times in a request over the line %j is held against the limit of %s',
    async (count, line, limit) => {
      const runs = Array.from(
        { length: count },
        (_, run) => `run${run}: testAlert(input: $input, from: "start") { total }`,
      );
      const input = { name: 'a rule', line, condition: { above: 0 } };
      const { errors } = await query(app, `query ($input: AlertInput!) { ${runs.join(' ')} }`, {
        input,
      });
      const [refused] = errors ?? [];
      expect(refused?.extensions?.['limit'] ?? null).toBe(limit);
    },
  );
});
