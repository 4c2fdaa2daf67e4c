import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tradingPairs } from '../../src/domain/asset.js';
import { makeFrame } from '../../src/domain/frame.js';
import { parseExchangeInfo, parseTickers } from '../../src/exchange/binance/parse.js';
import { expectAgreement, expectClose, figuresOf } from '../support/agreement.js';
import { definedConsistency, definedFigures } from '../support/definitions.js';
import { UNIVERSE } from '../support/exchange.js';
import { largestAssets } from '../support/recorded.js';

const DATA = '../shared/data';
const read = (file: string): unknown => JSON.parse(readFileSync(`${DATA}/${file}`, 'utf8'));

interface Snapshot {
  readonly listing: string;
  readonly tickers: string;
  readonly observedAt: number;
}

const OF_2024: Snapshot = {
  listing: 'exchangeInfo/2024-09-08.json',
  tickers: 'ticker24hr/2024-07-29T172113Z.json',
  observedAt: Date.UTC(2024, 6, 29, 17, 21, 13),
};
const OF_2020: Snapshot = {
  listing: 'exchangeInfo/2020-10-09.json',
  tickers: 'ticker24hr/2020-10-09T020544Z.json',
  observedAt: Date.UTC(2020, 9, 9, 2, 5, 44),
};

function load({ listing, tickers, observedAt }: Snapshot) {
  const { listings } = parseExchangeInfo(read(listing));
  const readings = parseTickers(read(tickers));
  const frameOf = (universe: readonly string[]) =>
    makeFrame(tradingPairs(listings, universe), readings, observedAt);
  return { frameOf };
}

describe.skipIf(!existsSync(DATA))('recorded prices (where ../shared/data is there)', () => {
  it.each<[string, Snapshot, () => readonly string[]]>([
    ['the default universe of 2024', OF_2024, () => UNIVERSE],
    ['the default universe of 2020', OF_2020, () => UNIVERSE],
    [
      'the 100 assets with the largest quote volume',
      OF_2024,
      () => largestAssets(read(OF_2024.tickers), read(OF_2024.listing), 100),
    ],
  ])('of %s give the matrices of an independent computation', (_name, snapshot, assets) => {
    const universe = assets();
    const { tickers, observedAt } = load(snapshot).frameOf(universe);
    const figures = figuresOf(tickers, observedAt, universe);
    const defined = definedFigures(tickers, observedAt, universe);
    const cells = expectAgreement(figures, defined, observedAt);
    // Two assets of 2020 can be reached from nowhere.
    expect(cells).toBeGreaterThan((universe.length - 2) ** 2);
    expectClose(figures.strengths, defined.strengths);
    const differences = [...definedConsistency(tickers).values()].map(([bps]) => bps);
    expect(figures.consistency.maxBps).toBeCloseTo(Math.max(...differences), 6);
  });

  it('have 27 of the 36 pairs of the default universe, and crosses for the others', () => {
    const { tickers, observedAt } = load(OF_2024).frameOf(UNIVERSE);
    const figures = figuresOf(tickers, observedAt, UNIVERSE);
    // DOGEJPY came later.
    expect(tickers).toHaveLength(27);
    const crosses = UNIVERSE.flatMap((base, i) =>
      UNIVERSE.slice(i + 1).flatMap((quote, offset) =>
        figures.rates.path(i, i + 1 + offset).length === 2 ? [`${base}-${quote}`] : [],
      ),
    );
    expect(crosses).toEqual([
      'USDT-JPY',
      'ETH-DOGE',
      'BNB-DOGE',
      'DOGE-JPY',
      'USDC-BRL',
      'USDC-JPY',
      'BRL-EUR',
      'BRL-JPY',
      'EUR-JPY',
    ]);
  });

  it('are consistent to a few basis points', () => {
    const { tickers, observedAt } = load(OF_2024).frameOf(UNIVERSE);
    const { medianBps } = figuresOf(tickers, observedAt, UNIVERSE).consistency;
    expect(medianBps).toBeGreaterThan(0.5);
    expect(medianBps).toBeLessThan(4);
  });
});
