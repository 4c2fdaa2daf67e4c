import type {
  AttributionPartsFragment,
  WalletAttributionQuery,
} from '../../generated/operations.js';
import { momentOf, wallTime, type Zone } from '../format/moment-text.js';
import { spanMs } from '../format/spans.js';

/** What made a value change, in units of the asset that it is valued in. */
export interface Growth {
  /** What the market did. */
  readonly price: number;
  /** What came, went or was traded. */
  readonly flow: number;
  /** What had no price at either end of a step. */
  readonly unpriced: number;
  /** All of them. */
  readonly sum: number;
}

export type Attribution = NonNullable<WalletAttributionQuery['walletAttribution']>;

/** The same day's 00:00 before a moment, milliseconds since 1970. */
function dayStart(at: number, zone: Zone): number {
  return momentOf({ ...wallTime(at, zone), hour: 0, minute: 0, second: 0 }, zone);
}

/** The range of the API from that on to the moment itself. */
export function sinceMidnight(
  observedAt: string,
  zone: Zone,
  isLive: boolean,
): { readonly from: string; readonly to: string } {
  const at = Date.parse(observedAt);
  const from = new Date(dayStart(at, zone)).toISOString();
  // The end of a range is not within it.
  return { from, to: isLive ? 'now' : new Date(at + 1).toISOString() };
}

function sumOf(column: readonly (number | null)[]): number {
  return column.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Over all buckets. */
export function growthOf({ price, flow, unpriced }: AttributionPartsFragment): Growth {
  const sums = { price: sumOf(price), flow: sumOf(flow), unpriced: sumOf(unpriced) };
  return { ...sums, sum: sums.price + sums.flow + sums.unpriced };
}

/** Each asset that anything is of, what changed most first. */
export function assetGrowth(
  assets: readonly AttributionPartsFragment[],
): readonly (Growth & { readonly asset: string })[] {
  const sizeOf = ({ price, flow, unpriced }: Growth): number =>
    Math.abs(price) + Math.abs(flow) + Math.abs(unpriced);
  return assets
    .map((line) => ({ ...growthOf(line), asset: line.asset ?? '' }))
    .sort((a, b) => sizeOf(b) - sizeOf(a));
}

/** What the market did, in percent of what there was; null where there was nothing. */
export function gainPercent(attribution: Pick<Attribution, 'startValue' | 'total'>): number | null {
  const { startValue, total } = attribution;
  return startValue > 0 ? (100 * growthOf(total).price) / startValue : null;
}

/** The sum up to each bucket. */
export function addedUp(column: readonly (number | null)[]): number[] {
  let sum = 0;
  return column.map((value) => (sum += value ?? 0));
}

const SPANS = [
  ...['1s', '5s', '15s', '30s', '1m', '2m', '5m', '15m', '30m'],
  ...['1h', '2h', '4h', '12h', '1d', '1w', '4w', '13w', '52w'],
];

/** The least usual span that divides so much time into no more buckets than that. */
export function everyOf(ms: number, mostBuckets: number): string {
  return SPANS.find((span) => ms / (spanMs(span) ?? NaN) <= mostBuckets) ?? '52w';
}
