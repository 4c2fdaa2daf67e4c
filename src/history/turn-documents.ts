import type { Pace } from '../scheduling/slices.js';
import { ChunkBuilder, type WholeTurns } from './chunk-builder.js';
import type { StoredCycle } from './stored-cycle.js';

/** A stored turn as it stands in its document. */
export interface TurnDocument {
  readonly cycle: StoredCycle;
  /** Tells the document from any other with this turn. */
  readonly id: string;
  /** When a turn that cannot be read says it was observed, milliseconds since 1970, else NaN. */
  readonly observedAt: number;
  readonly bytes: number;
}

/** Documents taken apart into columns. */
export interface TakenApart {
  readonly whole: WholeTurns;
  /** The id of each turn's document. */
  readonly ids: readonly string[];
}

/** The documents of the stored turns. Throws {@link DatabaseUnavailableError} while the database is away. */
export interface TurnDocuments {
  /** From one turn to another, both included, in order. */
  documents(first: number, last: number, pace?: Pace): AsyncIterable<TurnDocument>;
  /** The first or the last turn before one that has a document; null where there is none. */
  oldest(): Promise<number | null>;
  newest(before: number): Promise<number | null>;
  /** How many documents there are from one turn to another. */
  count(first: number, last: number): Promise<number>;
  /** The ids of the documents from one turn to another, by turn. */
  idsWithin(first: number, last: number): Promise<ReadonlyMap<number, string>>;
}

/** @param documents in order */
export async function takenApart(
  documents: readonly TurnDocument[],
  pace: Pace,
): Promise<TakenApart> {
  const builder = new ChunkBuilder(documents.length);
  for (const { cycle, observedAt } of documents) {
    if (pace.isSpent) await pace.next();
    builder.add(cycle, observedAt);
  }
  return { whole: builder.build(), ids: documents.map(({ id }) => id) };
}
