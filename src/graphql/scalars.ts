import { GraphQLError, GraphQLScalarType, GraphQLString, Kind } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import type { MatrixValues } from './matrix-text.js';
import type { SeriesValues } from './series-text.js';

/** RFC 3339; times come and go as Date objects. */
export const DateTime = new GraphQLScalarType<Date, Date>({
  ...GraphQLDateTime.toConfig(),
  name: 'DateTime',
  description: 'A moment as RFC 3339 text in UTC, for example 2026-01-31T12:00:00.000Z.',
});

/** The moment of a reading of a clock, milliseconds since 1970; null for none. */
export function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

/**
 * Exact decimals, strings end to end. What is wrong with a given one is said by the field that takes it;
 * a number stands for the digits that it is written with.
 */
export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal number as text, for example "0.00012300": never a floating-point number on its way.',
  serialize: (value) => String(value),
  parseValue: (value) =>
    typeof value === 'number' ? String(value) : GraphQLString.parseValue(value),
  parseLiteral: (node, variables) =>
    node.kind === Kind.INT || node.kind === Kind.FLOAT
      ? node.value
      : GraphQLString.parseLiteral(node, variables),
});

/** Rows of numbers; one scalar, because a list of lists of nullable floats costs several times as much. */
export const FloatMatrix = new GraphQLScalarType<never, MatrixValues>({
  name: 'FloatMatrix',
  description:
    'A list of rows, each a list of Float or null, for example [[1, 0.5], [2, null]]. Null: there is no value.',
  serialize: (value) => value as MatrixValues,
  parseValue: outputOnly,
  parseLiteral: outputOnly,
});

/** A column of numbers; one scalar, as a table of numbers is. */
export const FloatSeries = new GraphQLScalarType<never, SeriesValues>({
  name: 'FloatSeries',
  description: 'A list of Float or null, for example [1, null, 0.5]. Null: there is no value.',
  serialize: (value) => value as SeriesValues,
  parseValue: outputOnly,
  parseLiteral: outputOnly,
});

/**
 * Text as it was given: what is wrong with it is said by the field that takes it, so that the rest of
 * the answer stands, and a default reaches that field as it is written in the schema.
 */
function textScalar(name: string, description: string): GraphQLScalarType<string, string> {
  return new GraphQLScalarType<string, string>({
    ...GraphQLString.toConfig(),
    name,
    description,
  });
}

export const SpanText = textScalar(
  'Span',
  'A length of time: a whole number above 0 and s, m, h, d or w, for example "30s", "5m", "1h", "7d", "2w", at most "520w". "turn" where it is called `every`: one point a turn.',
);

export const MomentText = textScalar(
  'Moment',
  'A moment: RFC 3339 text, for example "2026-01-31T12:00:00Z"; "now", one millisecond after the newest stored observedAt; "start", the oldest; either with a span before or after it, for example "now-7d", "start+1d".',
);

function outputOnly(): never {
  throw new GraphQLError('this type is for answers only');
}
