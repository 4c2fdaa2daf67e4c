import type { ExchangeFeed, TickerStatistics } from './feed.js';

/** A way in which an exchange can fail. */
export type Fault =
  /** Never answers. */
  | { readonly kind: 'HANG' }
  /** Closes the connection without a word. */
  | { readonly kind: 'RESET' }
  /** An error status: with Binance's own words, as a proxy's page, or with nothing at all. */
  | {
      readonly kind: 'STATUS';
      readonly status: number;
      readonly body: 'JSON' | 'HTML' | 'NONE';
      /** The header as it is sent. */
      readonly retryAfter?: string;
      /** Named in the words of a ban: milliseconds since 1970. */
      readonly bannedUntil?: number;
    }
  /** Sends elsewhere. */
  | { readonly kind: 'REDIRECT'; readonly status: number; readonly to: string }
  /** An answer of so many bytes, as they are or packed into a few. */
  | { readonly kind: 'FLOOD'; readonly bytes: number; readonly packed: boolean }
  /** An answer that comes byte by byte, without an end. */
  | { readonly kind: 'TRICKLE' }
  /** An answer that says it is longer than it is, and stays open. */
  | { readonly kind: 'TOO_SHORT' }
  /** An answer that says it is packed, and is not. */
  | { readonly kind: 'NOT_PACKED' }
  /** 200 with a page instead of data. */
  | { readonly kind: 'HTML' }
  /** The connection ends in the middle of the answer. */
  | { readonly kind: 'CUT_OFF' }
  /** A whole answer whose JSON ends too early. */
  | { readonly kind: 'TRUNCATED' }
  /** JSON of another shape. */
  | { readonly kind: 'MALFORMED' }
  /** Tickers without some of the symbols: only the first few stay. */
  | { readonly kind: 'MISSING_SYMBOLS'; readonly keep: number }
  /** Tickers with symbols that were not asked for. */
  | { readonly kind: 'EXTRA_SYMBOLS' }
  /** Tickers whose prices are all zero. */
  | { readonly kind: 'ZEROS' }
  /** Prices stand still at a moment while the clock goes on. */
  | { readonly kind: 'FROZEN'; readonly at: number }
  /** Numbers, null and lists where decimal text belongs. */
  | { readonly kind: 'WRONG_TYPES' }
  /** The exchange's clock is off. */
  | { readonly kind: 'SKEWED_CLOCK'; readonly byMs: number };

interface Order {
  readonly fault: Fault;
  readonly path: string | null;
  remaining: number;
}

/** The faults in force; tests switch them on and off while a server runs. */
export class Faults {
  readonly #orders: Order[] = [];

  /**
   * Puts a fault in force.
   * @param path only for this path, for example `/api/v3/account`; all paths by default
   * @param times only for so many requests; until {@link clear} by default
   */
  add(
    fault: Fault,
    { path = null, times = Infinity }: { path?: string | null; times?: number } = {},
  ) {
    this.#orders.push({ fault, path, remaining: times });
  }

  clear(): void {
    this.#orders.length = 0;
  }

  /** How far the exchange's clock is off: milliseconds. */
  get skewMs(): number {
    return this.#orders.reduce(
      (sum, { fault }) => sum + (fault.kind === 'SKEWED_CLOCK' ? fault.byMs : 0),
      0,
    );
  }

  /** The faults that one request meets; each is counted. */
  meet(path: string): readonly Fault[] {
    const met = this.#orders.filter(
      (order) => order.remaining > 0 && (order.path === null || order.path === path),
    );
    for (const order of met) order.remaining--;
    return met.map(({ fault }) => fault);
  }
}

/** The tickers as a faulty exchange gives them. */
export function faultyTickers(
  feed: ExchangeFeed,
  at: number,
  symbols: readonly string[] | undefined,
  faults: readonly Fault[],
): readonly object[] {
  const frozen = faults.find((fault) => fault.kind === 'FROZEN');
  const tickers = feed.tickers(frozen?.at ?? at, symbols);
  return faults.reduce<readonly object[]>(
    (rows, fault) => distort(rows as readonly TickerStatistics[], fault, feed, at),
    tickers,
  );
}

function distort(
  rows: readonly TickerStatistics[],
  fault: Fault,
  feed: ExchangeFeed,
  at: number,
): readonly object[] {
  switch (fault.kind) {
    case 'MISSING_SYMBOLS':
      return rows.slice(0, fault.keep);
    case 'EXTRA_SYMBOLS': {
      const [first] = feed.tickers(at);
      return [
        ...rows,
        { ...first, symbol: 'NOTASKED' },
        { ...first },
        { price: '1' },
        null as never,
      ];
    }
    case 'ZEROS':
      return rows.map((row) => ({
        ...row,
        lastPrice: '0.00000000',
        openPrice: '0.00000000',
        bidPrice: '0.00000000',
        askPrice: '0.00000000',
      }));
    case 'WRONG_TYPES':
      return rows.map((row) => ({ ...row, lastPrice: 12.5, openPrice: null, closeTime: ['1'] }));
    default:
      return rows;
  }
}

/** Candles as a faulty exchange gives them: of the first few each is odd in another way. */
export function faultyKlines(
  rows: readonly (readonly unknown[])[],
  faults: readonly Fault[],
): readonly unknown[] {
  if (!faults.some(({ kind }) => kind === 'WRONG_TYPES')) return rows;
  const [openTime, close] = [0, 4];
  return rows.map((row, at) => {
    if (at === 1) return null;
    if (at === 2) return row.with(close, 'twelve');
    if (at === 3) return row.with(close, '-1');
    if (at === 4) return row.with(openTime, Number(row[openTime]) + 1);
    return at === 5 ? rows[6] : row;
  });
}
