import type { RatePrice } from '../../generated/operations.js';
import { RANGE_MS, RANGES, type RangeName } from '../charts/range-names.js';
import type { TimeRange } from '../charts/types.js';
import type { Cell } from './series.js';

export const PRICES: readonly RatePrice[] = ['LAST', 'MID', 'TAKE'];
/** How the price is drawn. */
export const SHAPES = ['candles', 'line'] as const;
export type Shape = (typeof SHAPES)[number];

/** Each line of a comparison has a colour of its own, and there are six. */
export const MOST_COMPARED = 5;

/** What the address says of the pair's charts. */
export interface PairAddress {
  readonly range: RangeName;
  /** A free range, which counts before the named one: moments as RFC 3339 text; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
  readonly price: RatePrice;
  readonly shape: Shape;
  /** Further pairs, as `ETH/USDT,BNB/USDT`; empty for none. */
  readonly compare: string;
}

export const PAIR_DEFAULTS: PairAddress = {
  range: '24h',
  from: null,
  to: null,
  price: 'LAST',
  shape: 'candles',
  compare: '',
};

/** Reads an address; what cannot be understood counts as not said. */
export function parsePairAddress(parameters: URLSearchParams): PairAddress {
  const oneOf = <T extends string>(name: string, values: readonly T[], otherwise: T): T =>
    values.find((value) => value === parameters.get(name)) ?? otherwise;
  const moment = (name: string): string | null => {
    const text = parameters.get(name);
    return text !== null && !Number.isNaN(Date.parse(text)) ? text : null;
  };
  const [from, to] = [moment('from'), moment('to')];
  const isRange = from !== null && to !== null && Date.parse(from) < Date.parse(to);
  return {
    range: oneOf('range', RANGES, PAIR_DEFAULTS.range),
    from: isRange ? from : null,
    to: isRange ? to : null,
    price: oneOf('price', PRICES, PAIR_DEFAULTS.price),
    shape: oneOf('shape', SHAPES, PAIR_DEFAULTS.shape),
    compare: comparedIn(parameters.get('compare') ?? '')
      .map(({ base, quote }) => `${base}/${quote}`)
      .join(),
  };
}

/** The pairs of a text such as `ETH/USDT,BNB/USDT`, each once. */
export function comparedIn(text: string): Cell[] {
  const names = new Set(text.split(',').filter((name) => /^[^/,\s]+\/[^/,\s]+$/.test(name)));
  return [...names].slice(0, MOST_COMPARED).map((name) => {
    const [base = '', quote = ''] = name.split('/');
    return { base, quote };
  });
}

/** A free range as the address has it: to the second, which is what people write. */
export function rangeText({ from, to }: TimeRange): { readonly from: string; readonly to: string } {
  const text = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
  const first = Math.floor(from / 1_000) * 1_000;
  return { from: text(first), to: text(Math.max(first + 1_000, Math.ceil(to / 1_000) * 1_000)) };
}

/** What is asked of the server, and what is shown of it. */
export interface AskedRange {
  readonly from: string;
  readonly to: string;
  readonly isLive: boolean;
  readonly keptMs: number | null;
}

/** A range moves on by such a part of it: with every turn, nothing on the page would keep its place. */
const STEPS = 400;
/** What is left free after the newest turn, in such parts. */
const AIR_STEPS = 3;
/** The shortest history has so much, milliseconds. */
const LEAST_MS = 1_000;

/**
 * @param newest when the turn that is looked at was observed, milliseconds since 1970
 * @param isNewest whether later ones will follow it on the page
 */
export function askedRange(
  { range, from, to }: Pick<PairAddress, 'range' | 'from' | 'to'>,
  newest: number,
  isNewest: boolean,
): AskedRange {
  if (from !== null && to !== null)
    return { from, to, isLive: isNewest && Date.parse(to) > newest, keptMs: null };
  // The moment `now` is just after the newest turn.
  const end = isNewest ? 'now' : new Date(newest + 1).toISOString();
  if (range === 'all') return { from: 'start', to: end, isLive: isNewest, keptMs: null };
  const begin = isNewest ? `now-${range}` : new Date(newest - RANGE_MS[range]).toISOString();
  return { from: begin, to: end, isLive: isNewest, keptMs: 1.1 * RANGE_MS[range] };
}

/**
 * What is drawn of a range: no more than what is stored, and a little air after the newest turn.
 * @param storedFrom where the history begins within it; null where that is not known
 */
export function shownRange(
  { range, from, to }: Pick<PairAddress, 'range' | 'from' | 'to'>,
  newest: number,
  storedFrom: number | null,
): TimeRange {
  if (from !== null && to !== null) return { from: Date.parse(from), to: Date.parse(to) };
  const wanted = newest - RANGE_MS[range];
  if (storedFrom !== null && storedFrom > wanted) {
    const span = Math.max(LEAST_MS, newest - storedFrom);
    return { from: newest - span, to: newest + (AIR_STEPS * span) / STEPS };
  }
  const span = Number.isFinite(wanted) ? RANGE_MS[range] : LEAST_MS;
  const step = span / STEPS;
  const end = (Math.ceil(newest / step) + AIR_STEPS) * step;
  return { from: end - span, to: end };
}
