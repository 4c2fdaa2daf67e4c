import { GraphQLError } from 'graphql';
import type { TurnFailure } from '../history/turn-failure.js';

/** The codes in `extensions.code` that callers may rely on, beside the protocol's own. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'LIMIT_EXCEEDED'
  | 'HISTORY_GONE'
  | 'CYCLE_UNREADABLE'
  | 'EXCHANGE_UNAVAILABLE'
  | 'TURN_OVERTAKEN'
  | 'REWOUND'
  | 'DATABASE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/**
 * Makes an error that tells its caller all there is to say: where it was made is nothing that anybody
 * reads, and finding that out takes ten times as long as all the rest.
 */
function madeForCaller(make: () => GraphQLError): GraphQLError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** A wrong value from the caller: BAD_USER_INPUT, naming the argument. */
export function badUserInput(argument: string, message: string): GraphQLError {
  const extensions = { code: 'BAD_USER_INPUT' satisfies ErrorCode, argument };
  return madeForCaller(() => new GraphQLError(`${argument}: ${message}`, { extensions }));
}

/**
 * Ends the work on an operation whose answer nobody waits for any longer; nobody gets to see it. One for
 * all: each request ends with it, the answered ones too.
 */
export const OPERATION_ENDED = new GraphQLError('nobody waits for the answer any longer', {
  extensions: { code: 'ENDED' },
});

/**
 * The error for an operation that is beyond a limit: says which, and by how much.
 * @param way what would not be beyond it, in words
 */
export function limitExceeded(
  limit: string,
  allowed: number,
  found: number,
  extensions: Readonly<Record<string, unknown>> = {},
  way: string | null = null,
): GraphQLError {
  const beyond = `${limit}: ${allowed} are allowed, not ${found}`;
  const message = way === null ? beyond : `${beyond}; ${way}`;
  return madeForCaller(
    () =>
      new GraphQLError(message, {
        extensions: {
          code: 'LIMIT_EXCEEDED' satisfies ErrorCode,
          limit,
          allowed,
          found,
          http: { status: 400 },
          ...extensions,
        },
      }),
  );
}

/** What was asked for is no longer kept: HISTORY_GONE, naming the oldest turn that is. */
export function historyGone(message: string, oldestTurn: number | null): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'HISTORY_GONE' satisfies ErrorCode, oldestTurn },
  });
}

/** Why a turn could not be run, where that is not what the exchange did. */
const NOT_OF_THE_EXCHANGE: ReadonlyMap<string, ErrorCode> = new Map([
  ['DATABASE_UNAVAILABLE', 'DATABASE_UNAVAILABLE'],
  ['CYCLE_REFUSED', 'DATABASE_UNAVAILABLE'],
  ['INTERNAL', 'INTERNAL_SERVER_ERROR'],
  ['PURGED', 'TURN_OVERTAKEN'],
  ['REWOUND', 'TURN_OVERTAKEN'],
  ['TURN_TAKEN', 'TURN_OVERTAKEN'],
  ['ELSEWHERE', 'TURN_OVERTAKEN'],
  ['FOLLOWING', 'TURN_OVERTAKEN'],
  ['STOPPED', 'TURN_OVERTAKEN'],
]);

/** A turn that could not be run: what the exchange or the database said, and when it is tried again. */
export function turnNotRun(failure: TurnFailure): GraphQLError {
  return new GraphQLError(failure.message, {
    extensions: {
      code: NOT_OF_THE_EXCHANGE.get(failure.code) ?? ('EXCHANGE_UNAVAILABLE' satisfies ErrorCode),
      reason: failure.code,
      ...(failure.retryAt !== undefined && { retryAt: new Date(failure.retryAt).toISOString() }),
    },
  });
}
