import type { Asset, Pair } from '../asset.js';
import { numberAt } from '../cells.js';
import type { FrameFigures } from '../frame-figures.js';
import type { TradePrice } from '../rates/trade-price.js';
import { Amounts, sumOfPriced, type Balance } from '../wallet.js';
import { CellLine } from './cell-line.js';
import type {
  ChunkHead,
  LineEvaluation,
  LineEvaluator,
  LineRecord,
  LineValues,
} from './evaluation.js';
import type { LoadedPairs } from './loaded-pairs.js';
import { codesOfMembers, nullCode, type NullCodes } from './null-reasons.js';
import { NO_RUN } from './runs.js';

const NO_PATH = nullCode('NO_PATH');
const NO_BID_ASK = nullCode('NO_BID_ASK');
const NOT_HELD = nullCode('NOT_HELD');
const NO_VALUE = nullCode('NO_VALUE');

type Records = readonly (LineRecord | null)[];

/** What balances are worth in an asset, each by the rate of its own cell. */
abstract class HoldingsLine implements LineEvaluator {
  readonly isOfRecords = true;
  readonly paths = null;
  readonly quote: Asset;
  readonly amounts = new Amounts();
  readonly #trade: TradePrice | null;
  readonly #prices = new Map<Asset, CellLine>();

  /** @param trade null: at last prices */
  constructor(quote: Asset, trade: TradePrice | null = null) {
    this.quote = quote;
    this.#trade = trade;
  }

  /** The balances that count. */
  abstract countedOf(record: LineRecord): readonly Balance[];
  abstract valueOf(record: LineRecord, priced: (balance: Balance) => number | null): number | null;
  /** Why there is no value at a turn that could have one. */
  abstract reasonOf(record: LineRecord, priceNullOf: (asset: Asset) => number): number;

  begin(chunk: ChunkHead, records: Records): LineEvaluation {
    const prices = new Map<Asset, LineEvaluation>();
    for (const record of records) {
      for (const { asset } of record === null ? [] : this.countedOf(record)) {
        if (!prices.has(asset)) prices.set(asset, this.#priceOf(asset).begin(chunk));
      }
    }
    return new HoldingsOfChunk(this, chunk, records, prices);
  }

  #priceOf(asset: Asset): CellLine {
    const known =
      this.#prices.get(asset) ?? new CellLine('ID_BENCHMARK', asset, this.quote, this.#trade);
    this.#prices.set(asset, known);
    return known;
  }
}

/** The wallet's value. */
export class WalletLine extends HoldingsLine {
  countedOf({ holdings }: LineRecord): readonly Balance[] {
    return holdings.balances;
  }

  valueOf({ holdings }: LineRecord, priced: (balance: Balance) => number | null): number | null {
    return sumOfPriced(holdings, priced);
  }

  reasonOf(record: LineRecord, priceNullOf: (asset: Asset) => number): number {
    const lacksBook = this.countedOf(record).some(({ asset }) => priceNullOf(asset) === NO_BID_ASK);
    return lacksBook ? NO_BID_ASK : NO_PATH;
  }
}

/** The value of one balance. */
export class BalanceLine extends HoldingsLine {
  readonly #asset: Asset;

  constructor(asset: Asset, quote: Asset, trade: TradePrice | null = null) {
    super(quote, trade);
    this.#asset = asset;
  }

  countedOf({ holdings }: LineRecord): readonly Balance[] {
    return holdings.balances.filter(({ asset }) => asset === this.#asset).slice(0, 1);
  }

  valueOf(record: LineRecord, priced: (balance: Balance) => number | null): number | null {
    const [balance] = this.countedOf(record);
    return balance ? priced(balance) : null;
  }

  reasonOf(record: LineRecord, priceNullOf: (asset: Asset) => number): number {
    return this.countedOf(record).length === 0 ? NOT_HELD : priceNullOf(this.#asset);
  }
}

class HoldingsOfChunk implements LineEvaluation {
  readonly #line: HoldingsLine;
  readonly #chunk: ChunkHead;
  readonly #records: Records;
  readonly #prices: ReadonlyMap<Asset, LineEvaluation>;

  constructor(
    line: HoldingsLine,
    chunk: ChunkHead,
    records: Records,
    prices: ReadonlyMap<Asset, LineEvaluation>,
  ) {
    this.#line = line;
    this.#chunk = chunk;
    this.#records = records;
    this.#prices = prices;
  }

  get wanted(): readonly Pair[] {
    return [...this.#prices.values()].flatMap(({ wanted }) => wanted);
  }

  get needsAllColumns(): boolean {
    return [...this.#prices.values()].some(({ needsAllColumns }) => needsAllColumns);
  }

  get wantsFrames(): Uint8Array | null {
    const each = [...this.#prices.values()].flatMap(({ wantsFrames }) => wantsFrames ?? []);
    if (each.length === 0) return null;
    return Uint8Array.from(this.#records, (_, index) =>
      Number(each.some((some) => some[index] === 1)),
    );
  }

  proceed(loaded: LoadedPairs): void {
    for (const price of this.#prices.values()) price.proceed(loaded);
  }

  takeFrame(index: number, figures: FrameFigures): void {
    for (const price of this.#prices.values()) price.takeFrame(index, figures);
  }

  finish(): LineValues {
    const prices = new Map([...this.#prices].map(([asset, price]) => [asset, price.finish()]));
    const nulls = codesOfMembers(this.#chunk.universes, [this.#line.quote]);
    const isStale = new Uint8Array(nulls.length);
    const values = Float64Array.from(this.#records, (record, index) => {
      if (record === null || nulls[index] !== NO_RUN) return NaN;
      const value = this.#valueAt(index, record, prices, isStale);
      if (value !== null && Number.isFinite(value)) return value;
      nulls[index] = this.#nullAt(index, record, prices, value);
      return NaN;
    });
    return { values, isStale, nulls, paths: null };
  }

  #valueAt(
    index: number,
    record: LineRecord,
    prices: ReadonlyMap<Asset, LineValues>,
    isStale: Uint8Array,
  ): number | null {
    return this.#line.valueOf(record, (balance) => {
      const price = prices.get(balance.asset) as LineValues;
      const rate = numberAt(price.values, index);
      if (Number.isNaN(rate)) return null;
      if (price.isStale[index] === 1) isStale[index] = 1;
      return this.#line.amounts.of(balance) * rate;
    });
  }

  #nullAt(
    index: number,
    record: LineRecord,
    prices: ReadonlyMap<Asset, { readonly nulls: NullCodes }>,
    value: number | null,
  ): number {
    if (value !== null) return NO_VALUE;
    return this.#line.reasonOf(record, (asset) => prices.get(asset)?.nulls[index] ?? NO_PATH);
  }
}
