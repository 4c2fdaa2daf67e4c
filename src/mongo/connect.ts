import type { mongoose } from '@typegoose/typegoose';
import { pause } from '../async/pause.js';
import type { DatabaseUnavailableError } from '../history/database-unavailable.js';
import { Availability, PATIENCE_MS, type AvailabilityOptions } from './availability.js';
import { confirmWrites } from './confirmation.js';
import { DatabaseClient } from './database-client.js';
import type { DatabaseKind } from './database-kind.js';
import { refusalOf } from './refusal.js';
import { checkServer } from './server-check.js';
import { troubleOf, unavailable } from './trouble.js';

const RETRY_PAUSE_MS = 100;

/** A client that has found no server for so long is replaced by a new one, milliseconds. */
const CLIENT_PATIENCE_MS = 2_000;
/** How long a database may take to say that it is there, milliseconds. */
const PING_MS = 1_000;
/** How long a majority may take to confirm a write before the database counts as taking none, milliseconds. */
const CONFIRM_MS = 1_000;

/** A database with one rule for outages. */
export interface Database {
  /** Reads: see {@link Availability.run}. */
  readonly run: Availability['run'];
  /** Writes: a database that can be read may take none, or have no majority that takes them. */
  readonly write: Availability['run'];
  /** Calls back each time that the database has been away, for writes at least, and is back. */
  readonly onBack: Availability['onBack'];
  /** The present one: it may be replaced after an outage. */
  readonly connection: mongoose.Connection;
  readonly kind: DatabaseKind;
  /** Whether it cannot be read. */
  readonly isAway: boolean;
  /** What keeps it from being written to; null where nothing is known to. */
  readonly trouble: DatabaseUnavailableError | null;
  /** What it held is lost: see {@link Availability.lose}. Once one is there again it is set up. */
  setUpAgain(reason: string): void;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly uri: string;
  readonly name: string;
  readonly kind: DatabaseKind;
  /** Makes the database ready at the first contact. */
  readonly setUp: (database: Database) => Promise<void>;
  /** Whether to go on without a database that does not answer; it is then set up once it does. */
  readonly mayBeAway: (reason: DatabaseUnavailableError) => boolean;
  readonly onRun?: AvailabilityOptions['onRun'];
  readonly onRefusal?: AvailabilityOptions['onRefusal'];
}

/**
 * Opens a connection. A write is acknowledged once a majority of the members has it in its journal,
 * and only what a majority has is read: nothing of it can be rolled back. What the address says of
 * this (`w`, `journal`, `readConcernLevel`, `readPreference`) changes nothing.
 * @throws {DatabaseUnavailableError} while it does not answer, where it may not be away
 * @throws {DatabaseRefusedError} when it will not have us
 */
export async function connectDatabase(options: ConnectOptions): Promise<Database> {
  const database = new ConnectedDatabase(options);
  await database.begin();
  return database;
}

/** One connection, what makes it ready, and when it may be read and written to. */
class ConnectedDatabase implements Database {
  readonly #options: ConnectOptions;
  readonly #client: DatabaseClient;
  readonly #reading: Availability;
  readonly #writing: Availability;
  #isReady = false;
  /** How often what it held was lost. */
  #losses = 0;

  constructor(options: ConnectOptions) {
    const { onRun, onRefusal } = options;
    this.#options = options;
    this.#client = new DatabaseClient(options);
    this.#reading = new Availability({
      words: 'the database is not reachable',
      probe: (awayMs) => this.#probe(awayMs),
      onRun,
      onRefusal,
    });
    this.#writing = new Availability({
      words: 'the database takes no writes',
      basis: this.#reading,
      probe: () => confirmWrites(this.connection, CONFIRM_MS),
      onRun,
      onRefusal,
    });
  }

  get connection(): mongoose.Connection {
    return this.#client.connection;
  }

  get kind(): DatabaseKind {
    return this.#options.kind;
  }

  get isAway(): boolean {
    return this.#reading.outage !== null;
  }

  get trouble(): DatabaseUnavailableError | null {
    return this.#writing.trouble;
  }

  run<T>(operation: () => Promise<T>, deadlineMs?: number): Promise<T> {
    return this.#reading.run(operation, deadlineMs);
  }

  write<T>(operation: () => Promise<T>, deadlineMs?: number): Promise<T> {
    return this.#writing.run(operation, deadlineMs);
  }

  onBack(listener: () => void): void {
    this.#writing.onBack(listener);
  }

  setUpAgain(reason: string): void {
    this.#isReady = false;
    this.#losses++;
    const error = new Error(reason);
    this.#reading.lose(error);
    this.#writing.lose(error);
  }

  async close(): Promise<void> {
    this.#reading.close();
    this.#writing.close();
    await this.connection.close();
  }

  /** The first contact. */
  async begin(): Promise<void> {
    try {
      await patiently(() => this.#makeReady());
    } catch (error) {
      const isAway = troubleOf(error) === 'AWAY';
      if (isAway && this.#options.mayBeAway(unavailable(error))) return this.#goAway(error);
      this.#reading.close();
      this.#writing.close();
      await this.connection.close(true).catch(() => undefined);
      throw isAway ? unavailable(error) : error;
    }
  }

  #goAway(error: unknown): void {
    this.#reading.goAway(error);
    this.#writing.goAway(error);
  }

  async #probe(awayMs: number): Promise<void> {
    const client = this.#client;
    try {
      if (!this.#isReady || !client.isOpen) await this.#makeReady();
      await client.connection.db?.command({ ping: 1 }, { timeoutMS: PING_MS });
    } catch (error) {
      // The driver's monitor may wait for ever for a socket that broke while it was written to.
      if (client.isOpen && awayMs > CLIENT_PATIENCE_MS) client.replace();
      throw error;
    }
  }

  async #makeReady(): Promise<void> {
    const { kind, setUp } = this.#options;
    const losses = this.#losses;
    let product: string | null = null;
    try {
      await this.#client.open();
      product = await checkServer(this.connection, kind, this.#client.isDirect);
      await setUp(this.#atOnce());
      // What was lost meanwhile may be what was set up.
      this.#isReady = this.#losses === losses;
    } catch (error) {
      const { isDirect } = this.#client;
      throw refusalOf(error, { ...this.#options, isDirect, product }) ?? error;
    }
  }

  /** Itself, for the set-up: each operation once, whether the database counts as away or not. */
  #atOnce(): Database {
    const { connection, kind, isAway, trouble } = this;
    return {
      ...{ connection, kind, isAway, trouble },
      run: (operation) => operation(),
      write: (operation) => operation(),
      onBack: (listener) => this.onBack(listener),
      setUpAgain: (reason) => this.setUpAgain(reason),
      close: () => this.close(),
    };
  }
}

/** Repeats what meets an outage, for a while. */
async function patiently(attempt: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (troubleOf(error) !== 'AWAY' || performance.now() > deadline) throw error;
      await pause(RETRY_PAUSE_MS);
    }
  }
}
