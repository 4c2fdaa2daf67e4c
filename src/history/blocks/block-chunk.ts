import type { Pair } from '../../domain/asset.js';
import type { PairColumns } from '../../domain/series/frame-columns.js';
import type { Pace } from '../../scheduling/slices.js';
import { placeOfTurn } from '../chunk-places.js';
import { intervalsOf, type ReadCost, type TurnChunk, type TurnRecord } from '../turn-chunk.js';
import { isSamePair } from '../whole-chunk.js';
import { partOf, RECORDS, UnpackedPair, unpackTurns, type Columns, type Price } from './block.js';
import type { BlockGroup, NameElsewhere } from './block-group.js';
import { BlockFault } from './bytes.js';
import type { OpenBlock } from './open-block.js';
import { unpackNumbers, unpackRecords } from './records.js';

/** The same turns from where they stand else, for a block that is damaged. */
export type Instead = (fault: BlockFault, turns: Float64Array) => Promise<TurnChunk>;

/** The turns of a sealed block, from a first to a last one. */
export class BlockChunk implements TurnChunk {
  readonly turns: Float64Array;
  readonly observedAt: Float64Array;
  readonly staleAfterMs: Float64Array;
  readonly previousTurns: Float64Array;
  readonly universes: TurnChunk['universes'];
  readonly #group: BlockGroup;
  readonly #block: OpenBlock;
  readonly #instead: Instead;
  /** The places in the block at which this begins and ends. */
  readonly #start: number;
  readonly #end: number;
  #bytes: number;
  /** What answers in place of the block, once that was found damaged. */
  #other: Promise<TurnChunk> | null = null;

  /** @throws {BlockFault} */
  constructor(group: BlockGroup, block: OpenBlock, first: number, last: number, instead: Instead) {
    const { turns, ...columns } = unpackTurns(block.head.columns, block.entry.turns);
    this.#end = placeOfTurn(turns, last + 1);
    this.#start = Math.min(placeOfTurn(turns, first), this.#end);
    this.#group = group;
    this.#block = block;
    this.#instead = instead;
    this.#bytes = block.head.bytes;
    this.turns = this.#cut(turns);
    this.observedAt = this.#cut(columns.observedAt);
    this.staleAfterMs = this.#cut(columns.staleAfterMs);
    this.previousTurns = this.#cut(columns.previousTurns);
    const isWhole = this.#start === 0 && this.#end === turns.length;
    const { universes } = columns;
    this.universes = isWhole ? universes : universes.slice(this.#start, this.#end);
  }

  get listed(): readonly Pair[] {
    return this.#block.head.pairs;
  }

  get cost(): ReadCost {
    return { blocks: 1, documents: 0, bytes: this.#bytes };
  }

  async load(pairs: readonly Pair[], pace?: Pace): Promise<readonly PairColumns[]> {
    const { pairs: listed } = this.#block.head;
    const numbers = pairs
      .map((pair) => listed.findIndex((each) => isSamePair(each, pair)))
      .filter((number) => number !== -1);
    const asked = new Map(numbers.map((number) => [partOf(number), listed[number] as Pair]));
    const parts = await this.#read(numbers.map(partOf), (part, other) => {
      const pair = asked.get(part) as Pair;
      const there = other.head.pairs.findIndex((each) => isSamePair(each, pair));
      return there === -1 ? null : partOf(there);
    });
    if (!parts) return ((await this.#other) as TurnChunk).load(pairs, pace);
    return parts.map((columns, at) => {
      const unpacked = new UnpackedPair(columns, this.#block.entry.turns);
      const pair = listed[numbers[at] as number] as Pair;
      return new LazyColumns(pair, (name) => this.#cut(unpacked.column(name)));
    });
  }

  async records(pace?: Pace): Promise<readonly (TurnRecord | null)[]> {
    const parts = await this.#read([RECORDS], () => null);
    if (!parts) return ((await this.#other) as TurnChunk).records(pace);
    const all = await unpackRecords(parts[0] as Columns, this.#block.entry.turns, pace);
    return all.slice(this.#start, this.#end);
  }

  async intervals(pace?: Pace): Promise<Float64Array> {
    const parts = await this.#read([RECORDS], () => null);
    if (!parts) return intervalsOf((await this.#other) as TurnChunk, pace);
    return this.#cut(unpackNumbers(parts[0] as Columns, 'intervalMs', this.#block.entry.turns));
  }

  /** @returns null where another chunk answers */
  async #read(names: readonly string[], nameElsewhere: NameElsewhere): Promise<Columns[] | null> {
    if (this.#other) return null;
    try {
      const parts = await this.#group.read(this.#block, names, nameElsewhere);
      this.#bytes += parts.reduce((sum, { bytes }) => sum + bytes, 0);
      return parts.map(({ columns }) => columns);
    } catch (error) {
      if (!(error instanceof BlockFault)) throw error;
      this.#other = this.#instead(error, this.turns);
      return null;
    }
  }

  #cut(column: Float64Array): Float64Array {
    return column.subarray(this.#start, this.#end);
  }
}

/** The columns of a pair at some of the turns, each unpacked when it is first asked for. */
class LazyColumns implements PairColumns {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;

  readonly #column: (name: Price) => Float64Array;

  constructor({ symbol, base, quote }: Pair, column: (name: Price) => Float64Array) {
    this.#column = column;
    this.symbol = symbol;
    this.base = base;
    this.quote = quote;
  }

  get last(): Float64Array {
    return this.#column('last');
  }

  get open(): Float64Array {
    return this.#column('open');
  }

  get bid(): Float64Array {
    return this.#column('bid');
  }

  get ask(): Float64Array {
    return this.#column('ask');
  }

  get lag(): Float64Array {
    return this.#column('lag');
  }
}
