import { DatabaseUnavailableError } from '../history/database-unavailable.js';

interface AutonomyOptions {
  /** How long an instance that was alone goes on without the database, milliseconds. */
  readonly aloneForMs: number;
  /**
   * Where it starts from a checkpoint while the database is away: when the process before this one
   * last had to do with it, milliseconds since 1970.
   */
  readonly checkpointAt?: number | null;
}

/**
 * Whether this instance may run turns without the database: memory holds what the database does,
 * nobody else was on it when it was last there, and that is not too long ago.
 */
export class Autonomy {
  readonly #aloneForMs: number;
  /** BEHIND: somebody else may have stored turns. UNSURE: a turn of our own may be stored or not. */
  #memory: 'IN_SYNC' | 'BEHIND' | 'UNSURE';
  /** At the last contact with the database this instance had the lease, and nobody else asked for it. */
  #wasAlone: boolean;
  /** When the database last answered, by `performance.now()`. */
  #contactAt: number;

  constructor({ aloneForMs, checkpointAt = null }: AutonomyOptions) {
    this.#aloneForMs = aloneForMs;
    // A checkpoint is only written by one that was in sync, and alone.
    this.#memory = checkpointAt === null ? 'UNSURE' : 'IN_SYNC';
    this.#wasAlone = checkpointAt !== null;
    const awayMs = checkpointAt === null ? 0 : Math.max(0, Date.now() - checkpointAt);
    this.#contactAt = performance.now() - awayMs;
  }

  /** Whether this instance was alone when the database was last there. */
  get wasAlone(): boolean {
    return this.#wasAlone;
  }

  /** When the database last answered, milliseconds since 1970. */
  get contactAt(): number {
    return Date.now() - (performance.now() - this.#contactAt);
  }

  /** Whether memory surely holds what the database does. */
  get isInSync(): boolean {
    return this.#memory === 'IN_SYNC';
  }

  /** Whether this instance may go on without the database. */
  get mayGoOn(): boolean {
    return this.#memory !== 'UNSURE' && this.#isAlone;
  }

  get #isAlone(): boolean {
    return this.#wasAlone && performance.now() - this.#contactAt < this.#aloneForMs;
  }

  /** The database answered who has the lease. @param askedAt by `performance.now()` */
  contact(askedAt: number, isAlone: boolean): void {
    this.#contactAt = askedAt;
    this.#wasAlone = isAlone;
  }

  /** Somebody else may have stored turns; should the database go away, what is known here counts. */
  markBehind(): void {
    if (this.#memory === 'IN_SYNC') this.#memory = 'BEHIND';
  }

  /** Memory may differ from the database: a turn of our own may be stored, or may not. */
  markUnsure(): void {
    this.#memory = 'UNSURE';
  }

  /** Memory holds what the database does. */
  markInSync(): void {
    this.#memory = 'IN_SYNC';
  }

  /**
   * @returns the outage, where this instance may go on in spite of it
   * @throws {DatabaseUnavailableError} where it may not
   */
  goOnDuring(outage: DatabaseUnavailableError): DatabaseUnavailableError {
    if (this.mayGoOn) return outage;
    if (!this.#wasAlone || this.#isAlone) throw outage;
    const words = 'this instance has gone on alone for as long as ALONE_FOR_MS allows';
    throw new DatabaseUnavailableError(`${outage.message}; ${words}`, { cause: outage });
  }
}
