import type { Pair, Universe } from '../../domain/asset.js';
import type { Cycle } from '../../domain/cycle.js';
import type { Ticker } from '../../domain/frame.js';
import type { TurnColumns } from '../../domain/series/frame-columns.js';
import { firstPace, type Pace } from '../../scheduling/slices.js';
import type { FullPairColumns, WholeTurns } from '../chunk-builder.js';
import { hasBook, packBook, unpackBook } from './book.js';
import { packColumn, unpackColumn } from './column.js';
import { packIds } from './ids.js';
import { columnOf, packRecords } from './records.js';
import { packTexts, unpackTexts } from './texts.js';
import { UnpackedOnce } from './unpacked-once.js';

/** How many turns a block has at most: those in `(block * BLOCK_TURNS, (block + 1) * BLOCK_TURNS]`. */
const BLOCK_TURNS = 2_048;

/** The block that a turn belongs to. */
export function blockOf(turn: number): number {
  return Math.ceil(turn / BLOCK_TURNS) - 1;
}

/** The first and the last turn that there can be in a block. */
export function turnsOf(block: number): { readonly first: number; readonly last: number } {
  return { first: block * BLOCK_TURNS + 1, last: (block + 1) * BLOCK_TURNS };
}

/** Columns by name, as bytes. */
export type Columns = Readonly<Record<string, Uint8Array>>;

/** What is read of a block before anything else: its turns. */
export const TURNS = 'turns';
/** What no frame gives. */
export const RECORDS = 'records';
/** The quote volumes of all pairs, which enter no figure. */
export const VOLUMES = 'volumes';

/** The part of a pair, by its place among the pairs that the block lists. */
export function partOf(pair: number): string {
  return `pair.${pair}`;
}

/** A block as bytes: its turns, and its other parts by name. */
export interface PackedBlock {
  /** By place, as the names of the parts count them. */
  readonly pairs: readonly Pair[];
  readonly turns: Columns;
  readonly parts: ReadonlyMap<string, Columns>;
}

/** The columns of a pair. */
export type Price = (typeof PRICES)[number];
const PRICES = ['last', 'open', 'bid', 'ask', 'lag'] as const;
/** The column that another one is packed beside, where the two are not packed as a book. */
const BESIDE: Partial<Record<Price, Price>> = { bid: 'last', ask: 'bid' };

/** Every column is unpacked and compared as it is made. */
export async function packBlock(
  whole: WholeTurns,
  ids: readonly string[],
  pace: Pace = firstPace(),
): Promise<PackedBlock> {
  const parts = new Map<string, Columns>();
  const volumes: Record<string, Uint8Array> = {};
  for (const [number, pair] of whole.pairs.entries()) {
    if (pace.isSpent) await pace.next();
    const { bid, ask, ...others } = packPrices(pair);
    if (pace.isSpent) await pace.next();
    const book = packBook(pair);
    const isShorter = book && bytesOf(book) < bytesOf({ bid, ask });
    parts.set(partOf(number), { ...others, ...(isShorter ? book : { bid, ask }) });
    volumes[partOf(number)] = packColumn(pair.quoteVolume);
  }
  parts.set(VOLUMES, volumes);
  parts.set(RECORDS, { ...(await packRecords(whole.records, pace)), ids: packIds(ids) });
  return {
    pairs: whole.pairs.map(({ symbol, base, quote }) => ({ symbol, base, quote })),
    turns: {
      turns: packColumn(whole.turns),
      observedAt: packColumn(whole.observedAt),
      staleAfterMs: packColumn(whole.staleAfterMs),
      previousTurns: packColumn(whole.previousTurns),
      universes: packTexts(whole.universes.map((universe) => universe && JSON.stringify(universe))),
    },
    parts,
  };
}

function packPrices(pair: FullPairColumns): Record<Price, Uint8Array> {
  const packed = PRICES.map((name) => {
    const beside = BESIDE[name];
    return [name, packColumn(pair[name], beside && pair[beside])];
  });
  return Object.fromEntries(packed) as Record<Price, Uint8Array>;
}

function bytesOf(columns: Columns): number {
  return Object.values(columns).reduce((sum, { length }) => sum + length, 0);
}

/** The columns of a pair, each unpacked when it is first asked for. */
export class UnpackedPair {
  readonly #columns: Columns;
  readonly #length: number;
  readonly #unpacked = new Map<Price, Float64Array>();

  constructor(columns: Columns, length: number) {
    this.#columns = columns;
    this.#length = length;
  }

  /** @throws {BlockFault} */
  column(name: Price): Float64Array {
    const known = this.#unpacked.get(name);
    if (known) return known;
    if ((name === 'bid' || name === 'ask') && hasBook(this.#columns)) {
      const book = unpackBook(this.#columns, this.column('last'));
      this.#unpacked.set('bid', book.bid).set('ask', book.ask);
      return book[name];
    }
    const beside = BESIDE[name];
    const bytes = columnOf(this.#columns, name);
    const column =
      name === 'lag'
        ? evenNumbers.of(bytes, this.#length)
        : unpackColumn(bytes, this.#length, beside && this.column(beside));
    this.#unpacked.set(name, column);
    return column;
  }
}

/**
 * A pair with all that is in the block of it.
 * @param volume its column of the part {@link VOLUMES}
 * @param cut what is kept of each column
 * @throws {BlockFault}
 */
export function unpackPair(
  pair: Pair,
  columns: Columns,
  volume: Uint8Array,
  length: number,
  cut = (column: Float64Array) => column,
): FullPairColumns {
  const prices = new UnpackedPair(columns, length);
  return {
    ...pair,
    last: cut(prices.column('last')),
    open: cut(prices.column('open')),
    bid: cut(prices.column('bid')),
    ask: cut(prices.column('ask')),
    lag: cut(prices.column('lag')),
    quoteVolume: cut(unpackColumn(volume, length)),
  };
}

/** Columns that are mostly the same number all along, and those of the universes. */
const evenNumbers = new UnpackedOnce((bytes, length) => unpackColumn(bytes, length));
const universes = new UnpackedOnce<TurnColumns['universes']>((bytes, length) =>
  unpackTexts(bytes, length, (text) => JSON.parse(text) as Universe),
);

/** @throws {BlockFault} */
export function unpackTurns(columns: Columns, length: number): TurnColumns {
  return {
    turns: unpackColumn(columnOf(columns, 'turns'), length),
    observedAt: unpackColumn(columnOf(columns, 'observedAt'), length),
    staleAfterMs: evenNumbers.of(columnOf(columns, 'staleAfterMs'), length),
    previousTurns: unpackColumn(columnOf(columns, 'previousTurns'), length),
    universes: universes.of(columnOf(columns, 'universes'), length),
  };
}

/** The cycle at a place, made whole again; null where the turn cannot be read. */
export function cycleAt(
  { observedAt, records, pairs }: Pick<WholeTurns, 'observedAt' | 'records' | 'pairs'>,
  at: number,
): Cycle | null {
  const record = records[at];
  if (!record) return null;
  const time = observedAt[at] as number;
  const tickers: Ticker[] = [];
  for (const pair of pairs) {
    if (!Number.isNaN(pair.last[at])) tickers.push(tickerAt(pair, at, time));
  }
  return { ...record, frame: { observedAt: time, tickers } };
}

function tickerAt(pair: FullPairColumns, at: number, observedAt: number): Ticker {
  return {
    symbol: pair.symbol,
    base: pair.base,
    quote: pair.quote,
    last: pair.last[at] as number,
    open: pair.open[at] as number,
    bid: pair.bid[at] as number,
    ask: pair.ask[at] as number,
    quoteVolume: pair.quoteVolume[at] as number,
    closeTime: observedAt - (pair.lag[at] as number),
  };
}
