import { EarlierLines } from '../alerts/earlier-lines.js';
import { DryRun } from '../alerts/dry-run.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import { AttributionReader } from '../history/attribution-reader.js';
import { BackfillLayer } from '../history/backfill/backfill-layer.js';
import type { BackfillStore } from '../history/backfill/backfill-store.js';
import type { SealedBlocks } from '../history/blocks/sealed-blocks.js';
import type { CycleRange, CycleStore, CycleTimes } from '../history/cycle-store.js';
import { GapReader } from '../history/gap-reader.js';
import { HistoryExtentReader } from '../history/history-extent.js';
import { KeptStretches } from '../history/kept-stretches.js';
import { LineTurns } from '../history/line-turns.js';
import { LineValues } from '../history/line-values.js';
import { RecentChunks } from '../history/recent-chunks.js';
import { SeriesReader } from '../history/series-reader.js';
import { WindowReader } from '../history/window-reader.js';
import { isReadable } from '../history/stored-cycle.js';
import type { TurnChunks } from '../history/turn-chunk.js';
import type { OpenDatabase } from '../open-database.js';

export interface AnnouncedParts {
  readonly feed: CycleFeed;
  readonly cycles: CycleStore;
  readonly ages: CycleTimes;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

interface SeriesParts extends AnnouncedParts {
  readonly chunks: TurnChunks;
  /** What is shown where nothing was recorded. */
  readonly backfill: BackfillStore;
  readonly history: { readonly sealed: Pick<SealedBlocks, 'distrusted'> };
  /** How much memory may be used for what was read, bytes; 0 for none. */
  readonly memory: number;
}

/** The parts of the memory that are for what buckets came to, and for the wallet's steps. */
const KEPT_PART = 1 / 8;
const STEPS_PART = 1 / 16;

export interface SeriesReaders {
  readonly series: SeriesReader;
  readonly windows: WindowReader;
  readonly values: LineValues;
  readonly attribution: AttributionReader;
  readonly earlier: EarlierLines;
  readonly dryRun: DryRun;
}

interface GapParts extends AnnouncedParts, Pick<OpenDatabase, 'times' | 'skips'> {}

type ExtentParts = Pick<AnnouncedParts, 'feed' | 'ages'> &
  Pick<OpenDatabase, 'history' | 'backlog' | 'backfill'>;

/**
 * Read series, windows, attributions and what rules would have fired of the turns that are announced: one that is
 * just being stored may be there already, and yet be lost.
 */
export function buildSeries(parts: SeriesParts): SeriesReaders {
  const bytes = Math.floor(parts.memory * KEPT_PART);
  const stepBytes = Math.floor(parts.memory * STEPS_PART);
  const { feed, history } = parts;
  // What was read of a block that is damaged since is not mixed with how it reads then.
  const epoch = () => `${feed.epoch} ${history.sealed.distrusted}`;
  const read = {
    ...announced(parts),
    chunks: recentChunks({ ...parts, memory: parts.memory - bytes - stepBytes, epoch }),
  };
  const lines = new LineTurns(read);
  const windows = new WindowReader({ ...read, epoch });
  const values = new LineValues({
    windows,
    load: async (turn) => (await feed.load([turn]))[0] ?? null,
  });
  return {
    series: new SeriesReader({
      ...read,
      kept: bytes > 0 ? keptStretches(feed, bytes, epoch) : null,
      backfill: new BackfillLayer({ store: parts.backfill, epoch }),
    }),
    windows,
    values,
    attribution: new AttributionReader({ ...read, epoch, bytes: stepBytes }),
    earlier: new EarlierLines({ cycles: parts.cycles, chunks: read.chunks, lines, values }),
    dryRun: new DryRun({ ...read, lines }),
  };
}

/** Finds gaps between the turns that are announced. */
export function buildGaps(parts: GapParts): GapReader {
  return new GapReader({ ...announced(parts), times: parts.times, skips: parts.skips });
}

/** What there is of the turns that are announced. */
export function buildExtent({
  feed,
  ages,
  history,
  backlog,
  backfill,
}: ExtentParts): HistoryExtentReader {
  return new HistoryExtentReader({
    ...history,
    documents: history.turns,
    backlog,
    backfill,
    span: () => feed.span(),
    extent: { observed: () => observed(feed, ages) },
  });
}

export function announced({ feed, cycles, ages, clock }: AnnouncedParts) {
  return {
    cycles: {
      range: (range: CycleRange) => {
        const beforeTurn = Math.min(range.beforeTurn ?? Infinity, feed.latestTurn + 1);
        return cycles.range({ ...range, beforeTurn });
      },
    },
    extent: { observed: () => observed(feed, ages) },
    clock,
  };
}

/** The newest turn may still be in the backlog. */
async function observed(feed: CycleFeed, ages: CycleTimes) {
  const stored = await ages.observedWithin(feed.visibleFrom, feed.latestTurn);
  const newest = feed.newest?.cycle.frame.observedAt;
  if (newest === undefined) return stored;
  return {
    first: Math.min(stored?.first ?? newest, newest),
    last: Math.max(stored?.last ?? newest, newest),
  };
}

/** What is announced goes to memory too. */
function recentChunks({
  feed,
  chunks,
  memory,
  epoch,
}: SeriesParts & { readonly epoch: () => string }): RecentChunks {
  const recent = new RecentChunks({
    store: chunks,
    latestTurn: () => feed.latestTurn,
    epoch,
    bytes: memory,
  });
  feed.onTurn((figures) => recent.add(isReadable(figures) ? figures.cycle : figures));
  return recent;
}

/** What was worked out is void once turns are announced that belong to it. */
function keptStretches(feed: CycleFeed, bytes: number, epoch: () => string): KeptStretches {
  const kept = new KeptStretches({ epoch, bytes });
  feed.onTurn((figures) => kept.add(isReadable(figures) ? figures.cycle : figures));
  return kept;
}
