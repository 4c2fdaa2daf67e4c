import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  GraphQLError,
  parse,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { fieldCount, operationCost, readingWeight, type CostQuestion } from './cost.js';
import { madeForCaller, type ErrorCode } from './errors.js';
import { measureValue } from './values.js';

/**
 * The most tokens a document may have; the largest sensible one has some hundreds. Also bounds how
 * deep a document can be nested, and so the stack that parsing it takes.
 */
export const LARGEST_DOCUMENT_TOKENS = 2_000;

/**
 * The longest document, characters and lines: where an error stands is found by counting the lines
 * before it, for each error anew. Sensible ones of so many tokens stay far below.
 */
const LONGEST_DOCUMENT = 50_000;
const MOST_LINES = 2_000;

/** How many errors of a document its caller is told. */
export const MOST_DOCUMENT_ERRORS = 10;

/** The largest message that a WebSocket client may send, bytes. */
export const LARGEST_MESSAGE_BYTES = 1024 * 1024;

/** How many operations one HTTP request may hold. */
export const LARGEST_BATCH = 10;

/** How many subscriptions one socket may have at a time. */
export const SUBSCRIPTIONS_PER_SOCKET = 100;

/**
 * How many values an operation may ask for (see {@link operationCost}): five matrices of 500 assets
 * and what goes with them.
 */
const LARGEST_COST = 1_500_000;

/** How many fields an operation may have worked out (see {@link fieldCount}). */
const MOST_FIELDS = 150_000;

/** How deep the JSON of a body or a message may be nested. */
export const DEEPEST_JSON = 32;

/** What the variables of an operation may have: four lists of all assets of the largest universe. */
const MOST_ITEMS = 5_000;
const MOST_LEVELS = 8;
const LONGEST_TEXT = 4_096;

/** How many wrong values of its variables an operation is told. */
export const MOST_WRONG_VALUES = 5;

/** The deepest that a sensible operation reaches is 7: cycles, nodes, matrix, cell, … */
const DEEPEST = 12;
const MOST_ALIASES = 100;
const MOST_DIRECTIVES = 50;

/** The error for an operation that is beyond a limit: says which, and by how much. */
export function limitExceeded(
  limit: string,
  allowed: number,
  found: number,
  extensions: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  const message = `${limit}: ${allowed} are allowed, not ${found}`;
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

/** The error for a document that is too long, though it can be parsed; null for any other. */
export function refuseDocument(text: string): GraphQLError | null {
  const lines = text.length <= MOST_LINES ? 0 : (text.match(/\r\n|[\r\n]/g)?.length ?? 0) + 1;
  if (text.length <= LONGEST_DOCUMENT && lines <= MOST_LINES) return null;
  try {
    parse(text, { maxTokens: LARGEST_DOCUMENT_TOKENS, noLocation: true });
  } catch {
    return null;
  }
  return text.length > LONGEST_DOCUMENT
    ? limitExceeded('characters of a document', LONGEST_DOCUMENT, text.length)
    : limitExceeded('lines of a document', MOST_LINES, lines);
}

/** The limits that a document is held against while it is validated. */
export const LIMIT_RULES: readonly ValidationRule[] = [
  maxDepthRule({ n: DEEPEST, flattenFragments: true, ...reportAs('depth', DEEPEST) }),
  maxAliasesRule({ n: MOST_ALIASES, ...reportAs('aliases', MOST_ALIASES) }),
  maxDirectivesRule({ n: MOST_DIRECTIVES, ...reportAs('directives', MOST_DIRECTIVES) }),
];

/** Reports what a rule rejects in our own words, in place of an exception. */
function reportAs(limit: string, allowed: number) {
  return {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, error: GraphQLError): void => {
        const found = Number(/found (\d+)/.exec(error.message)?.[1] ?? NaN);
        context?.reportError(limitExceeded(limit, allowed, found));
      },
    ],
  };
}

/** The error for variables that are too large to be looked at one by one, or null. */
function refuseVariables(variables: CostQuestion['variables']): GraphQLError | null {
  if (!variables) return null;
  const { items, levels, characters } = measureValue(variables);
  if (levels > MOST_LEVELS) return limitExceeded('levels of variables', MOST_LEVELS, levels);
  if (items > MOST_ITEMS) return limitExceeded('values in variables', MOST_ITEMS, items);
  if (characters <= LONGEST_TEXT) return null;
  return limitExceeded('characters of a value in variables', LONGEST_TEXT, characters);
}

/** What tells a client when it may come again, over HTTP and in the error itself. */
export function retryAfter(seconds: number, status: number) {
  const headers = new Map([['retry-after', String(seconds)]]);
  return { retryAfterS: seconds, http: { status, headers } };
}

/** What is asked for in all: in values, and in fields. */
export interface Asked {
  cost: number;
  fields: number;
}

/** What an operation asks for in all, and of history. */
interface Costs extends Readonly<Asked> {
  readonly weight: number;
}

/**
 * The error for an operation that asks for too much, or null; and what it asks for.
 * @param before what others of the same request asked for
 */
export function checkCost(
  question: CostQuestion,
  before: Readonly<Asked> = { cost: 0, fields: 0 },
): Costs & { readonly refused: GraphQLError | null } {
  const tooLarge = refuseVariables(question.variables);
  if (tooLarge) return { cost: 0, fields: 0, weight: 0, refused: tooLarge };
  const costs = knownCosts(question);
  const [cost, fields] = [before.cost + costs.cost, before.fields + costs.fields];
  if (cost > LARGEST_COST) {
    return { ...costs, refused: limitExceeded('cost', LARGEST_COST, cost) };
  }
  if (fields <= MOST_FIELDS) return { ...costs, refused: null };
  return { ...costs, refused: limitExceeded('fields', MOST_FIELDS, fields) };
}

/**
 * What operations without variables cost: documents are kept, and the universe of a server does not
 * change.
 */
const COSTS = new WeakMap<OperationDefinitionNode, Costs>();

function knownCosts(question: CostQuestion): Costs {
  const { operation } = question;
  const known = COSTS.get(operation);
  if (known) return known;
  const costs = {
    cost: operationCost(question),
    fields: fieldCount(question),
    weight: readingWeight(question),
  };
  if (operation.variableDefinitions?.length === 0) COSTS.set(operation, costs);
  return costs;
}

/** Whether the caller asked to be told the cost, by the request's `extensions: { cost: true }`. */
export function wantsCost(extensions: unknown): boolean {
  return (extensions as { readonly cost?: unknown } | null | undefined)?.cost === true;
}

/** What is told of the cost, as an answer's `extensions.cost`. */
export function costReport(cost: number) {
  return { requested: cost, allowed: LARGEST_COST };
}
