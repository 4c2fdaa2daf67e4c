import {
  defaultFieldResolver,
  GraphQLError,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { Context } from './context.js';
import type { ErrorCode } from './errors.js';

/** How many errors of its fields an answer tells. */
export const MOST_FIELD_ERRORS = 100;
/** After so many failures of one request its other fields fail with them, and are not worked out. */
const MOST_FAILURES = 10_000;

/** What failed of each execution, by its variables: an object of its own each time. */
const COUNTS = new WeakMap<object, UntoldErrors>();

/**
 * Stands for all errors that are not told, and says how many there are with those that are. It has a path:
 * graphql-js takes it as it is, and looks for no place.
 */
export class UntoldErrors extends GraphQLError {
  #found = 0;
  /** Whether it stands in its answer already: once is enough. */
  isThrown = false;

  constructor(found = 0) {
    super('', { path: [], extensions: { code: 'LIMIT_EXCEEDED' satisfies ErrorCode } });
    this.extensions['limit'] = 'errors of fields';
    this.extensions['allowed'] = MOST_FIELD_ERRORS;
    this.found = found;
  }

  get found(): number {
    return this.#found;
  }

  set found(found: number) {
    this.#found = found;
    this.message = `errors of fields: ${MOST_FIELD_ERRORS} are told, not ${found}`;
    this.extensions['found'] = found;
  }
}

/**
 * Bounds what it costs that a field fails in thousands of places: each error is placed in the document
 * and in the answer, which takes longer than the field itself. Past a number of them, all others are
 * one and the same, which says how many there were; past many more, nothing else is tried.
 */
export function boundFieldErrors(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const mayBeNull = !isNonNullType(field.type);
      field.resolve = bounded(field.resolve ?? defaultFieldResolver, mayBeNull);
    }
  }
}

type Resolver = NonNullable<GraphQLField<unknown, unknown>['resolve']>;

function bounded(resolve: Resolver, mayBeNull: boolean): Resolver {
  return (source, args, context, info) => {
    const { batch } = (context ?? {}) as Partial<Context>;
    const untold = COUNTS.get(info.variableValues);
    if (untold && (batch?.failures ?? untold.found) >= MOST_FAILURES) {
      oneMore(untold, batch);
      if (mayBeNull && untold.isThrown) return null;
      throw thrown(untold);
    }
    try {
      const value: unknown = resolve(source, args, context, info);
      if (!(value instanceof Promise)) return value;
      return value.catch((error: unknown) => {
        throw counted(info.variableValues, batch, error);
      });
    } catch (error) {
      throw counted(info.variableValues, batch, error);
    }
  };
}

/** The error itself, or the one that stands for all that are not told. */
function counted(execution: object, batch: Context['batch'], error: unknown): unknown {
  let untold = COUNTS.get(execution);
  if (!untold) COUNTS.set(execution, (untold = new UntoldErrors()));
  oneMore(untold, batch);
  return untold.found <= MOST_FIELD_ERRORS ? error : thrown(untold);
}

function thrown(untold: UntoldErrors): UntoldErrors {
  untold.isThrown = true;
  return untold;
}

function oneMore(untold: UntoldErrors, batch: Context['batch']): void {
  untold.found++;
  if (batch) batch.failures++;
}
