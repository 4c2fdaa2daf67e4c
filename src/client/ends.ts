import {
  AccessError,
  DynamicsError,
  HistoryGoneError,
  RequestError,
  RewoundError,
  UnreachableError,
  UnreadableTurnError,
  type GraphQLFault,
} from './errors.js';

/** Close codes of the server: cycles that were sent are not stored so; and where the token does not do. */
const REWOUND = 4510;
const REFUSALS = [4401, 4403];
/** What was sent is not what the server speaks: sending it again would end the same. */
const MISUNDERSTOOD = [4400, 4406];
/** Statuses with which a server that is there says that it has no time. */
const BUSY_STATUSES = [408, 429];
/** Faults of the server that pass. */
const PASSING = ['DATABASE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'];

/** Why a subscription ended, and what is to be done about it. */
export type End =
  /** To be tried again, no sooner than `retryInMs`. */
  | { readonly kind: 'LOST'; readonly reason: string; readonly retryInMs: number }
  /** The server wants another token; one that is asked for anew may do. */
  | { readonly kind: 'REFUSED'; readonly error: AccessError }
  /** Whoever listens has to know. */
  | { readonly kind: 'TOLD'; readonly error: Error };

/** Whether a server that answers with such a status may answer otherwise in a while. */
export function isPassingStatus(status: number): boolean {
  return status >= 500 || BUSY_STATUSES.includes(status);
}

/** Whether a fault that the server names by such a code passes. */
export function isPassingFault(code: unknown): boolean {
  return PASSING.includes(String(code));
}

/**
 * @param ended what the socket, the server or the network said
 * @param wasConnected whether the server has ever been reached
 */
export function endOf(ended: unknown, wasConnected: boolean): End {
  if (Array.isArray(ended)) return endOfErrors(ended as readonly GraphQLFault[]);
  if (ended instanceof RequestError) return endOfErrors(ended.errors);
  if (ended instanceof AccessError) return { kind: 'REFUSED', error: ended };
  if (isClose(ended)) return endOfSocket(ended);
  if (ended instanceof DynamicsError && !(ended instanceof UnreachableError)) return told(ended);
  const status = statusOf(ended);
  const isElsewhere = status >= 400 && !isPassingStatus(status);
  if (isElsewhere && !wasConnected) {
    const words = `no Dynamics server there: it answered with status ${status}`;
    return told(new UnreachableError(words, { status, cause: ended }));
  }
  return lost(messageOf(ended));
}

function endOfSocket({ code, reason }: Close): End {
  if (code === REWOUND) {
    const stands = /after (\d+) /.exec(reason)?.[1];
    return told(new RewoundError(reason, stands === undefined ? null : Number(stands)));
  }
  if (REFUSALS.includes(code)) return { kind: 'REFUSED', error: new AccessError(reason) };
  if (MISUNDERSTOOD.includes(code)) return told(new UnreachableError(`${code}: ${reason}`));
  return lost(reason || 'the connection was closed');
}

function endOfErrors(errors: readonly GraphQLFault[]): End {
  const { message = '', extensions = {} } = errors[0] ?? {};
  const { code, turn, oldestTurn, retryAfterS, argument } = extensions;
  // One turn alone: those after it can be had.
  if (typeof turn === 'number') return told(new UnreadableTurnError(message, turn));
  if (code === 'HISTORY_GONE') {
    return told(new HistoryGoneError(message, typeof oldestTurn === 'number' ? oldestTurn : null));
  }
  if (code === 'BAD_USER_INPUT' && argument === 'after')
    return told(new RewoundError(message, null));
  if (code === 'UNAUTHENTICATED') return { kind: 'REFUSED', error: new AccessError(message) };
  if (code === 'FORBIDDEN') return told(new AccessError(message));
  if (typeof retryAfterS === 'number') return lost(message, retryAfterS * 1_000);
  if (isPassingFault(code)) return lost(message);
  return told(new RequestError(errors));
}

function lost(reason: string, retryInMs = 0): End {
  return { kind: 'LOST', reason, retryInMs };
}

function told(error: Error): End {
  return { kind: 'TOLD', error };
}

interface Close {
  readonly code: number;
  readonly reason: string;
}

/** A close event; not all of what there is has a class for it. */
function isClose(ended: unknown): ended is Close {
  const { code, reason } = (ended ?? {}) as Partial<Record<keyof Close, unknown>>;
  return typeof code === 'number' && typeof reason === 'string';
}

/** The HTTP status with which opening a socket was answered, where that is said; 0 where not. */
function statusOf(ended: unknown): number {
  if (ended instanceof UnreachableError) return ended.status ?? 0;
  return Number(/server response: (\d{3})/.exec(messageOf(ended))?.[1] ?? 0);
}

function messageOf(ended: unknown): string {
  const { message } = (ended ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' && message ? message : 'the connection could not be opened';
}
