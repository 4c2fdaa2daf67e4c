import { ObjectId, type AnyBulkWriteOperation, type Document } from 'mongodb';
import type { Database } from './connect.js';
import { checkOf, EARLY_VERSION } from './cycle-digest.js';
import { CycleDocument } from './cycle.model.js';
import { earlyDocument, LAST_TURN, turnOf } from './cycle-reading.js';
import { modelOn } from './model-on.js';
import { findRaw, parsed, parsedAnyhow } from './raw-documents.js';

/** How many documents are read at a time. */
const PAGE = 500;

/**
 * Has the first documents vouched for. Their ids follow from nothing: the driver made them, of a
 * number that a process keeps and a count. What is in such a document cannot be held against its id,
 * and is taken at its word, once. Two that share the number of a process are known by that; no two
 * digests do.
 */
export async function vouchForEarlyCycles(database: Database): Promise<void> {
  const firstOf = new Map<string, CycleDocument>();
  for (let after = 0; after < LAST_TURN;) {
    const page = await pageAfter(after, database);
    const documents = page.map(parsed);
    // Those that were vouched for before it was broken off, or by another process, are known still.
    const early = documents
      .map((document) => (isVouchedFor(document) ? document : earlyDocument(document)))
      .filter((document) => document !== null);
    // Those of later versions follow them.
    if (early.length === 0) return;
    const known = early.flatMap((document) => {
      const process = document._id.toHexString().slice(8, 18);
      const first = firstOf.get(process);
      firstOf.set(process, first ?? document);
      return first ? [first, document] : [];
    });
    await vouchFor(new Set(known), database);
    after = lastTurnOf(page) ?? LAST_TURN;
  }
}

function isVouchedFor(document: Document | null): document is CycleDocument {
  return document?.['schemaVersion'] === EARLY_VERSION && document['_id'] instanceof ObjectId;
}

function pageAfter(turn: number, database: Database): Promise<Uint8Array[]> {
  const options = { sort: { turn: 1 }, limit: PAGE, hint: { turn: 1 } } as const;
  const range = { turn: { $gt: turn, $lte: LAST_TURN } };
  return database.run(() => findRaw(database, 'cycle_matrices', range, options));
}

function lastTurnOf(page: readonly Uint8Array[]): number | null {
  return turnOf(parsedAnyhow(page.at(-1) ?? new Uint8Array()));
}

/** Each document in one step: one that was vouched for, or that somebody has changed, stays as it is. */
async function vouchFor(documents: Iterable<CycleDocument>, database: Database): Promise<void> {
  const writes = [...documents].map((document): AnyBulkWriteOperation<CycleDocument> => {
    const vouched = { ...document, schemaVersion: EARLY_VERSION };
    return {
      updateOne: {
        filter: { _id: document._id, schemaVersion: { $exists: false } },
        update: { $set: { schemaVersion: EARLY_VERSION, check: checkOf(vouched) } },
      },
    };
  });
  if (writes.length === 0) return;
  const { collection } = modelOn(database, CycleDocument);
  await database.write(() => collection.bulkWrite(writes as never, { ordered: false }));
}
