/** An error as GraphQL tells it. */
export interface GraphQLFault {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Whatever this client throws by itself. */
export class DynamicsError extends Error {
  override name = 'DynamicsError';
}

/** The server answered an operation with errors. */
export class RequestError extends DynamicsError {
  override name = 'RequestError';
  /** The stable word of the first error, for example BAD_USER_INPUT; null where it has none. */
  readonly code: string | null;
  readonly errors: readonly GraphQLFault[];
  /** What there is of the answer beside them; null where nothing is. */
  readonly data: unknown;

  constructor(errors: readonly GraphQLFault[], data: unknown = null) {
    super(errors.map(({ message }) => message).join(' ') || 'the server answered nothing');
    const code = errors[0]?.extensions?.['code'];
    this.code = typeof code === 'string' ? code : null;
    this.errors = errors;
    this.data = data;
  }
}

/** The server cannot be reached, or what is there is not it. */
export class UnreachableError extends DynamicsError {
  override name = 'UnreachableError';
  /** The HTTP status of what answered; null where nothing did. */
  readonly status: number | null;

  constructor(message: string, { status = null, cause }: UnreachableOptions = {}) {
    super(message, { cause });
    this.status = status;
  }
}

interface UnreachableOptions {
  readonly status?: number | null;
  readonly cause?: unknown;
}

/** The token is missing, wrong, has run out, or allows too little. */
export class AccessError extends DynamicsError {
  override name = 'AccessError';
}

/** What was received is not stored so any more: the database was put back. What is known of it is to be read anew. */
export class RewoundError extends DynamicsError {
  override name = 'RewoundError';
  /** The last turn that was received and still stands, to go on after; null where that is not known. */
  readonly stands: number | null;

  constructor(message: string, stands: number | null) {
    super(message);
    this.stands = stands;
  }
}

/** What follows the last turn that was received is not kept any more: there is a gap. */
export class HistoryGoneError extends DynamicsError {
  override name = 'HistoryGoneError';
  /** The oldest turn that is kept: what comes from there on follows `after: oldestTurn - 1`. Null where none is. */
  readonly oldestTurn: number | null;

  constructor(message: string, oldestTurn: number | null) {
    super(message);
    this.oldestTurn = oldestTurn;
  }
}

/** One turn cannot be had: it is damaged, or missing among others. What comes next follows `after: turn`. */
export class UnreadableTurnError extends DynamicsError {
  override name = 'UnreadableTurnError';
  readonly turn: number;

  constructor(message: string, turn: number) {
    super(message);
    this.turn = turn;
  }
}
