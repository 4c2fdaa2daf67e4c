import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';
import type { Damage } from '../history/damage.js';
import { errorCodeOf, isPassing, messageOf } from './system-error.js';
import { makeFolders } from './private-folder.js';
import { clearWay, rejectedFolder, setAside } from './set-aside.js';

interface KeptFilesOptions<T> {
  readonly dataDir: string;
  /** Of the folder, in `DATA_DIR`. */
  readonly folder: string;
  readonly databaseName: string;
  readonly damage: Damage;
  readonly schema: z.ZodType<T[]>;
  /** Whether it is worth a wait for the disk: else, after a loss of power it may be of no use. */
  readonly fsync: boolean;
}

/**
 * What the database does not have yet, in `DATA_DIR/<folder>/<database>`: a small file for each
 * process. Its first line is a digest of the second, which is a list in JSON.
 */
export class KeptFiles<T> {
  readonly #options: KeptFilesOptions<T>;
  readonly #folder: string;
  readonly #rejected: string;
  readonly #file: string;
  #read: string[] = [];

  constructor(options: KeptFilesOptions<T>) {
    const { dataDir, folder, databaseName } = options;
    this.#options = options;
    this.#folder = path.join(dataDir, folder, databaseName);
    this.#rejected = rejectedFolder(dataDir, databaseName);
    this.#file = path.join(this.#folder, `${randomUUID()}.json`);
  }

  async read(): Promise<T[]> {
    const items: T[] = [];
    for (const name of await this.#names()) {
      const file = path.join(this.#folder, name);
      const found = await readItems(file, this.#options.schema);
      if (found === 'GONE') continue;
      if (!found) {
        await this.#setAside(file);
        continue;
      }
      items.push(...found);
      this.#read.push(file);
    }
    return items;
  }

  async write(items: readonly T[]): Promise<void> {
    const { dataDir, fsync } = this.#options;
    if (items.length === 0) return rm(this.#file, { force: true });
    await clearWay(this.#folder, dataDir);
    await makeFolders(this.#folder);
    const json = JSON.stringify(items);
    await writeFileAtomic(this.#file, `${digestOf(json)}\n${json}`, { mode: 0o600, fsync });
  }

  async removeRead(): Promise<void> {
    for (const file of this.#read.splice(0)) await rm(file, { force: true });
  }

  async #names(): Promise<string[]> {
    try {
      // Any other is one that a process is just writing, or was when it ended.
      return (await readdir(this.#folder)).filter((name) => name.endsWith('.json')).sort();
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error) ?? '')) return [];
      throw error;
    }
  }

  async #setAside(file: string): Promise<void> {
    const { damage } = this.#options;
    const words = `The file ${file} is of no use: it is damaged, or of another version`;
    try {
      const place = await setAside(file, this.#rejected);
      damage.report(file, `${words}. It was set aside as ${place}.`);
    } catch (error) {
      damage.report(file, `${words}, and cannot be set aside: ${messageOf(error)}.`);
    }
  }
}

function digestOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

/** Null where it is none of ours; GONE where another process has had its own stored meanwhile. */
async function readItems<T>(file: string, schema: z.ZodType<T[]>): Promise<T[] | 'GONE' | null> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if (isPassing(error)) throw error;
    return errorCodeOf(error) === 'ENOENT' ? 'GONE' : null;
  }
  const [digest = '', json = ''] = content.split('\n');
  if (digest !== digestOf(json)) return null;
  return schema.safeParse(JSON.parse(json)).data ?? null;
}
