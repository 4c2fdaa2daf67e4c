import { createHash } from 'node:crypto';
import { open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { BSON } from 'mongodb';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Damage } from '../history/damage.js';
import type { CycleIdentity } from '../history/cycle-identity.js';
import { BacklogError, type BacklogEntry, type BacklogStore } from '../durability/backlog.js';
import { isReadable, UnreadableCycle } from '../history/stored-cycle.js';
import type { CycleDocument } from '../mongo/cycle.model.js';
import { toDocument } from '../mongo/cycle-mapping.js';
import { LAST_TURN, readCycle } from '../mongo/cycle-reading.js';
import { errorCodeOf, isPassing } from './system-error.js';
import { makeFolders } from './private-folder.js';
import { clearWay, rejectedFolder, setAside } from './set-aside.js';

/** What a file holds, as BSON: `bsondump` shows it. */
interface BacklogRecord {
  readonly cycle: CycleDocument;
  readonly after: CycleIdentity | null;
}

const AFTER = z
  .object({ turn: z.int(), startedAt: z.number(), completedAt: z.number() })
  .nullable();

/** `<turn>-<checksum>.bson` */
const FILE_NAME = /^(\d{12})-([0-9a-f]{32})\.bson$/;

/**
 * The backlog, one file a cycle, in `DATA_DIR/spool/<database>`. A file appears under its
 * name only when it is whole and on disk; the name holds a checksum of what is in it. Whatever else
 * is found there is set aside in `DATA_DIR/rejected/<database>`.
 */
export class BacklogFolder implements BacklogStore {
  readonly #dataDir: string;
  readonly #folder: string;
  readonly #rejected: string;
  readonly #damage: Damage;
  /** The files of each turn; more than one where somebody has put them there. */
  readonly #names = new Map<number, string[]>();

  constructor(dataDir: string, databaseName: string, damage: Damage) {
    this.#dataDir = dataDir;
    this.#folder = path.join(dataDir, 'spool', databaseName);
    this.#rejected = rejectedFolder(dataDir, databaseName);
    this.#damage = damage;
  }

  async turns(): Promise<number[]> {
    await this.#clearWay();
    this.#names.clear();
    for (const name of (await namesIn(this.#folder)).sort()) {
      const turn = Number(FILE_NAME.exec(name)?.[1] ?? NaN);
      if (turn >= 1 && turn <= LAST_TURN) {
        this.#names.set(turn, [...(this.#names.get(turn) ?? []), name]);
      } else if (/\.bson\.\d+$/.test(name)) {
        // What a process was writing when it was killed: nobody was told of it.
        await rm(path.join(this.#folder, name), { force: true, recursive: true });
      } else {
        await this.#setAside(name, 'it has no name of a kept cycle');
      }
    }
    return [...this.#names.keys()].sort((a, b) => a - b);
  }

  async add({ cycle, after }: BacklogEntry): Promise<void> {
    const record: BacklogRecord = { cycle: toDocument(cycle), after };
    const bytes = BSON.serialize(record, { ignoreUndefined: true });
    const name = `${String(cycle.turn).padStart(12, '0')}-${checksum(bytes)}.bson`;
    const file = path.join(this.#folder, name);
    try {
      await this.#clearWay();
      await makeFolders(this.#folder);
      await writeFileAtomic(file, Buffer.from(bytes), { mode: 0o600 });
      await syncFolder(this.#folder);
    } catch (error) {
      await rm(file, { force: true }).catch(() => undefined);
      throw new BacklogError(`the cycle cannot be kept in ${this.#folder}: ${inWords(error)}`, {
        cause: error,
      });
    }
    this.#names.set(cycle.turn, [name]);
  }

  async read(turn: number): Promise<BacklogEntry | UnreadableCycle | 'GONE'> {
    let found: UnreadableCycle | 'GONE' = 'GONE';
    for (const name of this.#names.get(turn) ?? []) {
      const entry = await this.#readFile(turn, name);
      if (entry === 'GONE') continue;
      if (isReadable(entry)) return entry;
      found = entry;
    }
    return found;
  }

  async remove(turn: number): Promise<void> {
    const names = this.#names.get(turn) ?? [];
    this.#names.delete(turn);
    for (const name of names) {
      await rm(path.join(this.#folder, name), { force: true, recursive: true });
    }
  }

  async reject(turn: number, why: string): Promise<string> {
    const names = this.#names.get(turn) ?? [];
    this.#names.delete(turn);
    for (const name of names) await this.#setAside(name, why);
    return this.#rejected;
  }

  async wasRejected(turn: number): Promise<boolean> {
    const names = await namesIn(this.#rejected);
    return names.some((name) => Number(FILE_NAME.exec(name.slice(0, 50))?.[1] ?? NaN) === turn);
  }

  async #readFile(turn: number, name: string): Promise<BacklogEntry | UnreadableCycle | 'GONE'> {
    const damaged = (why: string) => new UnreadableCycle(turn, `its file ${name} ${why}`);
    let bytes: Buffer;
    try {
      bytes = await readFile(path.join(this.#folder, name));
    } catch (error) {
      const code = errorCodeOf(error) ?? '';
      if (code === 'ENOENT') return 'GONE';
      if (isPassing(error)) throw error;
      return damaged(`cannot be read (${code})`);
    }
    if (checksum(bytes) !== FILE_NAME.exec(name)?.[2]) return damaged('is damaged');
    return asEntry(turn, bytes) ?? damaged('is of another kind');
  }

  /** Makes room for the folders, where something else is in their place. */
  async #clearWay(): Promise<void> {
    for (const place of await clearWay(this.#folder, this.#dataDir)) {
      this.#damage.report(place, `Where cycles are kept aside was a file; it is now ${place}.`);
    }
  }

  /** A file that can be moved nowhere stays, and is found again at the next start. */
  async #setAside(name: string, why: string): Promise<void> {
    const file = path.join(this.#folder, name);
    try {
      const place = await setAside(file, this.#rejected);
      await syncFolder(this.#rejected);
      this.#damage.report(file, `The file ${name} of DATA_DIR was set aside as ${place}: ${why}.`);
    } catch (error) {
      const words = `The file ${file} cannot be used: ${why}; nor can it be set aside`;
      this.#damage.report(file, `${words}: ${inWords(error)}.`);
    }
  }
}

/** What a whole file says; null where that is no cycle of this turn. */
function asEntry(turn: number, bytes: Uint8Array): BacklogEntry | UnreadableCycle | null {
  let record: Partial<BacklogRecord>;
  try {
    record = BSON.deserialize(bytes, { validation: { utf8: false } });
  } catch {
    return null;
  }
  const after = AFTER.safeParse(record.after);
  const cycle = readCycle(record.cycle);
  if (cycle === null || cycle.turn !== turn || !after.success) return null;
  return isReadable(cycle) ? { cycle, after: after.data } : cycle;
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error) ?? '')) return [];
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
