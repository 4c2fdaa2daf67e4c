import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/frame.js';
import { symbolShortage } from '../../src/market/shortage.js';
import { frameAt } from '../support/scripted-market.js';

const [ticker] = frameAt(0).tickers;
const frameOf = (...symbols: string[]): Frame => ({
  observedAt: 0,
  tickers: symbols.map((symbol) => ({ ...ticker!, symbol })),
});

describe('a shortage of symbols', () => {
  it.each<[string, string[], string[], string[], string | null]>([
    ['exactly half of them', ['A', 'B', 'C', 'D'], ['A', 'B'], ['A', 'B', 'C', 'D'], null],
    [
      'one less than half',
      ['A', 'B', 'C', 'D'],
      ['A'],
      ['A', 'B', 'C', 'D'],
      "only 1 of the last turn's 4 symbols are valid",
    ],
    [
      'new ones in the place of the old',
      ['A', 'B', 'C'],
      ['A', 'X', 'Y'],
      ['A', 'B', 'C'],
      "only 1 of the last turn's 3 symbols are valid",
    ],
    ['half of those that still trade', ['A', 'B', 'C', 'D'], ['A'], ['A', 'B'], null],
    ['none', ['A'], [], ['A'], 'no symbol of the universe has a valid price'],
  ])('with %s: of %j %j are valid, %j trade', (_name, before, valid, listed, expected) => {
    expect(symbolShortage(frameOf(...valid), frameOf(...before), listed)).toBe(expected);
  });

  it('is none at a first turn with any valid symbol', () => {
    expect(symbolShortage(frameOf('A'), null, ['A', 'B', 'C'])).toBeNull();
  });
});
