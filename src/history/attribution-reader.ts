import type { Asset } from '../domain/asset.js';
import { AttributionBuckets, type Every } from '../domain/attribution-buckets.js';
import { isFault } from '../domain/series/fault.js';
import { priceLine } from '../domain/series/line.js';
import { resolveMoment, type Extent, type Moment } from '../domain/series/moment.js';
import { faultOfEvery, rangeBetween, widened, type TimeRange } from '../domain/series/range.js';
import type { Pace } from '../scheduling/slices.js';
import type { CycleStore } from './cycle-store.js';
import { lastReadable } from './last-readable.js';
import { pastDamage } from './past-damage.js';
import { excessOf, MOST_READS } from './series-checks.js';
import { SeriesFault } from './series-fault.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';
import { extentOf, type TimeExtent } from './time-extent.js';
import { WalletSteps, type WalletStepsOptions } from './wallet-steps.js';

/** How many buckets there are at most, each with its columns for every asset held. */
export const MOST_ATTRIBUTED = 2_000;

export interface AttributionRequest {
  /** What values are in; null: the quant base of the newest turn. */
  readonly in: Asset | null;
  readonly from: Moment;
  readonly to: Moment;
  readonly every: Every;
}

export type AttributionData = ReturnType<AttributionBuckets['columns']> & {
  readonly in: Asset;
  /** What the wallet was worth at the last turn at or before the range, or else at its first. */
  readonly startValue: number;
  /** And at its last. */
  readonly endValue: number;
  /** Where the range ends, also where nothing is stored so late: milliseconds since 1970. */
  readonly to: number;
};

interface AttributionReaderOptions extends WalletStepsOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly extent: TimeExtent;
  /** The clock: what `now` means where nothing is stored, milliseconds since 1970. */
  readonly clock: () => number;
  /** How many prices one answer reads at most: turns times pairs. */
  readonly mostReads?: number;
}

interface Ends {
  readonly first: StoredCycle;
  readonly last: StoredCycle;
}

/** Reads what made the value of the wallet change over a range of time. */
export class AttributionReader {
  readonly #options: AttributionReaderOptions;
  readonly #steps: WalletSteps;

  constructor(options: AttributionReaderOptions) {
    this.#options = options;
    this.#steps = new WalletSteps(options);
  }

  /**
   * Null where no turn is stored that could be read.
   * @throws {SeriesFault}
   */
  read(request: AttributionRequest, pace: Pace): Promise<AttributionData | null> {
    return pastDamage(() => this.#read(request, pace));
  }

  async #read(request: AttributionRequest, pace: Pace): Promise<AttributionData | null> {
    const { cycles, mostReads = MOST_READS } = this.#options;
    const extent = await extentOf(this.#options.extent, this.#options.clock);
    const { range, since } = rangeOf(request, extent);
    const ends = await this.#ends(range, since);
    if (ends === null) return null;
    const { first, last } = ends;
    const { every } = request;
    const turns = last.turn - first.turn;
    const density = { turns, intervalMs: NaN };
    const fault = every === null ? null : faultOfEvery(every, range, density, MOST_ATTRIBUTED);
    if (fault) throw new SeriesFault('every', fault.words);
    const newest = isReadable(last) ? last : await lastReadable(cycles, { to: range.to });
    const numeraire = request.in ?? newest?.config.quantBase;
    if (numeraire === undefined) return null;
    checkCost(numeraire, { first, last: newest ?? last }, mostReads);

    const buckets = new AttributionBuckets(range, every);
    const steps = this.#steps.between({
      numeraire,
      ...{ first: first.turn, last: last.turn },
      ...{ mostReads, pace },
    });
    let values = null as Pick<AttributionData, 'startValue' | 'endValue'> | null;
    for await (const some of steps) {
      for (const { observedAt, value, changes } of some) {
        if (values) buckets.add(observedAt, changes);
        values = { startValue: values?.startValue ?? value, endValue: value };
        if (pace.isSpent) await pace.next();
      }
    }
    if (values === null) return null;
    const to = Math.max(resolveMoment(request.to, extent), range.to);
    return { in: numeraire, ...values, to, ...buckets.columns() };
  }

  /** From the last turn at or before a moment, or else the first of the range, to the last before its end. */
  async #ends({ from, to }: TimeRange, since: number): Promise<Ends | null> {
    const { cycles } = this.#options;
    const [earlier, [oldest], [last]] = await Promise.all([
      lastReadable(cycles, { to: since + 1 }),
      cycles.range({ from, to, order: 'OLDEST_FIRST', limit: 1 }),
      cycles.range({ to, order: 'NEWEST_FIRST', limit: 1 }),
    ]);
    const first = earlier ?? oldest;
    if (!first) return null;
    return { first, last: last && last.turn > first.turn ? last : first };
  }
}

/**
 * The range, of whole buckets, and the moment at which it begins also where that is before all that is
 * stored.
 */
function rangeOf(
  { from, to, every }: AttributionRequest,
  extent: Extent,
): { readonly range: TimeRange; readonly since: number } {
  const asked = rangeBetween(from, to, extent);
  if (isFault(asked)) throw new SeriesFault('from', asked.words);
  const range = widened(asked, every ?? 'turn');
  const resolved = resolveMoment(from, extent);
  return { range, since: resolved === asked.from ? range.from : resolved };
}

/** @throws {SeriesFault} where it is known from what is held at the ends that too many prices would be read */
function checkCost(numeraire: Asset, ends: Ends, most: number): void {
  const held = [ends.first, ends.last].flatMap((end) =>
    isReadable(end) ? end.holdings.balances.map(({ asset }) => asset) : [],
  );
  const lines = [...new Set(held)].map((asset) => priceLine(asset, numeraire));
  const excess = excessOf(lines, numeraire, ends, most);
  if (excess === null) return;
  const way = `take a shorter range: ${excess.fittingTurns} turns fit`;
  throw new SeriesFault('from', way, excess.limit);
}
