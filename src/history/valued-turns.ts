import type { Asset, Universe } from '../domain/asset.js';
import { valuedHoldings, type ValuedHoldings } from '../domain/attribution.js';
import { numberAt } from '../domain/cells.js';
import { PairGraphs } from '../domain/rates/pair-graph.js';
import type { LineEvaluator } from '../domain/series/evaluation.js';
import { evaluatorOf, priceLine } from '../domain/series/line.js';
import { pairsReadFor } from '../domain/series/reads.js';
import { Amounts } from '../domain/wallet.js';
import type { Pace } from '../scheduling/slices.js';
import { LinePass } from './line-pass.js';
import { SeriesFault } from './series-fault.js';
import type { TurnChunk, TurnRecord } from './turn-chunk.js';

/** What was held at a turn, as it was worth then. */
export interface ValuedTurn {
  readonly turn: number;
  readonly observedAt: number;
  readonly universe: Universe;
  readonly holdings: ValuedHoldings;
}

interface Waiting {
  readonly chunk: TurnChunk;
  readonly records: readonly (TurnRecord | null)[];
  /** What was held before it. */
  readonly before: readonly Asset[];
}

/**
 * Values what was held at turn after turn. At each the price is known also of what was held at the one
 * before or is at the next, which may be in another chunk: so a chunk waits until the next one is there.
 */
export class ValuedTurns {
  readonly #numeraire: Asset;
  readonly #pace: Pace;
  readonly #most: number;
  readonly #prices = new Map<Asset, LineEvaluator>();
  readonly #graphs = new PairGraphs();
  readonly #amounts = new Amounts();
  #read = 0;

  /** @param most how many prices may be read: turns times pairs */
  constructor(numeraire: Asset, most: number, pace: Pace) {
    this.#numeraire = numeraire;
    this.#most = most;
    this.#pace = pace;
  }

  /**
   * The turns that can be read, in order.
   * @throws {SeriesFault} for too many prices
   */
  async *over(chunks: AsyncIterable<TurnChunk>): AsyncGenerator<ValuedTurn> {
    let waiting: Waiting | null = null;
    let before: readonly Asset[] = [];
    for await (const chunk of chunks) {
      const records = await chunk.records(this.#pace);
      const first = records.find((record) => record !== null);
      if (!first) continue;
      if (waiting) yield* this.#valued(waiting, heldAt(first));
      waiting = { chunk, records, before };
      before = heldAt(records.findLast((record) => record !== null) ?? first);
    }
    if (waiting) yield* this.#valued(waiting, []);
  }

  async *#valued(
    { chunk, records, before }: Waiting,
    after: readonly Asset[],
  ): AsyncGenerator<ValuedTurn> {
    const held = new Set([...before, ...after]);
    for (const record of records) {
      for (const asset of record ? heldAt(record) : []) held.add(asset);
    }
    const assets = [...held];
    this.#spend(chunk, assets);
    const pass = new LinePass(
      assets.map((asset) => this.#priceOf(asset)),
      this.#pace,
      this.#graphs,
    );
    const columns = await pass.over(chunk);
    const byAsset = new Map(assets.map((asset, at) => [asset, columns[at]?.values]));
    for (const [index, record] of records.entries()) {
      if (record === null) continue;
      const priceOf = (asset: Asset): number | null => {
        const price = byAsset.get(asset)?.[index] ?? NaN;
        return Number.isNaN(price) ? null : price;
      };
      const holdings = valuedHoldings(record.holdings, priceOf, this.#amounts);
      yield {
        turn: numberAt(chunk.turns, index),
        observedAt: numberAt(chunk.observedAt, index),
        universe: chunk.universes[index] ?? record.universe,
        holdings,
      };
    }
  }

  #priceOf(asset: Asset): LineEvaluator {
    const known =
      this.#prices.get(asset) ?? evaluatorOf(priceLine(asset, this.#numeraire), this.#numeraire);
    this.#prices.set(asset, known);
    return known;
  }

  /** What is held between the ends is known only here. */
  #spend(chunk: TurnChunk, assets: readonly Asset[]): void {
    const pairs = new Set(
      assets.flatMap((asset) =>
        pairsReadFor(priceLine(asset, this.#numeraire), this.#numeraire, chunk.listed),
      ),
    );
    this.#read += chunk.turns.length * pairs.size;
    if (this.#read <= this.#most) return;
    const limit = { name: 'prices read', allowed: this.#most, found: this.#read };
    throw new SeriesFault('from', 'take a shorter range', limit);
  }
}

function heldAt({ holdings }: TurnRecord): readonly Asset[] {
  return [...holdings.balances.map(({ asset }) => asset), ...(holdings.unreadable ?? [])];
}
