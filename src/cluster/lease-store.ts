/** Who has the lease. */
export interface LeaseHolder {
  readonly holder: string;
  /** Since when, by the database's clock, milliseconds since 1970; null where that was not recorded. */
  readonly since: number | null;
}

/** How somebody asks for the lease. */
export interface LeaseRequest {
  /** How long it is to last, milliseconds by the database's clock. */
  readonly durationMs: number;
  /** Whether another instance surely lives no more. */
  readonly isGone: (holder: string) => boolean;
  /** Whether to take one that has run out from a holder that was alone, and may yet come back. */
  readonly mayTakeOverdue: boolean;
  /** Is told who has it then; null where nobody does. */
  readonly onHolder?: (holder: LeaseHolder | null) => void;
}

export interface LeaseAnswer {
  /**
   * OURS; HELD by another instance; or OVERDUE: it has run out, but its holder was alone and may be
   * keeping cycles aside.
   */
  readonly state: 'OURS' | 'HELD' | 'OVERDUE';
  /** Where it is ours: whether somebody else had it before. */
  readonly isNew: boolean;
  /** Where it is ours: whether nobody else has asked for it lately. */
  readonly isAlone: boolean;
}

/** Who runs the turns. Throws {@link DatabaseUnavailableError} while the database is away. */
export interface LeaseStore {
  /** Takes the lease if it is free, expired, the asker's own already, or that of a holder who is gone. */
  take(holder: string, request: LeaseRequest): Promise<LeaseAnswer>;
  /** Gives it back, where the holder still has it. */
  drop(holder: string): Promise<void>;
}
