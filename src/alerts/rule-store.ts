import type { RuleVersion } from '../domain/alerts/rule.js';
import type { ChannelRecord } from './channels/channel.js';

/** A version of a rule, before it has its place among all that were saved. */
export interface NewVersion extends Omit<RuleVersion, 'afterTurn'> {
  /** The id of the rule; stays with every version. */
  readonly rule: string;
  /** For people. */
  readonly name: string;
  readonly channels: readonly ChannelRecord[];
  /** The last version of a rule that is no longer there; it is not enabled. */
  readonly isDeleted: boolean;
}

/** A version of a rule, as it is stored. */
export interface StoredVersion extends NewVersion, RuleVersion {
  /** 1, 2, 3, … in the order in which versions, of all rules, were saved. */
  readonly sequence: number;
}

/** A version as it was found; that which turn it begins after is still to be recorded is null. */
export type FoundVersion = Omit<StoredVersion, 'afterTurn'> & { readonly afterTurn: number | null };

export interface FoundVersions {
  /** Those that can be read. */
  readonly versions: readonly FoundVersion[];
  /** The last place that is taken, by whatever; 0 where none is found. */
  readonly last: number;
}

/**
 * The versions of all rules, one list that grows; places that were taken stay so. Every method throws
 * {@link DatabaseUnavailableError} while the database is away.
 */
export interface RuleStore {
  /** The versions from a place in the list on, in order. */
  from(sequence: number): Promise<FoundVersions>;
  /**
   * Adds a version at a place that is free, durably.
   * @returns false where another one has it: read again and decide again
   */
  add(version: NewVersion, sequence: number): Promise<boolean>;
  /**
   * Records which turn a version begins after, unless that is recorded already.
   * @returns what is recorded
   */
  begin(sequence: number, afterTurn: number): Promise<number>;
  /** Has versions that begin after a later turn begin after this one: the turns after it were taken back. */
  beginNoLaterThan(turn: number): Promise<void>;
  /**
   * Forgets the channels of the versions of a rule before its newest one, and how those stand that this one
   * does not have. May be repeated.
   */
  dropChannels(rule: string, beforeSequence: number): Promise<void>;
  /** Removes the versions at these places, of which none is the newest of its rule. */
  remove(sequences: readonly number[]): Promise<void>;
}
