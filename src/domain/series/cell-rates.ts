import type { Asset, Pair, Universe } from '../asset.js';
import { indexAt, numberAt } from '../cells.js';
import { isPrice } from '../frame.js';
import type { FrameFigures } from '../frame-figures.js';
import { rateAge } from '../rates/provenance.js';
import { tradeRate, type TradePrice } from '../rates/trade-price.js';
import { tradeRateOf } from '../rates/trade-rates.js';
import { areJoined, candidatesBetween, legsOf, pairsOfBoth, type Candidate } from './candidates.js';
import type { ChunkHead } from './evaluation.js';
import type { PairColumns } from './frame-columns.js';
import { KnownPaths } from './known-paths.js';
import type { LoadedPairs } from './loaded-pairs.js';
import { codesOfMembers, nullCode, type NullCodes } from './null-reasons.js';
import { isWholeWith, RateColumns } from './rate-columns.js';
import { NO_RUN } from './runs.js';
import { tradedLeg, type TradedLeg } from './traded-leg.js';
import { bestOf, twoLegs, walked, type Legs } from './two-legs.js';

const NO_PATH = nullCode('NO_PATH');
const NO_BID_ASK = nullCode('NO_BID_ASK');
/** The code of a turn at which the rate is still to be found. */
const PENDING = -1;

/**
 * The rates of one ordered pair of assets, turn after turn, bit for bit those of `Rates` of each turn's
 * frame. Most turns need no frame: a listed pair gives the rate, or the best of the paths of two legs.
 */
export class CellRates extends KnownPaths {
  constructor(
    readonly base: Asset,
    readonly quote: Asset,
    /** Null: at last prices alone. */
    readonly trade: TradePrice | null = null,
  ) {
    super();
  }

  begin(chunk: ChunkHead): CellRatesOfChunk {
    return new CellRatesOfChunk(this, chunk);
  }
}

/** The rates over one chunk; every column is by index, and NaN where there is no rate. */
export class CellRatesOfChunk {
  /** At last prices. */
  readonly rates: RateColumns;
  /** At a price to trade at; null where none is asked for. */
  readonly traded: Float64Array | null;
  readonly nulls: NullCodes;
  readonly paths: Int32Array;
  wanted: readonly Pair[] = [];
  wantsFrames: Uint8Array | null = null;
  readonly #cell: CellRates;
  readonly #chunk: ChunkHead;
  #candidates: readonly Candidate[] | null = null;

  constructor(cell: CellRates, chunk: ChunkHead) {
    const { base, quote } = cell;
    const { length } = chunk.turns;
    this.#cell = cell;
    this.#chunk = chunk;
    this.rates = new RateColumns(length);
    this.traded = cell.trade && new Float64Array(length).fill(NaN);
    this.paths = new Int32Array(length);
    this.nulls = codesOfMembers(chunk.universes, [base, quote], PENDING);
    if (base === quote) this.#fillIdentity();
    else {
      this.wanted = pairsOfBoth(base, quote, chunk.listed);
      if (this.wanted.length === 0) this.#wantLegs();
    }
  }

  /** A listed pair may need no more than its last prices. */
  get needsAllColumns(): boolean {
    return this.#candidates !== null && this.wanted.length > 0;
  }

  proceed(loaded: LoadedPairs): void {
    if (this.wanted.length === 0) return;
    if (this.#candidates === null) {
      this.#fillListed(loaded);
      this.#wantLegs();
    } else {
      this.#fillTwoLegs(this.#candidates, loaded);
      this.#wantFrames();
    }
  }

  takeFrame(index: number, figures: FrameFigures): void {
    if (this.nulls[index] !== PENDING) return;
    const { rates, universe, frame } = figures;
    const [i, j] = [universe.indexOf(this.#cell.base), universe.indexOf(this.#cell.quote)];
    const source = rates.source(i, j);
    if (source === null) {
      this.nulls[index] = NO_PATH;
      return;
    }
    const symbols = rates.path(i, j).map(({ symbol }) => symbol);
    const at = i * rates.size + j;
    const age = rateAge(rates, frame.observedAt, i, j) ?? NaN;
    const code = this.#cell.codeOf({ source, symbols });
    this.#write(index, numberAt(rates.last, at), numberAt(rates.open, at), age, code);
    const { trade } = this.#cell;
    if (trade) this.#writeTraded(index, tradeRateOf(rates, trade, i, j) ?? NaN);
  }

  #fillIdentity(): void {
    const code = this.#cell.codeOf({ source: 'IDENTITY', symbols: [] });
    this.nulls.forEach((state, index) => {
      if (state !== PENDING) return;
      this.#write(index, 1, 1, 0, code);
      this.#writeTraded(index, 1);
    });
  }

  /** Both directions may be listed: each gives its own. */
  #fillListed(loaded: LoadedPairs): void {
    const { base } = this.#cell;
    const direct = this.wanted.filter((pair) => pair.base === base);
    const inverse = this.wanted.filter((pair) => pair.base !== base);
    for (const pair of direct) this.#fillDirect(pair, loaded);
    for (const pair of inverse) this.#fillInverse(pair, loaded);
  }

  #fillDirect(pair: Pair, loaded: LoadedPairs): void {
    const { columns } = loaded.of(pair);
    const traded = this.#tradedLeg(columns, true);
    const code = this.#cell.codeOf({ source: 'DIRECT', symbols: [pair.symbol] });
    if (!traded && isWholeWith(columns, this.nulls, PENDING)) {
      this.rates.takeOver(columns);
      this.paths.fill(code);
      this.nulls.fill(NO_RUN);
      return;
    }
    const { last, open, lag } = columns;
    for (let index = 0; index < last.length; index++) {
      const price = numberAt(last, index);
      if (Number.isNaN(price) || indexAt(this.nulls, index) !== PENDING) continue;
      this.#write(index, price, numberAt(open, index), numberAt(lag, index), code);
      if (traded) this.#writeTraded(index, traded(index));
    }
  }

  #fillInverse(pair: Pair, loaded: LoadedPairs): void {
    const { columns } = loaded.of(pair);
    const { last, open, lag } = columns;
    const traded = this.#tradedLeg(columns, false);
    const code = this.#cell.codeOf({ source: 'INVERSE', symbols: [pair.symbol] });
    for (let index = 0; index < last.length; index++) {
      const price = numberAt(last, index);
      if (Number.isNaN(price) || indexAt(this.nulls, index) !== PENDING) continue;
      this.#write(index, 1 / price, 1 / numberAt(open, index), numberAt(lag, index), code);
      if (traded) this.#writeTraded(index, traded(index));
    }
  }

  #wantLegs(): void {
    this.wanted = [];
    if (!this.nulls.includes(PENDING)) return;
    const { base, quote } = this.#cell;
    this.#candidates = candidatesBetween(base, quote, this.#chunk.listed);
    this.wanted = legsOf(this.#candidates);
    if (this.wanted.length === 0) this.#wantFrames();
  }

  /** From one change of the universe to the next: only its assets can stand between. */
  #fillTwoLegs(candidates: readonly Candidate[], loaded: LoadedPairs): void {
    const { universes } = this.#chunk;
    for (let from = 0, to = 0; from < universes.length; from = to) {
      const universe = universes[from] as Universe | null;
      while (to < universes.length && universes[to] === universe) to++;
      if (universe === null) continue;
      const within = candidates
        .filter(({ middle }) => universe.includes(middle))
        .map((candidate) => this.#legsOf(candidate, loaded));
      for (let index = from; index < to; index++) {
        if (indexAt(this.nulls, index) !== PENDING) continue;
        const best = bestOf(within, index);
        if (best) this.#writeTwoLegs(index, best);
      }
    }
  }

  #legsOf(candidate: Candidate, loaded: LoadedPairs): Legs {
    const [start, end] = [loaded.of(candidate.first), loaded.of(candidate.second)];
    const { base, quote, trade } = this.#cell;
    return twoLegs(start, end, base, quote, trade, (symbols) =>
      this.#cell.codeOf({ source: 'CROSS', symbols }),
    );
  }

  #writeTwoLegs(index: number, { first, second, code }: Legs): void {
    this.#write(
      index,
      walked(first.last, first.isForward, index) * walked(second.last, second.isForward, index),
      walked(first.open, first.isForward, index) * walked(second.open, second.isForward, index),
      Math.max(numberAt(first.lag, index), numberAt(second.lag, index)),
      code,
    );
    if (first.traded && second.traded) {
      this.#writeTraded(index, first.traded(index) * second.traded(index));
    }
  }

  /** Longer paths are found by the search over whole frames; where there is none, not even there. */
  #wantFrames(): void {
    this.wanted = [];
    if (!this.nulls.includes(PENDING)) return;
    const { base, quote } = this.#cell;
    if (areJoined(base, quote, this.#chunk.listed)) {
      this.wantsFrames = Uint8Array.from(this.nulls, (code) => (code === PENDING ? 1 : 0));
      return;
    }
    this.nulls.forEach((code, index) => {
      if (code === PENDING) this.nulls[index] = NO_PATH;
    });
  }

  #write(index: number, b: number, a: number, lag: number, path: number): void {
    if (!isPrice(b) || !isPrice(a)) {
      this.nulls[index] = NO_PATH;
      return;
    }
    this.rates.write(index, b, a, lag);
    this.paths[index] = path;
    this.nulls[index] = NO_RUN;
  }

  #tradedLeg(columns: PairColumns, isForward: boolean): TradedLeg | null {
    const { trade } = this.#cell;
    return trade && tradedLeg(columns, isForward, trade);
  }

  /** Where the last rate has been written: where there is none, there is none to trade at. */
  #writeTraded(index: number, product: number): void {
    const { trade } = this.#cell;
    if (!trade || !this.traded || this.nulls[index] !== NO_RUN) return;
    const rate = tradeRate(product, trade);
    this.traded[index] = rate;
    if (Number.isNaN(rate)) this.nulls[index] = NO_BID_ASK;
  }
}
