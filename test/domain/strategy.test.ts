import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeCycle, type CycleFigures } from '../../src/domain/cycle.js';
import {
  leadOf,
  STRATEGY_MODES,
  STRATEGY_TIERS,
  type StrategyConfig,
} from '../../src/domain/strategy.js';
import { expectSameFigures } from '../support/agreement.js';
import { market, OBSERVED_AT } from '../support/arbitraries.js';
import { definedStrategy, type PastTurn, type WorkedOut } from '../support/defined-strategy.js';

/** Runs turns one after another, as the pipeline does. */
function run(history: readonly PastTurn[]): CycleFigures[] {
  const done: CycleFigures[] = [];
  for (const { turn, universe, frame, holdings, config } of history) {
    done.push(
      composeCycle({
        turn,
        startedAt: frame.observedAt,
        completedAt: frame.observedAt,
        exchange: 'SIMULATED',
        universe,
        frame,
        holdings,
        config,
        staleAfterMs: 60_000,
        intervalMs: 1_000,
        previous: done.at(-1) ?? null,
      }),
    );
  }
  return done;
}

const balance = fc.record({
  free: fc.constantFrom('0', '1.5', '100.00000001'),
  locked: fc.constantFrom('0', '2'),
});

/** Turns over markets that come and go, under settings that change, with balances that move. */
const history: fc.Arbitrary<PastTurn[]> = fc
  .array(
    fc.record({
      market,
      tier: fc.constantFrom(...STRATEGY_TIERS),
      mode: fc.constantFrom(...STRATEGY_MODES),
      quantBase: fc.constantFrom('USDT', 'USDT', 'BTC', 'GONE'),
      source: fc.constantFrom('ACCOUNT', 'ACCOUNT', 'PAPER'),
      balances: fc.dictionary(fc.constantFrom('BTC', 'ETH', 'USDT', 'OUT'), balance),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((turns) =>
    turns.map(({ market: { universe, tickers }, source, balances, ...settings }, index) => ({
      turn: index + 1,
      universe,
      frame: { observedAt: OBSERVED_AT + index * 8_000, tickers },
      holdings: {
        source,
        balances: Object.entries(balances).map(([asset, amounts]) => ({ asset, ...amounts })),
      },
      config: {
        ...settings,
        version: 1,
        updatedAt: 0,
        expectedImprint: 1.01,
        expectedLuggage: 0.99,
      } satisfies StrategyConfig,
    })),
  );

describe('the strategy figures of any history', () => {
  it('agree with the definitions, worked out independently', () => {
    fc.assert(
      fc.property(history, (turns) => {
        const defined = definedStrategy(turns);
        for (const [at, { cycle }] of run(turns).entries()) {
          const { aux, isClose } = defined[at] as WorkedOut;
          if (isClose) break;
          expectSameFigures(cycle.aux, aux);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('say that an expectation is reached exactly when it is, and nothing where the figure is null', () => {
    fc.assert(
      fc.property(history, (turns) => {
        for (const { cycle } of run(turns)) {
          const { imprint, luggage, imprintReached, luggageReached } = cycle.aux;
          expect(imprintReached).toBe(imprint === null ? null : imprint >= 1.01);
          expect(luggageReached).toBe(luggage >= 0.99);
        }
      }),
    );
  });
});

describe('the lead', () => {
  const universe = ['A', 'B', 'C', 'D'];
  const lead = (values: (number | null)[], mode: StrategyConfig['mode']) =>
    leadOf({ universe, values }, mode);

  it.each([
    ['NEUTRAL', [0.1, -0.5, null, 0.4], 'B'],
    ['MOMENTUM', [0.1, -0.5, null, 0.4], 'D'],
    ['REVERSION', [0.1, -0.5, null, 0.4], 'B'],
    ['NEUTRAL', [null, -0.5, 0.5, 0.5], 'B'],
    ['MOMENTUM', [0.2, 0.5, 0.5, null], 'B'],
    ['REVERSION', [0, 0, 0, 0], 'A'],
    ['NEUTRAL', [null, null, null, null], null],
  ] as const)('by %s of %j is %s: ties go to the earlier asset', (mode, values, expected) => {
    expect(lead([...values], mode)).toBe(expected);
  });
});
