import type { GraphQLError } from 'graphql';
import { limitExceeded } from '../graphql/errors.js';
import { measureValue } from './values.js';

/** What the variables of an operation may have: four lists of all assets of the largest universe. */
const MOST_ITEMS = 5_000;
const MOST_LEVELS = 8;
const LONGEST_TEXT = 4_096;

/** The error for variables that are too large to be looked at one by one, or null. */
export function refuseVariables(
  variables: Readonly<Record<string, unknown>> | null | undefined,
): GraphQLError | null {
  if (!variables) return null;
  const { items, levels, characters } = measureValue(variables);
  if (levels > MOST_LEVELS) return limitExceeded('levels of variables', MOST_LEVELS, levels);
  if (items > MOST_ITEMS) return limitExceeded('values in variables', MOST_ITEMS, items);
  if (characters <= LONGEST_TEXT) return null;
  return limitExceeded('characters of a value in variables', LONGEST_TEXT, characters);
}
