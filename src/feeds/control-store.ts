import type { StrategyConfig, StrategySettings } from '../domain/strategy.js';

/** What a turn has to know of the database before it begins. */
export interface TurnControl {
  /** The newest version of the strategy's settings. */
  readonly strategy: StrategyConfig;
  /** The highest turn that was ever purged, 0 if none: neither used again nor built upon. */
  readonly purgedThrough: number;
  /** Counts how often the caches of all instances were to be dropped. */
  readonly cacheResets: number;
  /** Cycles before this turn are no longer shown: what is left of them is about to be removed. */
  readonly visibleFrom: number;
  /** The highest turn that was pushed and then dropped unsaved, 0 if none: never used again. */
  readonly droppedThrough: number;
}

/** The persistent settings. Throws {@link DatabaseUnavailableError} while the database is away. */
export interface ControlStore {
  /** Reads the control data; a new database gets the given settings as version 1. */
  control(initial: StrategySettings): Promise<TurnControl>;
  /** The newest {@link TurnControl.purgedThrough}. */
  purgedThrough(): Promise<number>;
  /** The versions after one, oldest first. */
  versionsAfter(version: number): Promise<StrategyConfig[]>;
  version(version: number): Promise<StrategyConfig | null>;
  /**
   * Adds the version after `base`.
   * @returns null when somebody else added it first: read again and decide again
   */
  add(base: StrategyConfig, settings: StrategySettings): Promise<StrategyConfig | null>;
  /** Raises {@link TurnControl.purgedThrough}; it never falls. */
  markPurged(turn: number): Promise<void>;
  /** Raises {@link TurnControl.visibleFrom}; it never falls. */
  markVisibleFrom(turn: number): Promise<void>;
  /** Raises {@link TurnControl.droppedThrough}; it never falls. */
  markDropped(turn: number): Promise<void>;
  /** Has every instance drop its caches, each with its next turn. */
  markCacheReset(): Promise<void>;
}
