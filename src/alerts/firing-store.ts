/** Tells a firing from all others; firings are ordered by turn, then by rule. */
export interface FiringPlace {
  readonly turn: number;
  /** The id of the rule. */
  readonly rule: string;
}

/** What a rule fired at. */
export interface Firing extends FiringPlace {
  /** Of the rule. */
  readonly version: number;
  /** Of the turn: milliseconds since 1970. */
  readonly observedAt: number;
  /** What the line was. */
  readonly value: number;
}

/** Which firings to read: those strictly between two places, of one rule or of all. */
export interface FiringRange {
  readonly rule?: string;
  readonly after?: FiringPlace;
  readonly before?: FiringPlace;
  readonly order: 'NEWEST_FIRST' | 'OLDEST_FIRST';
  readonly limit: number;
}

/**
 * The firings, each once for its rule and turn. Every method throws {@link DatabaseUnavailableError} while
 * the database is away. Nothing but turns that were taken back removes one.
 */
export interface FiringStore {
  /** Stores firings durably, in the order given; what is there already stays. */
  add(firings: readonly Firing[]): Promise<void>;
  range(range: FiringRange): Promise<Firing[]>;
  one(place: FiringPlace): Promise<Firing | null>;
  /** The versions of a rule that have fired. */
  versionsOf(rule: string): Promise<number[]>;
  /** Removes these and no others, whatever has come to stand in their place: their turns were taken back. */
  remove(firings: readonly Firing[]): Promise<void>;
}

/** Whether a firing comes before another. */
export function comesBefore(one: FiringPlace, other: FiringPlace): boolean {
  return one.turn < other.turn || (one.turn === other.turn && one.rule < other.rule);
}
