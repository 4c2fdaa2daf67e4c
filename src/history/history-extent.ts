import type { TimeRange } from '../domain/series/range.js';
import { extentOfPairs, type BackfillStore } from './backfill/backfill-store.js';
import type { SealedBlocks } from './blocks/sealed-blocks.js';
import { turnsOf } from './blocks/block.js';
import type { ManifestEntry } from './blocks/manifest.js';
import type { TurnSpan } from './cycle-store.js';
import type { TimeExtent } from './time-extent.js';
import type { TurnDocuments } from './turn-documents.js';

/** How much of the disk is taken, indexes included, bytes; null where the database does not tell. */
export interface StorageSizes {
  documents(): Promise<number | null>;
  /** The sealed blocks with their manifest. */
  blocks(): Promise<number | null>;
}

/** All that is stored, in a few numbers. Times are milliseconds since 1970. */
export interface HistoryExtent {
  readonly oldestTurn: number | null;
  readonly latestTurn: number | null;
  /** The earliest and the latest `observedAt`. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly cycles: number;
  readonly documentBytes: number | null;
  readonly blockBytes: number | null;
  /** Each stored turn up to this one is in a sealed block; null where the oldest one is not. */
  readonly sealedThrough: number | null;
  /** How many of the turns are in a sealed block. */
  readonly sealedCycles: number;
  /** From when to when there are backfilled closes, at most; null where there are none. */
  readonly backfilled: TimeRange | null;
}

export interface HistoryExtentOptions {
  /** The stored turns that are shown. */
  readonly span: () => Promise<TurnSpan | null>;
  readonly extent: TimeExtent;
  readonly sealed: Pick<SealedBlocks, 'counting'>;
  readonly documents: Pick<TurnDocuments, 'count' | 'newest'>;
  readonly backlog: { readonly turns: readonly number[] };
  readonly sizes: StorageSizes;
  readonly backfill: Pick<BackfillStore, 'pairs'>;
}

/** What there is of the past. */
export class HistoryExtentReader {
  readonly #options: HistoryExtentOptions;

  constructor(options: HistoryExtentOptions) {
    this.#options = options;
  }

  async read(): Promise<HistoryExtent> {
    const { span: spanOf, extent, sizes, backfill } = this.#options;
    const span = await spanOf();
    const [pairs, observed, documentBytes, blockBytes, counts] = await Promise.all([
      backfill.pairs(),
      extent.observed(),
      sizes.documents(),
      sizes.blocks(),
      span ? this.#counts(span) : NOTHING,
    ]);
    return {
      oldestTurn: span?.oldest ?? null,
      latestTurn: span?.latest ?? null,
      firstAt: (span && observed?.first) ?? null,
      lastAt: (span && observed?.last) ?? null,
      ...{ documentBytes, blockBytes },
      ...counts,
      backfilled: extentOfPairs(pairs),
    };
  }

  /** Sealed turns are counted by the manifest, so that only keys of the others are looked at. */
  async #counts({ oldest, latest }: TurnSpan) {
    const { sealed, documents, backlog } = this.#options;
    // Of a block whose first turns are not shown any more, the others stand in documents, too.
    const blocks = (await sealed.counting()).filter(
      ({ firstTurn, lastTurn }) => firstTurn >= oldest && lastTurn <= latest,
    );
    let [cycles, sealedCycles, next] = [0, 0, oldest];
    let sealedThrough: number | null = null;
    let isWhole = true;
    for (const entry of [...blocks, null]) {
      const between = await this.#countBefore(entry, next, latest);
      isWhole &&= between === 0;
      cycles += between + (entry?.turns ?? 0);
      sealedCycles += entry?.turns ?? 0;
      if (isWhole && entry) sealedThrough = entry.lastTurn;
      next = entry ? turnsOf(entry.block).last + 1 : next;
    }
    const newest = (await documents.newest(Infinity)) ?? 0;
    const kept = backlog.turns.filter((turn) => turn > newest && turn <= latest).length;
    return { cycles: cycles + kept, sealedCycles, sealedThrough };
  }

  /** How many documents stand before a block, or at the end. */
  async #countBefore(entry: ManifestEntry | null, next: number, latest: number): Promise<number> {
    const last = entry ? turnsOf(entry.block).first - 1 : latest;
    return last < next ? 0 : this.#options.documents.count(next, last);
  }
}

const NOTHING = { cycles: 0, sealedCycles: 0, sealedThrough: null };
