import { plainDecimal } from '../../domain/decimal.js';
import type { CycleStore } from '../../history/cycle-store.js';
import type { TurnChunk, TurnChunks } from '../../history/turn-chunk.js';
import type { Kline, KlineQuery } from '../served/klines.js';

export interface PastCandlesOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
}

/** The prices of one candle so far, and the turns that they are of. */
interface Prices {
  readonly open: number;
  high: number;
  low: number;
  close: number;
}

type Found = Map<number, Prices>;

/**
 * Candles of what the stored turns saw: the first, the highest, the lowest and the last of their
 * last prices. A candle in whose time no turn saw the symbol is left out.
 */
export class PastCandles {
  readonly #options: PastCandlesOptions;

  constructor(options: PastCandlesOptions) {
    this.#options = options;
  }

  /** @param now candles are made of turns up to this moment, milliseconds since 1970 */
  async read(query: KlineQuery, now: number, isGone: () => boolean): Promise<readonly Kline[]> {
    const { interval, limit } = query;
    const last = interval.openOf(Math.min(query.to ?? now, now));
    const end = Math.min(interval.shifted(last, 1), now + 1);
    const found: Found = new Map();
    if (query.from !== null) {
      const opens = interval.openOf(query.from);
      const from = opens === query.from ? opens : interval.shifted(opens, 1);
      await this.#collect(found, query, { from, to: end, most: limit, isGone });
      return klinesOf(found, query).slice(0, limit);
    }
    // Where some have no price, as many before them.
    for (let to = end; found.size < limit && !isGone();) {
      const newest = await this.#turnWithin(0, to, 'NEWEST_FIRST');
      if (newest === null) break;
      const from = interval.shifted(newest.at, found.size - limit + 1);
      await this.#collect(found, query, { from, to, most: Infinity, isGone });
      to = from;
    }
    return klinesOf(found, query).slice(-limit);
  }

  async #collect(
    found: Found,
    { symbol, interval }: KlineQuery,
    range: Range & { readonly most: number; readonly isGone: () => boolean },
  ): Promise<void> {
    const first = await this.#turnWithin(range.from, range.to, 'OLDEST_FIRST');
    const last = await this.#turnWithin(range.from, range.to, 'NEWEST_FIRST');
    if (first === null || last === null) return;
    for await (const chunk of this.#options.chunks.chunks(first.turn, last.turn)) {
      for (const [at, price] of await pricesWithin(chunk, symbol, range)) {
        const opens = interval.openOf(at);
        const known = found.get(opens);
        if (known) add(known, price);
        else found.set(opens, { open: price, high: price, low: price, close: price });
      }
      // The last one may go on in the next chunk.
      if (found.size > range.most || range.isGone()) return;
    }
  }

  async #turnWithin(from: number, to: number, order: 'NEWEST_FIRST' | 'OLDEST_FIRST') {
    const [found] = await this.#options.cycles.range({ from, to, order, limit: 1 });
    if (!found) return null;
    const at = 'frame' in found ? found.frame.observedAt : Math.max(from, to - 1);
    return { turn: found.turn, at };
  }
}

/** Milliseconds since 1970, the end not included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

async function pricesWithin(
  chunk: TurnChunk,
  symbol: string,
  { from, to }: Range,
): Promise<[number, number][]> {
  const pairs = chunk.listed.filter((pair) => pair.symbol === symbol);
  const columns = await chunk.load(pairs);
  const prices: [number, number][] = [];
  chunk.observedAt.forEach((at, index) => {
    if (!(at >= from && at < to)) return;
    const last = columns.map((column) => column.last[index] ?? NaN).find((price) => price > 0);
    if (last !== undefined) prices.push([at, last]);
  });
  return prices;
}

function add(prices: Prices, price: number): void {
  prices.high = Math.max(prices.high, price);
  prices.low = Math.min(prices.low, price);
  prices.close = price;
}

function klinesOf(found: Found, { interval }: KlineQuery): Kline[] {
  return [...found]
    .sort(([one], [other]) => one - other)
    .map(([openTime, { open, high, low, close }]) => ({
      openTime,
      closeTime: interval.shifted(openTime, 1) - 1,
      open: text(open),
      high: text(high),
      low: text(low),
      close: text(close),
    }));
}

function text(price: number): string {
  return plainDecimal(price) ?? '0';
}
