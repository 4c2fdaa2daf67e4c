import { readFileSync } from 'node:fs';
import { tradingPairs } from '../../src/domain/asset.js';
import { makeFrame, type Frame, type Ticker } from '../../src/domain/frame.js';
import { parseExchangeInfo, parseTickers } from '../../src/exchange/binance/parse.js';
import { SimulatedMarket } from '../../src/exchange/simulated/market.js';

export const DATA = '../shared/data';
const OBSERVED_AT = Date.UTC(2024, 6, 29, 17, 21, 13);
const read = (file: string): unknown => JSON.parse(readFileSync(`${DATA}/${file}`, 'utf8'));

/** Numbers in [0, 1) that a seed decides. */
function drawn(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/**
 * The recorded snapshot of 2024, then the same market moved by a seeded walk of last, bid and ask: most
 * last prices stay between bid and ask, some books are lost for a step.
 */
export function walkedSnapshot(universe: readonly string[], steps: number, seed: number): Frame[] {
  const { listings } = parseExchangeInfo(read('exchangeInfo/2024-09-08.json'));
  const readings = parseTickers(read('ticker24hr/2024-07-29T172113Z.json'));
  const first = makeFrame(tradingPairs(listings, universe), readings, OBSERVED_AT);
  const draw = drawn(seed);
  const frames = [first];
  let { tickers } = first;
  for (let step = 1; step <= steps; step++) {
    tickers = tickers.map((ticker) => moved(ticker, draw));
    frames.push({
      observedAt: OBSERVED_AT + step * 8_000,
      tickers: tickers.map((ticker) => (draw() < 0.02 ? { ...ticker, ask: 0 } : ticker)),
    });
  }
  return frames;
}

function moved(ticker: Ticker, draw: () => number): Ticker {
  const last = ticker.last * Math.exp(0.002 * (draw() - 0.5));
  const [below, above] = [1e-3 * draw() ** 2, 1e-3 * draw() ** 2];
  // One in ten trades was outside of what is bid and asked by now.
  const aside = draw() < 0.1 ? 2e-3 : 0;
  return { ...ticker, last, bid: last * (1 - below + aside), ask: last * (1 + above + aside) };
}

/** What the simulated exchange says at some moments. */
export function simulatedFrames(universe: readonly string[], steps: number, seed: number): Frame[] {
  const market = new SimulatedMarket(seed, universe);
  const listings = market.listings();
  const pairs = tradingPairs(listings, universe);
  return Array.from({ length: steps }, (_, step) => {
    const at = OBSERVED_AT + step * 60_000;
    const statistics = listings.map(({ symbol }) => market.ticker(symbol, at));
    return makeFrame(pairs, parseTickers(statistics.filter((each) => each !== null)), at);
  });
}
