import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { BSON } from 'mongodb';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Cycle } from '../domain/cycle.js';
import type { Damage } from '../history/damage.js';
import type { Checkpoint, CheckpointStore } from '../durability/checkpoint.js';
import type { TurnControl } from '../feeds/control-store.js';
import { isReadable, type StoredCycle } from '../history/stored-cycle.js';
import type { CycleDocument } from '../mongo/cycle.model.js';
import { toDocument } from '../mongo/cycle-mapping.js';
import { CONFIG_SHAPE, readCycle } from '../mongo/cycle-reading.js';
import { errorCodeOf, messageOf } from './system-error.js';
import { makeFolders } from './private-folder.js';
import { redact } from '../mongo/trouble.js';
import { clearWay, rejectedFolder, setAside } from './set-aside.js';

/** What is older says too little of what has happened since, milliseconds. */
const OLDEST_MS = 10 * 60_000;
const DIGEST_BYTES = 32;

interface CheckpointRecord {
  readonly at: Date;
  /** Of the last contact with the database. */
  readonly contactAt?: Date;
  readonly instance: string;
  /** Of the database's address, without credentials. */
  readonly addressDigest: string;
  readonly control: TurnControl;
  readonly cycles: readonly CycleDocument[];
}

const turn = z.int().min(0);

/** The same as whatever program may have written it. */
const RECORD = z.object({
  at: z.date(),
  contactAt: z.date().exactOptional(),
  instance: z.string(),
  addressDigest: z.string(),
  control: z.looseObject({
    strategy: CONFIG_SHAPE.extend({ updatedAt: z.number() }),
    purgedThrough: turn,
    cacheResets: turn,
    visibleFrom: turn,
    droppedThrough: turn,
  }),
  cycles: z.array(z.unknown()).min(1),
});

interface CheckpointFileOptions {
  readonly dataDir: string;
  readonly databaseName: string;
  /** Of the database that the cycles belong to. */
  readonly uri: string;
  readonly damage: Damage;
}

/** `DATA_DIR/last/<database>.bson`: a digest of what follows, and that as BSON. */
export class CheckpointFile implements CheckpointStore {
  readonly #file: string;
  readonly #dataDir: string;
  readonly #rejected: string;
  readonly #addressDigest: string;
  readonly #damage: Damage;

  constructor(options: CheckpointFileOptions) {
    const { dataDir, databaseName } = options;
    this.#dataDir = dataDir;
    this.#file = path.join(dataDir, 'last', `${databaseName}.bson`);
    this.#rejected = rejectedFolder(dataDir, databaseName);
    this.#damage = options.damage;
    this.#addressDigest = digest(Buffer.from(redact(options.uri))).toString('hex');
  }

  async write({ instance, control, cycles, contactAt }: Checkpoint): Promise<void> {
    const record: CheckpointRecord = {
      at: new Date(),
      contactAt: new Date(contactAt),
      instance,
      addressDigest: this.#addressDigest,
      control,
      cycles: cycles.map(toDocument),
    };
    const bytes = BSON.serialize(record);
    await this.#clearWay();
    await makeFolders(path.dirname(this.#file));
    // Not worth a wait for the disk at every turn: after a loss of power it may be of no use.
    const options = { mode: 0o600, fsync: false };
    await writeFileAtomic(this.#file, Buffer.concat([digest(bytes), bytes]), options);
  }

  /** What is known, where it is whole, recent, and of this database; otherwise null. */
  async read(): Promise<Checkpoint | null> {
    const record = await this.#record();
    if (!record) return null;
    const { at, contactAt = at, instance, control, cycles } = record;
    const age = Date.now() - at.getTime();
    if (age < 0 || age > OLDEST_MS) return null;
    const read = readableAmong(cycles);
    // Where one of them is no cycle to this program, too little is known.
    if (read.length < cycles.length) return null;
    return { instance, control, cycles: read, contactAt: contactAt.getTime() };
  }

  /** The cycles that can be read of those that an earlier process left, however long ago. */
  async cycles(): Promise<Cycle[]> {
    return readableAmong((await this.#record())?.cycles ?? []);
  }

  /** What the file says, where it is whole and of this database; what is not is set aside. */
  async #record() {
    let content: Buffer;
    try {
      content = await readFile(this.#file);
    } catch (error) {
      const code = errorCodeOf(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') await this.#setAside('it cannot be read');
      return null;
    }
    const record = recordIn(content);
    if (!record) {
      await this.#setAside('it is damaged, or of another version');
      return null;
    }
    if (record.addressDigest !== this.#addressDigest) return null;
    return { ...record, cycles: record.cycles.map(readCycle) };
  }

  /** Makes room for the folder, where something else is in its place. */
  async #clearWay(): Promise<void> {
    for (const place of await clearWay(path.dirname(this.#file), this.#dataDir)) {
      this.#damage.report(place, `Where the last cycles are kept was a file; it is now ${place}.`);
    }
  }

  async #setAside(why: string): Promise<void> {
    const words = `The file ${this.#file} is of no use: ${why}`;
    try {
      const place = await setAside(this.#file, this.#rejected);
      this.#damage.report(this.#file, `${words}. It was set aside as ${place}.`);
    } catch (error) {
      this.#damage.report(this.#file, `${words}, and cannot be set aside: ${messageOf(error)}.`);
    }
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function recordIn(content: Buffer): z.infer<typeof RECORD> | null {
  const bytes = content.subarray(DIGEST_BYTES);
  if (!content.subarray(0, DIGEST_BYTES).equals(digest(bytes))) return null;
  try {
    return RECORD.parse(BSON.deserialize(bytes, { validation: { utf8: false } }));
  } catch {
    return null;
  }
}

function readableAmong(cycles: readonly (StoredCycle | null)[]): Cycle[] {
  return cycles.filter((cycle) => cycle !== null).filter((cycle) => isReadable(cycle));
}
