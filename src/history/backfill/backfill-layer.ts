import type { Universe } from '../../domain/asset.js';
import type { Line } from '../../domain/series/line.js';
import type { TimeRange } from '../../domain/series/range.js';
import { unlessAway } from '../database-unavailable.js';
import { extentOfPairs, type BackfilledPair, type BackfillStore } from './backfill-store.js';

/** What there is of the layer. */
export interface Layer extends TimeRange {
  /** Ordered by symbol, at least one. */
  readonly pairs: readonly BackfilledPair[];
  /** All that they are of. */
  readonly assets: Universe;
}

export interface BackfillLayerOptions {
  readonly store: Pick<BackfillStore, 'pairs' | 'days'>;
  /** Another text whenever what is stored may be another. */
  readonly epoch: () => string;
}

/** The layer of backfilled closes, as series read it. */
export class BackfillLayer {
  readonly #options: BackfillLayerOptions;
  #known: { readonly epoch: string; readonly layer: Layer | null } | null = null;

  constructor(options: BackfillLayerOptions) {
    this.#options = options;
  }

  get store(): Pick<BackfillStore, 'days'> {
    return this.#options.store;
  }

  /** What there is for some lines; null where there is nothing, or where lines are of more than closes. */
  async for(lines: readonly Line[]): Promise<Layer | null> {
    if (!lines.every(isOfCloses)) return null;
    const epoch = this.#options.epoch();
    if (this.#known?.epoch === epoch) return this.#known.layer;
    // What was recorded may be at hand while the database is away.
    const pairs = await unlessAway(this.#options.store.pairs(), () => null);
    if (pairs === null) return this.#known?.layer ?? null;
    const layer = layerOf(pairs);
    this.#known = { epoch, layer };
    return layer;
  }
}

/** Whether a line follows from last prices alone. */
function isOfCloses(line: Line): boolean {
  return line.kind === 'CELL' && line.matrix === 'ID_BENCHMARK' && line.trade === undefined;
}

function layerOf(pairs: readonly BackfilledPair[]): Layer | null {
  const extent = extentOfPairs(pairs);
  if (extent === null) return null;
  return {
    pairs,
    assets: [...new Set(pairs.flatMap(({ base, quote }) => [base, quote]))],
    ...extent,
  };
}
