import DataLoader from 'dataloader';
import type { CycleFigures } from '../domain/cycle.js';
import { isOfOneFrame, type Matrix, type MatrixKind } from '../domain/matrix.js';
import type { Span } from '../domain/series/span.js';
import type { FigureOfWindow } from '../domain/window/window-figures.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { Pace } from '../scheduling/slices.js';
import { badUserInput } from './errors.js';
import type { ReadBudget } from '../history/window-prices.js';
import { MissingCycle, readable, type StoredFigures } from '../history/stored-cycle.js';

/** A cycle of so long ago may be older by so much, as a multiple of the span. */
const LONGEST_LOOK = 1.5;

/** Enough for two windows of 100 assets over 1,000 minutes with a turn each 8 s: some tenths of a second. */
const MOST_WINDOW_READS = 12_000_000;

/**
 * The reads of one operation, batched: a fresh set for each operation and subscription event. A turn
 * that cannot be read is an error of its own.
 */
export interface Loaders {
  /** Stored cycles by turn; null where a turn is not stored, or no longer shown. */
  readonly cycles: DataLoader<number, CycleFigures | null>;
  /** The cycles that others are derived from: also the one before the oldest that is shown. */
  readonly previous: DataLoader<number, CycleFigures | null>;
  /** The newest turn before one that was observed at a moment or earlier; null where there is none. */
  readonly earlier: DataLoader<EarlierTurn, CycleFigures | null, string>;
  /** How many prices the windows of one operation may read. */
  readonly windowBudget: ReadBudget;
  /** The volatilities of all assets of a cycle, in the order of its universe, by what is asked of which cycle. */
  readonly volatilities: Map<string, Promise<readonly FigureOfWindow[]>>;
  /** Makes known what was read in another way, so that nothing of it is read or derived again. */
  know(figures: StoredFigures): void;
}

/** Which turn is looked for. */
interface EarlierTurn {
  readonly beforeTurn: number;
  /** The latest that it may have been observed at: milliseconds since 1970. */
  readonly until: number;
}

/** Makes the loaders of one operation. */
export function createLoaders(feed: CycleFeed, pace?: Pace): Loaders {
  const previous = new DataLoader<number, CycleFigures | null>((turns) => feed.load(turns, pace));
  const cycles = new DataLoader<number, CycleFigures | null>(async (turns) =>
    (await previous.loadMany(turns)).map((found, at) =>
      found instanceof Error || (turns[at] as number) >= feed.visibleFrom ? found : null,
    ),
  );
  const earlier = new DataLoader<EarlierTurn, CycleFigures | null, string>(
    async (asked) => {
      const found = asked.map(async ({ until, beforeTurn }) => {
        const figures = await feed.lastObservedBy(until, beforeTurn, pace);
        return figures && readable(figures);
      });
      return (await Promise.allSettled(found)).map((each) =>
        each.status === 'fulfilled' ? each.value : (each.reason as Error),
      );
    },
    { cacheKeyFn: ({ beforeTurn, until }) => `${beforeTurn} ${until}` },
  );
  return {
    cycles,
    previous,
    earlier,
    windowBudget: { prices: MOST_WINDOW_READS },
    volatilities: new Map(),
    know(figures) {
      const { turn } = figures;
      previous.prime(turn, figures);
      if (turn >= feed.visibleFrom) cycles.prime(turn, figures);
    },
  };
}

/**
 * The figures of the turn before a cycle's; null where it is a first one.
 * @throws {MissingCycle | UnreadableCycle} where there is a turn before and its cycle cannot be had
 */
export async function previousOf(
  { cycle: { turn, previousTurn } }: CycleFigures,
  loaders: Loaders,
): Promise<CycleFigures | null> {
  if (previousTurn === null) return null;
  const previous = await loaders.previous.load(previousTurn);
  if (previous === null) throw new MissingCycle(previousTurn, turn);
  return previous;
}

/**
 * A matrix of a cycle, held against the turn before where its kind is.
 * @throws as {@link previousOf}
 */
export async function matrixAtTurn(
  figures: CycleFigures,
  kind: MatrixKind,
  loaders: Loaders,
): Promise<Matrix> {
  if (isOfOneFrame(kind)) return figures.matrix(kind);
  return figures.since(await previousOf(figures, loaders)).matrix(kind);
}

/** @throws BAD_USER_INPUT where a turn is not stored */
export async function storedTurn(
  turn: number,
  argument: string,
  { cycles }: Loaders,
): Promise<CycleFigures> {
  const figures = await cycles.load(turn);
  if (figures === null) throw badUserInput(argument, `turn ${turn} is not stored`);
  return figures;
}

/**
 * The cycle of so long ago, by our own frames: the last one before a cycle that was observed at least a
 * span before it, and not more than half of that earlier; null where there is none.
 */
export async function cycleOfSpanAgo(
  { cycle: { turn, frame } }: CycleFigures,
  span: Span,
  { earlier }: Loaders,
): Promise<CycleFigures | null> {
  const found = await earlier.load({ beforeTurn: turn, until: frame.observedAt - span });
  const isNear = found && frame.observedAt - found.cycle.frame.observedAt <= LONGEST_LOOK * span;
  return isNear ? found : null;
}
