import { decimalsFor, decimalsOfRate, decimalsOfTick, formatNumber } from '../format/numbers.js';
import type { Grid } from './grid.js';
import { COVARIANCE_SCALE, isSigned, type ShownKind } from './kinds.js';

/** A listed pair, and the steps that its price goes by. */
export interface Listing {
  readonly base: string;
  readonly quote: string;
  readonly tickSize: string | null;
}

/** Beside a listed pair, more significant digits than that are of no use in a table. */
const MOST_SIGNIFICANT = 6;

/**
 * About what one base costs; null where that is not known.
 * @param prices of each asset, all in the same one
 */
export function rateBetween(
  prices: ReadonlyMap<string, number>,
  base: string,
  quote: string,
): number | null {
  const [one, other] = [prices.get(base), prices.get(quote)];
  return one && other ? one / other : null;
}

/** How many decimals each rate has, by the ticks of the pairs that it is made of. */
export class RateDigits {
  readonly #ticks = new Map<string, number>();
  /** Of each asset, the finest tick over its price among its listed pairs. */
  readonly #finest = new Map<string, number>();
  readonly #prices: ReadonlyMap<string, number>;

  /** @param prices of each asset, all in the same one */
  constructor(listings: readonly Listing[], prices: ReadonlyMap<string, number>) {
    this.#prices = prices;
    for (const { base, quote, tickSize } of listings) {
      if (tickSize === null) continue;
      const tick = Number(tickSize);
      this.#ticks.set(`${base}/${quote}`, tick);
      const rate = this.rate(base, quote);
      if (rate === null || !(tick > 0)) continue;
      for (const asset of [base, quote]) {
        const known = this.#finest.get(asset) ?? Infinity;
        this.#finest.set(asset, Math.min(known, tick / rate));
      }
    }
  }

  /** About what one base costs; null where that is not known. */
  rate(base: string, quote: string): number | null {
    return rateBetween(this.#prices, base, quote);
  }

  /** @param value what is shown, for where no rate is known */
  decimals(base: string, quote: string, value: number | null): number {
    const direct = this.#ticks.get(`${base}/${quote}`);
    if (direct !== undefined) return decimalsOfTick(direct);
    const rate = this.rate(base, quote);
    if (rate === null) return decimalsFor([value]);
    const inverse = this.#ticks.get(`${quote}/${base}`);
    const steps =
      inverse === undefined ? [this.#finest.get(base), this.#finest.get(quote)] : [inverse * rate];
    const known = steps.filter((step) => step !== undefined);
    if (known.length < steps.length) return decimalsFor([rate]);
    const most = MOST_SIGNIFICANT - 1 - Math.floor(Math.log10(rate));
    return Math.max(0, Math.min(most, decimalsOfRate(rate, known)));
  }
}

/** How the values of a table are written. */
export interface CellDigits {
  readonly at: (row: number, column: number) => number;
  /** The most decimals in a column: its numbers stand so that their points are below each other. */
  readonly most: (column: number) => number;
}

/** Decimals that a kind has wherever it is shown; null where they follow from the rate. */
export function fixedDecimals(kind: ShownKind, over: string): number | null {
  switch (kind) {
    case 'ID_BENCHMARK':
    case 'ID_DELTA':
    case 'COVARIANCE':
      return null;
    case 'ID_PERCENT':
      // Within the hour little moves by a hundredth of a percent.
      return /[smh]$/.test(over) && over !== '24h' ? 3 : 2;
    case 'ID_PCT':
    case 'QUANTID':
      return 3;
    case 'CORRELATION':
    case 'BETA':
      return 2;
  }
}

/** The same for all of a table, worked out once for as long as its names stay. */
export function cellDigits(
  kind: ShownKind,
  over: string,
  grid: Grid,
  rates: RateDigits,
): CellDigits {
  const fixed = kind === 'COVARIANCE' ? covarianceDecimals(grid) : fixedDecimals(kind, over);
  if (fixed !== null) return { at: () => fixed, most: () => fixed };
  const { bases, quotes, values, transposed } = grid;
  const most = new Uint8Array(quotes.length);
  const all = bases.map((rowName, row) =>
    Uint8Array.from(quotes, (columnName, column) => {
      if (rowName === columnName) return 0;
      const [base, quote] = transposed ? [columnName, rowName] : [rowName, columnName];
      const decimals = rates.decimals(base, quote, values[row]?.[column] ?? null);
      most[column] = Math.max(most[column] ?? 0, decimals);
      return decimals;
    }),
  );
  return {
    at: (row, column) => all[row]?.[column] ?? 0,
    most: (column) => most[column] ?? 0,
  };
}

/** The first rows say it: a covariance is like the next, within a power of ten or two. */
function covarianceDecimals({ values }: Grid): number {
  const some = values.slice(0, 20).flat();
  const decimals = decimalsFor(some.map((value) => value && value * COVARIANCE_SCALE));
  return Math.max(0, Math.min(2, decimals - 1));
}

/** A value as people read it, without its unit. */
export function writeValue(kind: ShownKind, value: number | null, decimals: number): string {
  const scaled = kind === 'COVARIANCE' && value !== null ? value * COVARIANCE_SCALE : value;
  return formatNumber(scaled, decimals, { signed: isSigned(kind) });
}
