import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { BSON } from 'mongodb';
import writeFileAtomic from 'write-file-atomic';
import {
  SpoolError,
  type CycleIdentity,
  type SpooledCycle,
  type SpoolFolder,
} from '../pipeline/spool.js';
import { isReadable } from '../pipeline/stored-cycle.js';
import type { CycleDocument } from './cycle.model.js';
import { toDocument } from './cycle-mapping.js';
import { readCycle } from './cycle-reading.js';
import { errorCodeOf } from './embedded/engine-error.js';
import { makeFolders } from './embedded/private-folder.js';

/** What a file holds, as BSON: `bsondump` shows it. */
interface SpoolRecord {
  readonly cycle: CycleDocument;
  readonly after: CycleIdentity | null;
}

/** `<turn>-<checksum>.bson` */
const FILE_NAME = /^(\d{12})-([0-9a-f]{32})\.bson$/;

/**
 * Cycles that are kept aside, one file each, in `DATA_DIR/spool/<database>`. A file appears under its
 * name only when it is whole and on disk; the name holds a checksum of what is in it.
 */
export class CycleFiles implements SpoolFolder {
  readonly #folder: string;
  readonly #rejected: string;
  readonly #names = new Map<number, string>();

  constructor(dataDir: string, databaseName: string) {
    this.#folder = path.join(dataDir, 'spool', databaseName);
    this.#rejected = path.join(dataDir, 'rejected', databaseName);
  }

  async turns(): Promise<number[]> {
    this.#names.clear();
    for (const name of await namesIn(this.#folder)) {
      const turn = FILE_NAME.exec(name)?.[1];
      if (turn !== undefined) this.#names.set(Number(turn), name);
      // What a process was writing when it was killed: nobody was told of it.
      else if (name.includes('.bson.')) await rm(path.join(this.#folder, name), { force: true });
    }
    return [...this.#names.keys()].sort((a, b) => a - b);
  }

  async add({ cycle, after }: SpooledCycle): Promise<void> {
    const record: SpoolRecord = { cycle: toDocument(cycle), after };
    const bytes = BSON.serialize(record, { ignoreUndefined: true });
    const name = `${String(cycle.turn).padStart(12, '0')}-${checksum(bytes)}.bson`;
    const file = path.join(this.#folder, name);
    try {
      await makeFolders(this.#folder);
      await writeFileAtomic(file, Buffer.from(bytes), { mode: 0o600 });
      await syncFolder(this.#folder);
    } catch (error) {
      await rm(file, { force: true }).catch(() => undefined);
      throw new SpoolError(`the cycle cannot be kept in ${this.#folder}: ${inWords(error)}`, {
        cause: error,
      });
    }
    this.#names.set(cycle.turn, name);
  }

  async read(turn: number): Promise<SpooledCycle | 'GONE' | 'DAMAGED'> {
    const name = this.#names.get(turn);
    if (name === undefined) return 'GONE';
    try {
      const bytes = await readFile(path.join(this.#folder, name));
      if (checksum(bytes) !== FILE_NAME.exec(name)?.[2]) return 'DAMAGED';
      const { cycle, after } = BSON.deserialize(bytes) as SpoolRecord;
      const read = readCycle(cycle);
      return read && isReadable(read) ? { cycle: read, after } : 'DAMAGED';
    } catch (error) {
      if (errorCodeOf(error) === 'ENOENT') return 'GONE';
      throw error;
    }
  }

  async remove(turn: number): Promise<void> {
    const name = this.#names.get(turn);
    this.#names.delete(turn);
    if (name !== undefined) await rm(path.join(this.#folder, name), { force: true });
  }

  async reject(turn: number): Promise<string> {
    const name = this.#names.get(turn);
    if (name !== undefined) {
      await makeFolders(this.#rejected);
      await rename(path.join(this.#folder, name), path.join(this.#rejected, name));
      await syncFolder(this.#rejected);
      this.#names.delete(turn);
    }
    return this.#rejected;
  }
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Makes names that were just given last through a loss of power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function inWords(error: unknown): string {
  const code = errorCodeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'it may not be written to';
  return error instanceof Error ? error.message : String(error);
}
