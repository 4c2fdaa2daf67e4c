import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Damage } from '../history/damage.js';
import type { SkipRun } from '../history/skip-store.js';
import type { SkipFiles } from '../durability/skip-journal.js';
import { errorCodeOf, isPassing, messageOf } from './system-error.js';
import { makeFolders } from './private-folder.js';
import { clearWay, rejectedFolder, setAside } from './set-aside.js';

const RUNS = z.array(
  z.object({
    id: z.string().min(1),
    from: z.number(),
    to: z.number(),
    afterTurn: z.int().min(0),
    code: z.string(),
    message: z.string(),
    count: z.int().min(1),
  }),
);

/**
 * Skips that the database does not have yet, in `DATA_DIR/skips/<database>`: a small file for each
 * process. Its first line is a digest of the second, which is JSON.
 */
export class SkipFolder implements SkipFiles {
  readonly #dataDir: string;
  readonly #folder: string;
  readonly #rejected: string;
  readonly #file: string;
  readonly #damage: Damage;
  #read: string[] = [];

  constructor(dataDir: string, databaseName: string, damage: Damage) {
    this.#dataDir = dataDir;
    this.#folder = path.join(dataDir, 'skips', databaseName);
    this.#rejected = rejectedFolder(dataDir, databaseName);
    this.#file = path.join(this.#folder, `${randomUUID()}.json`);
    this.#damage = damage;
  }

  async read(): Promise<SkipRun[]> {
    const runs: SkipRun[] = [];
    for (const name of await this.#names()) {
      const file = path.join(this.#folder, name);
      const found = await readRuns(file);
      if (found === 'GONE') continue;
      if (!found) {
        await this.#setAside(file);
        continue;
      }
      runs.push(...found);
      this.#read.push(file);
    }
    return runs;
  }

  async write(runs: readonly SkipRun[]): Promise<void> {
    if (runs.length === 0) return rm(this.#file, { force: true });
    await clearWay(this.#folder, this.#dataDir);
    await makeFolders(this.#folder);
    const json = JSON.stringify(runs);
    // Not worth a wait for the disk: after a loss of power it may be of no use.
    const options = { mode: 0o600, fsync: false };
    await writeFileAtomic(this.#file, `${digestOf(json)}\n${json}`, options);
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
    const words = `The file ${file} is of no use: it is damaged, or of another version`;
    try {
      const place = await setAside(file, this.#rejected);
      this.#damage.report(file, `${words}. It was set aside as ${place}.`);
    } catch (error) {
      this.#damage.report(file, `${words}, and cannot be set aside: ${messageOf(error)}.`);
    }
  }
}

function digestOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

/** Null where it is none of ours; GONE where another process has had its runs stored meanwhile. */
async function readRuns(file: string): Promise<SkipRun[] | 'GONE' | null> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if (isPassing(error)) throw error;
    return errorCodeOf(error) === 'ENOENT' ? 'GONE' : null;
  }
  const [digest = '', json = ''] = content.split('\n');
  if (digest !== digestOf(json)) return null;
  return RUNS.safeParse(JSON.parse(json)).data ?? null;
}
