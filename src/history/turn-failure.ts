/** Why a turn was not stored. Times are milliseconds since 1970. */
export interface TurnFailure {
  readonly at: number;
  readonly code: string;
  readonly message: string;
  /** When it makes sense to try again, where that is known. */
  readonly retryAt?: number;
}
