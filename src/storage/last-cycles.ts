import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { BSON } from 'mongodb';
import writeFileAtomic from 'write-file-atomic';
import type { LastKnown, LastKnownFile } from '../pipeline/last-known.js';
import type { TurnControl } from '../pipeline/ports.js';
import { readable } from '../pipeline/stored-cycle.js';
import type { CycleDocument } from './cycle.model.js';
import { toDocument } from './cycle-mapping.js';
import { readCycle } from './cycle-reading.js';
import { makeFolders } from './embedded/private-folder.js';
import { redact } from './trouble.js';

/** What is older says too little of what has happened since, milliseconds. */
const OLDEST_MS = 10 * 60_000;
const DIGEST_BYTES = 32;

interface LastKnownRecord {
  readonly at: Date;
  readonly instance: string;
  /** Of the database's address, without credentials. */
  readonly addressDigest: string;
  readonly control: TurnControl;
  readonly cycles: readonly CycleDocument[];
}

/** `DATA_DIR/last/<database>.bson`: a digest of what follows, and that as BSON. */
export class LastCyclesFile implements LastKnownFile {
  readonly #file: string;
  readonly #addressDigest: string;

  constructor(options: { dataDir: string; databaseName: string; uri: string }) {
    this.#file = path.join(options.dataDir, 'last', `${options.databaseName}.bson`);
    this.#addressDigest = digest(Buffer.from(redact(options.uri))).toString('hex');
  }

  async write({ instance, control, cycles }: LastKnown): Promise<void> {
    const record: LastKnownRecord = {
      at: new Date(),
      instance,
      addressDigest: this.#addressDigest,
      control,
      cycles: cycles.map(toDocument),
    };
    const bytes = BSON.serialize(record);
    await makeFolders(path.dirname(this.#file));
    // Not worth a wait for the disk at every turn: after a loss of power it may be of no use.
    const options = { mode: 0o600, fsync: false };
    await writeFileAtomic(this.#file, Buffer.concat([digest(bytes), bytes]), options);
  }

  /** What is known, where it is whole, recent, and of this database; otherwise null. */
  async read(): Promise<LastKnown | null> {
    let content: Buffer;
    try {
      content = await readFile(this.#file);
    } catch {
      return null;
    }
    const bytes = content.subarray(DIGEST_BYTES);
    if (!content.subarray(0, DIGEST_BYTES).equals(digest(bytes))) return null;
    const record = BSON.deserialize(bytes) as LastKnownRecord;
    const age = Date.now() - record.at.getTime();
    if (record.addressDigest !== this.#addressDigest || age < 0 || age > OLDEST_MS) return null;
    const { instance, control, cycles } = record;
    const read = cycles.map(readCycle).filter((cycle) => cycle !== null);
    return { instance, control, cycles: read.map(readable) };
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
