import type { StrategyConfig } from '../domain/strategy.js';
import type { Damage } from '../history/damage.js';
import type { FrameOrigin } from '../transfer/frame-columns.js';
import type { BegunImport, ImportMark, ImportStore } from '../transfer/frame-import.js';
import { PATIENCE_MS } from './availability.js';
import {
  CONFIG_COLLECTION,
  configOf,
  ImportDocument,
  OriginDocument,
  StrategyConfigDocument,
} from './config.model.js';
import type { Database } from './connect.js';
import { toStrategyDocument } from './control-store.js';
import { findRaw, parsedAnyhow } from './raw-documents.js';
import { claimOrigin, recordedOrigin } from './schema-setup.js';
import { MongoTurnMarks } from './turn-marks.js';

/** The database holds a part of what was to be imported into it. */
class ImportUnfinishedError extends Error {
  override readonly name = 'ImportUnfinishedError';
}

/** What an import writes into the collection `config`. */
export class MongoImportStore implements ImportStore {
  readonly #database: Database;
  readonly #marks: MongoTurnMarks;

  constructor(database: Database, damage: Damage) {
    this.#database = database;
    this.#marks = new MongoTurnMarks(database, damage);
  }

  /** That there is one is what counts, whatever of it is damaged. */
  async begun(): Promise<BegunImport | null> {
    const [found] = await this.#database.run(
      () => findRaw(this.#database, CONFIG_COLLECTION, { _id: 'import' } as object),
      PATIENCE_MS,
    );
    if (!found) return null;
    const { file, hadOrigin } = parsedAnyhow(found) as Record<string, unknown>;
    const name = typeof file === 'string' ? file : 'a file';
    return { file: name, hadOrigin: hadOrigin !== false };
  }

  async begin(mark: ImportMark): Promise<void> {
    const marks = configOf(this.#database, ImportDocument);
    await this.#database.write(() =>
      marks.replaceOne({ _id: 'import' }, { ...mark }, { upsert: true }),
    );
  }

  async end(): Promise<void> {
    const marks = configOf(this.#database, ImportDocument);
    await this.#database.write(() => marks.deleteOne({ _id: 'import' }));
  }

  async refuseUnfinished(): Promise<void> {
    const mark = await this.begun();
    if (!mark) return;
    throw new ImportUnfinishedError(
      `DATABASE_NAME: the database ${this.#database.connection.name} holds a part of ${mark.file}, whose import was broken off. ` +
        'Run it again (dynamics import), or take it back (dynamics import --discard).',
    );
  }

  async usedThrough(): Promise<number> {
    const { purgedThrough, droppedThrough, visibleFrom } = await this.#marks.read();
    return Math.max(purgedThrough, droppedThrough, visibleFrom - 1);
  }

  origin(): Promise<FrameOrigin | null> {
    return recordedOrigin(this.#database);
  }

  recordOrigin(origin: FrameOrigin): Promise<void> {
    return claimOrigin(this.#database, origin);
  }

  async forgetOrigin(): Promise<void> {
    const origins = configOf(this.#database, OriginDocument);
    await this.#database.write(() => origins.deleteOne({ _id: 'origin' }));
  }

  async putSettings(settings: StrategyConfig): Promise<void> {
    const { _id, ...document } = toStrategyDocument(settings);
    const versions = configOf(this.#database, StrategyConfigDocument);
    await this.#database.write(() => versions.replaceOne({ _id }, document, { upsert: true }));
  }
}
