import { createHash, randomBytes } from 'node:crypto';
import { BSON, MongoServerError, type Collection, type Document } from 'mongodb';
import { TURNS, type PackedBlock } from '../history/blocks/block.js';
import type { BlockHead, BlockStore, Part, PartName } from '../history/blocks/block-store.js';
import { BlockFault } from '../history/blocks/bytes.js';
import type { ManifestEntry, Seal } from '../history/blocks/manifest.js';
import {
  BLOCKS_COLLECTION,
  MANIFEST_COLLECTION,
  type BlockPartDocument,
  type ManifestDocument,
} from './block.model.js';
import { listOf, partsOf, type PartOfBlock } from './block-parts.js';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import { DUPLICATE_KEY } from './ignoring.js';
import { findRaw } from './raw-documents.js';

/** Digits enough for the last block that there can be. */
const BLOCK_DIGITS = 7;
const SEAL_BYTES = 8;
/** How many bytes are written at a time, about. */
const WRITTEN_AT_ONCE = 4 * 1024 * 1024;
/** How many lines are read at a time. */
const PAGE = 1_000;

type Place = Pick<Seal, 'block' | 'name'>;
type FoundPart = BlockPartDocument & { readonly bytes: number };
type FoundDocument = BlockPartDocument & { readonly raw: Uint8Array };

/** The blocks in the collection `history_blocks`, and the chain of their digests in `history_manifest`. */
export class MongoBlockStore implements BlockStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async entries(from: number): Promise<ManifestEntry[]> {
    const entries: ManifestEntry[] = [];
    for (let next = from; ;) {
      const page = await this.#database.run(() =>
        this.#manifest.find({ _id: { $gte: next } }, { sort: { _id: 1 }, limit: PAGE }).toArray(),
      );
      entries.push(...page.map(toEntry));
      if (page.length < PAGE) return entries;
      next = (entries.at(-1) as ManifestEntry).number + 1;
    }
  }

  async write(
    block: number,
    packed: PackedBlock,
  ): Promise<Pick<Seal, 'name' | 'digest' | 'bytes'>> {
    const name = randomBytes(SEAL_BYTES).toString('hex');
    const place = { block, name };
    const documents: BlockPartDocument[] = [];
    const parts: PartOfBlock[] = [];
    for (const [part, columns] of packed.parts) {
      const document = { _id: idOf(place, part), columns };
      const bytes = BSON.serialize(document);
      documents.push(document);
      parts.push({ name: part, digest: digestOf(bytes), bytes: bytes.length });
    }
    const first = {
      _id: idOf(place, TURNS),
      pairs: [...packed.pairs],
      ...listOf(parts),
      columns: packed.turns,
    };
    const bytes = BSON.serialize(first);
    for (const some of inBatches([...documents, first])) await this.#put(some);
    const whole = parts.reduce((sum, part) => sum + part.bytes, bytes.length);
    return { name, digest: digestOf(bytes), bytes: whole };
  }

  /** Safe to be repeated where an answer was lost. */
  async #put(documents: readonly BlockPartDocument[]): Promise<void> {
    const operations = documents.map(({ _id, ...replacement }) => ({
      replaceOne: { filter: { _id }, replacement, upsert: true },
    }));
    await this.#database.write(() => this.#parts.bulkWrite(operations, { ordered: false }));
  }

  async publish(entry: ManifestEntry): Promise<boolean> {
    const document = toDocument(entry);
    try {
      await this.#database.write(() => this.#manifest.insertOne(document));
      return true;
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
    }
    return this.#database.write(async () => {
      // After a lost answer what is there may be this one; durable, if any.
      await confirmWrites(this.#database.connection);
      return (await this.#manifest.findOne({ _id: entry.number }))?.hash === entry.hash;
    });
  }

  async heads(
    seals: readonly Pick<Seal, 'block' | 'name' | 'digest'>[],
  ): Promise<(BlockHead | BlockFault)[]> {
    const found = await this.#find(seals.map((seal) => ({ ...seal, part: TURNS })));
    return found.map((document) => {
      if (document instanceof BlockFault) return document;
      const { pairs = [], columns, bytes } = document;
      return { columns, bytes, pairs, parts: partsOf(document) };
    });
  }

  read(parts: readonly PartName[]): Promise<(Part | BlockFault)[]> {
    return this.#find(parts);
  }

  async markRemoved(entries: readonly ManifestEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const numbers = entries.map(({ number }) => number);
    await this.#database.write(() =>
      this.#manifest.updateMany({ _id: { $in: numbers } }, { $set: { isRemoved: true } }),
    );
  }

  async standing(numbers: readonly number[]): Promise<ReadonlySet<number>> {
    const lines = { _id: { $in: [...numbers] }, isRemoved: { $ne: true } };
    const found = await this.#database.run(() =>
      this.#manifest.find(lines, { projection: { _id: 1 } }).toArray(),
    );
    return new Set(found.map(({ _id }) => _id));
  }

  async clear(from: number, to: number, kept: ReadonlySet<string>): Promise<void> {
    const within = { $gte: prefixOf(from), $lt: prefixOf(to + 1) };
    const there = await this.#database.run(() =>
      this.#parts.find({ _id: within }, { projection: { _id: 1 } }).toArray(),
    );
    const left = there.map(({ _id }) => _id).filter((id) => !kept.has(id.split('/')[1] ?? ''));
    if (left.length === 0) return;
    await this.#database.write(() => this.#parts.deleteMany({ _id: { $in: left } }));
  }

  async #find(parts: readonly PartName[]): Promise<(FoundPart | BlockFault)[]> {
    if (parts.length === 0) return [];
    const ids = parts.map((part) => idOf(part, part.part));
    const filter = { _id: { $in: ids } } as object;
    const documents = await this.#database.run(() =>
      findRaw(this.#database, BLOCKS_COLLECTION, filter),
    );
    const found = new Map<string, FoundDocument>();
    for (const bytes of documents) {
      const document = parsedPart(bytes);
      if (document) found.set(document._id, { ...document, raw: bytes });
    }
    return parts.map((part, at) => checked(found.get(ids[at] as string), part));
  }

  get #parts(): Collection<BlockPartDocument> {
    return this.#database.connection.collection<BlockPartDocument>(BLOCKS_COLLECTION);
  }

  get #manifest(): Collection<ManifestDocument> {
    return this.#database.connection.collection<ManifestDocument>(MANIFEST_COLLECTION);
  }
}

function checked(
  document: FoundDocument | undefined,
  { block, part, digest }: PartName,
): FoundPart | BlockFault {
  if (!document) return new BlockFault(`part ${part} of block ${block} is missing`);
  if (digestOf(document.raw) !== digest) {
    return new BlockFault(`part ${part} of block ${block} was changed since it was sealed`);
  }
  return { ...document, bytes: document.raw.length };
}

/** Its columns are views of the bytes. */
function parsedPart(bytes: Uint8Array): BlockPartDocument | null {
  try {
    return BSON.deserialize(bytes, { promoteBuffers: true }) as BlockPartDocument;
  } catch {
    return null;
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function idOf({ block, name }: Place, part: string): string {
  return `${prefixOf(block)}${name}/${part}`;
}

function prefixOf(block: number): string {
  return `${String(block).padStart(BLOCK_DIGITS, '0')}/`;
}

function* inBatches(documents: readonly BlockPartDocument[]): Generator<BlockPartDocument[]> {
  let batch: BlockPartDocument[] = [];
  let bytes = 0;
  for (const document of documents) {
    batch.push(document);
    bytes += Object.values(document.columns).reduce((sum, column) => sum + column.length, 0);
    if (bytes < WRITTEN_AT_ONCE) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function toDocument(line: ManifestEntry): ManifestDocument {
  const { number, earliest, latest, isOnlyCopy, ...entry } = line;
  return {
    _id: number,
    ...entry,
    ...(isOnlyCopy && { isOnlyCopy }),
    unreadable: [...entry.unreadable],
    earliest: earliest === null ? null : new Date(earliest),
    latest: latest === null ? null : new Date(latest),
  };
}

function toEntry({
  _id,
  earliest,
  latest,
  isOnlyCopy,
  ...document
}: ManifestDocument & Document): ManifestEntry {
  return {
    ...(document as Omit<ManifestDocument, '_id' | 'earliest' | 'latest'>),
    number: _id,
    isOnlyCopy: isOnlyCopy === true,
    earliest: timeOf(earliest),
    latest: timeOf(latest),
  };
}

function timeOf(time: unknown): number | null {
  return time instanceof Date ? time.getTime() : null;
}
