import { GraphQLError, Kind, type GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../graphql/errors.js';
import { MOST_FIELD_ERRORS, UntoldErrors } from '../graphql/field-errors.js';
import { DatabaseUnavailableError } from '../history/database-unavailable.js';
import { MissingCycle, UnreadableCycle } from '../history/stored-cycle.js';
import type { Logger } from '../log.js';

/**
 * What the caller gets to see of an error. Errors that were made for callers pass; an outage of the
 * database and a turn that cannot be had are named; anything unforeseen is masked, and given to `report` whole.
 */
export function presentError(
  error: GraphQLError,
  requestId: string,
  report: (error: unknown) => void,
): GraphQLError {
  const cause = originOf(error);
  if (cause instanceof DatabaseUnavailableError) {
    return withExtensions(error, 'the database is not reachable at the moment', {
      code: 'DATABASE_UNAVAILABLE' satisfies ErrorCode,
    });
  }
  if (cause instanceof UnreadableCycle) {
    return withExtensions(error, cause.message, {
      code: 'CYCLE_UNREADABLE' satisfies ErrorCode,
      turn: cause.turn,
    });
  }
  if (cause instanceof MissingCycle) {
    return withExtensions(error, cause.message, {
      code: 'HISTORY_GONE' satisfies ErrorCode,
      turn: cause.turn,
      oldestTurn: cause.nextTurn,
    });
  }
  // A GraphQLError without a code that stands at a field is the library's own: an answer that does
  // not fit the schema.
  const foreseen = cause instanceof GraphQLError && (error.extensions['code'] ?? !error.path);
  if (foreseen) return error;
  if (cause instanceof GraphQLError && isOfArgument(cause)) {
    return withExtensions(error, cause.message, { code: 'BAD_USER_INPUT' satisfies ErrorCode });
  }
  report(cause);
  return withExtensions(error, `an internal error; the log has it under request ${requestId}`, {
    code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode,
    requestId,
  });
}

/** Whether the library names an argument's value as its place, and not a field: a null where none may be. */
function isOfArgument({ nodes }: GraphQLError): boolean {
  return nodes !== undefined && nodes.every(({ kind }) => kind !== Kind.FIELD);
}

/** How many of an answer's errors that were not foreseen stand in the log. */
const MOST_REPORTED = 5;

/** The errors of an answer as its caller gets to see them; those that were not foreseen are logged. */
export function presentErrors(
  errors: readonly GraphQLError[],
  requestId: string,
  log: Logger,
): GraphQLFormattedError[] {
  let unforeseen = 0;
  const report = (error: unknown): void => {
    if (++unforeseen > MOST_REPORTED) return;
    log.error({ err: error, requestId }, 'a field failed for a reason that was not foreseen');
  };
  // One and the same may stand in many places.
  const shown = toldOf([...new Set(errors)]).map((error) =>
    formatError(presentError(error, requestId, report)),
  );
  if (unforeseen > MOST_REPORTED) {
    log.error({ requestId, unforeseen }, 'more fields failed than are told here');
  }
  return shown;
}

/**
 * The errors that are told: of those that stand at fields so many, and how many there are beside them. In
 * the order of their places in the document, and then in the answer, so that the same answer has the same
 * bytes however its fields took turns; those without a place come last, as they are.
 */
function toldOf(errors: readonly GraphQLError[]): GraphQLError[] {
  const isPlaced = ({ path }: GraphQLError): boolean => path !== undefined && path.length > 0;
  const placed = errors.filter(isPlaced).sort(byPlace);
  const others = errors.filter((error) => !isPlaced(error));
  // What graphql-js finds wrong with arguments comes past those that count the errors of fields.
  const past = placed.length - MOST_FIELD_ERRORS;
  if (past <= 0) return [...placed, ...others];
  const known = others.find((error) => error instanceof UntoldErrors);
  const untold = new UntoldErrors((known?.found ?? MOST_FIELD_ERRORS) + past);
  return [
    ...placed.slice(0, MOST_FIELD_ERRORS),
    ...others.filter((error) => error !== known),
    untold,
  ];
}

function byPlace(a: GraphQLError, b: GraphQLError): number {
  const [one, other] = [a.locations?.[0], b.locations?.[0]];
  const lines = (one?.line ?? 0) - (other?.line ?? 0);
  return lines || (one?.column ?? 0) - (other?.column ?? 0) || comparePaths(a, b);
}

function comparePaths({ path: a = [] }: GraphQLError, { path: b = [] }: GraphQLError): number {
  for (const [at, key] of a.entries()) {
    const other = b[at];
    if (key === other) continue;
    if (typeof key === 'number' && typeof other === 'number') return key - other;
    return String(key) < String(other) ? -1 : 1;
  }
  return 0;
}

/** The longest message that an error is sent with: some repeat what the caller wrote. */
const LONGEST_MESSAGE = 1_000;

/** An error as it is sent: without what its extensions tell the transport (`http`). */
export function formatError(error: GraphQLError): GraphQLFormattedError {
  const { extensions = {}, message, ...others } = error.toJSON();
  const isLong = message.length > LONGEST_MESSAGE;
  const formatted = {
    message: isLong ? `${message.slice(0, LONGEST_MESSAGE)}…` : message,
    ...others,
  };
  if (formatted.path?.length === 0) delete formatted.path;
  const { http, ...shown } = extensions;
  // What stands at no field is about the request: the library gives no code to wrong variables.
  if (shown['code'] === undefined && !error.path) {
    shown['code'] = 'BAD_USER_INPUT' satisfies ErrorCode;
  }
  // Validation gives a code of its own to whatever it reports.
  if (shown['limit'] !== undefined) shown['code'] = 'LIMIT_EXCEEDED' satisfies ErrorCode;
  return Object.keys(shown).length === 0 ? formatted : { ...formatted, extensions: shown };
}

/** The error that was thrown in the first place; a GraphQLError where it was made for callers. */
function originOf(error: GraphQLError): unknown {
  let origin: unknown = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}

function withExtensions(
  error: GraphQLError,
  message: string,
  extensions: Record<string, unknown>,
): GraphQLError {
  return new GraphQLError(message, {
    extensions,
    ...(error.nodes && { nodes: error.nodes }),
    ...(error.path && { path: error.path }),
  });
}
