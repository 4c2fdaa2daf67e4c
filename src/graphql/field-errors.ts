import {
  defaultFieldResolver,
  GraphQLError,
  isObjectType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { ErrorCode } from './errors.js';

/** How many errors of its fields an answer tells. */
const MOST_FIELD_ERRORS = 100;

/** The errors of the fields of one execution, by its variables: an object of its own each time. */
const COUNTS = new WeakMap<object, { found: number; rest: GraphQLError }>();

/**
 * Bounds what it costs that a field fails in thousands of places: each error is placed in the document
 * and in the answer, which takes longer than the field itself. Past a number of them, all others are
 * one and the same, which says how many there were.
 */
export function boundFieldErrors(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = bounded(field.resolve ?? defaultFieldResolver);
    }
  }
}

type Resolver = NonNullable<GraphQLField<unknown, unknown>['resolve']>;

function bounded(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    try {
      const value: unknown = resolve(source, args, context, info);
      if (!(value instanceof Promise)) return value;
      return value.catch((error: unknown) => {
        throw counted(info.variableValues, error);
      });
    } catch (error) {
      throw counted(info.variableValues, error);
    }
  };
}

function counted(execution: object, error: unknown): unknown {
  let count = COUNTS.get(execution);
  if (!count) COUNTS.set(execution, (count = { found: 0, rest: theRest() }));
  if (++count.found <= MOST_FIELD_ERRORS) return error;
  const { rest, found } = count;
  rest.message = `errors of fields: ${MOST_FIELD_ERRORS} are told, not ${found}`;
  rest.extensions['found'] = found;
  return rest;
}

/** One that has a path: graphql-js takes it as it is, and looks for no place. */
function theRest(): GraphQLError {
  return new GraphQLError('', {
    path: [],
    extensions: {
      code: 'LIMIT_EXCEEDED' satisfies ErrorCode,
      limit: 'errors of fields',
      allowed: MOST_FIELD_ERRORS,
    },
  });
}
