import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameAt } from '../../../src/domain/series/frame-at.js';
import { market, OBSERVED_AT } from '../../support/arbitraries.js';
import { columnsOf } from '../../support/frame-columns.js';

describe('frames of columns', () => {
  it('are the frames that the columns were made of, but for the volumes', () => {
    fc.assert(
      fc.property(fc.array(market, { minLength: 1, maxLength: 5 }), (markets) => {
        const turns = markets.map(({ universe, tickers }, n) => ({
          turn: n + 1,
          observedAt: OBSERVED_AT + n,
          universe,
          frame: { observedAt: OBSERVED_AT + n, tickers },
        }));
        const columns = columnsOf(turns);
        turns.forEach(({ frame }, index) => {
          const tickers = frame.tickers.map((ticker) => ({ ...ticker, quoteVolume: NaN }));
          expect(frameAt(columns, index)).toEqual({ ...frame, tickers });
        });
      }),
    );
  });
});
