import type { HealthNotice } from '../../domain/alerts/health.js';

/** How many notices are kept: of more, the oldest go. */
export const MOST_NOTICES = 1_000;

/**
 * The notices of all instances, each once. Every method throws {@link DatabaseUnavailableError} while the
 * database is away, and may be repeated.
 */
export interface NoticeStore {
  /**
   * Adds notices, and ends those that are there: one begins when the first instance says so, and ends
   * when the last one does.
   */
  save(notices: readonly HealthNotice[]): Promise<void>;
  /** The newest, by when they began, newest first. */
  newest(limit: number): Promise<HealthNotice[]>;
  /** Those that have not ended. */
  open(): Promise<HealthNotice[]>;
}

/** Where notices are kept that the database does not have yet. */
export interface NoticeFiles {
  /** What an earlier process has left, or another one keeps. */
  read(): Promise<HealthNotice[]>;
  /** Keeps these in place of all that this process kept before. */
  write(notices: readonly HealthNotice[]): Promise<void>;
  /** Removes what {@link read} has found. */
  removeRead(): Promise<void>;
}
