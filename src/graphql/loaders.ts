import DataLoader from 'dataloader';
import type { CycleFigures } from '../domain/cycle.js';
import { isOfOneFrame, type Matrix, type MatrixKind } from '../domain/matrix.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { Pace } from '../scheduling/slices.js';
import { MissingCycle, type StoredFigures } from '../history/stored-cycle.js';

/**
 * The reads of one operation, batched: a fresh set for each operation and subscription event. A turn
 * that cannot be read is an error of its own.
 */
export interface Loaders {
  /** Stored cycles by turn; null where a turn is not stored, or no longer shown. */
  readonly cycles: DataLoader<number, CycleFigures | null>;
  /** The cycles that others are derived from: also the one before the oldest that is shown. */
  readonly previous: DataLoader<number, CycleFigures | null>;
  /** Makes known what was read in another way, so that nothing of it is read or derived again. */
  know(figures: StoredFigures): void;
}

/** Makes the loaders of one operation. */
export function createLoaders(feed: CycleFeed, pace?: Pace): Loaders {
  const previous = new DataLoader<number, CycleFigures | null>((turns) => feed.load(turns, pace));
  const cycles = new DataLoader<number, CycleFigures | null>(async (turns) =>
    (await previous.loadMany(turns)).map((found, at) =>
      found instanceof Error || (turns[at] as number) >= feed.visibleFrom ? found : null,
    ),
  );
  return {
    cycles,
    previous,
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
