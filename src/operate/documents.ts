import {
  getOperationAST,
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { LARGEST_DOCUMENT_TOKENS, MOST_DOCUMENT_ERRORS } from './operation-limits.js';
import { limitExceeded } from '../graphql/errors.js';
import { shapeRule } from './shape.js';
import { sharingOf, type Sharing } from './sharing.js';

/** How documents are parsed and validated, whoever does it. */
export const PARSE_OPTIONS = { maxTokens: LARGEST_DOCUMENT_TOKENS };
export const VALIDATION_OPTIONS = { maxErrors: MOST_DOCUMENT_ERRORS };
/** Beside GraphQL's own. */
export const VALIDATION_RULES = [shapeRule];

/**
 * The longest document, characters and lines: where an error stands is found by counting the lines
 * before it, for each error anew. Sensible ones of so many tokens stay far below.
 */
const LONGEST_DOCUMENT = 50_000;
const MOST_LINES = 2_000;

/**
 * How often a field with a selection may stand under one name: validation compares each of them with each
 * other. With as many aliases as there may be, a sensible document has half of it.
 */
const MOST_OF_ONE_NAME = 200;

/** How many documents stay parsed and validated, and how many characters they may have together. */
const KEPT_DOCUMENTS = 1_000;
const KEPT_CHARACTERS = 4 * 1024 * 1024;

/** An operation that may be executed, or why not. */
export type PreparedOperation =
  | {
      readonly document: DocumentNode;
      readonly operation: OperationDefinitionNode;
      /** How it gets the same as others who ask the same; null where it runs alone. */
      readonly sharing: Sharing | null;
    }
  | { readonly errors: readonly GraphQLError[] };

/** Parses and validates documents under the same rules, and with the same codes, as HTTP; once each. */
export class OperationCache {
  readonly #schema: GraphQLSchema;
  readonly #documents = new LRUCache<string, DocumentNode>({
    max: KEPT_DOCUMENTS,
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (_document, text) => text.length,
  });

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  prepare(text: string, operationName: string | null | undefined): PreparedOperation {
    const found = this.#document(text);
    if ('errors' in found) return found;
    const operation = getOperationAST(found, operationName);
    if (!operation) {
      // As graphql-js says it where it finds none to execute.
      const message =
        typeof operationName === 'string'
          ? `Unknown operation named "${operationName}".`
          : 'Must provide operation name if query contains multiple operations.';
      return { errors: [withCode(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE')] };
    }
    return { document: found, operation, sharing: sharingOf(this.#schema, found, operation) };
  }

  #document(text: string): DocumentNode | { readonly errors: readonly GraphQLError[] } {
    const known = this.#documents.get(text);
    if (known) return known;
    const checked = check(this.#schema, text);
    if ('errors' in checked) return checked;
    this.#documents.set(text, checked);
    return checked;
  }
}

function check(
  schema: GraphQLSchema,
  text: string,
): DocumentNode | { readonly errors: readonly GraphQLError[] } {
  let document: DocumentNode;
  try {
    document = parse(text, PARSE_OPTIONS);
  } catch (error) {
    const known =
      error instanceof GraphQLError ? error : new GraphQLError('the document cannot be parsed');
    return { errors: [withCode(known, 'GRAPHQL_PARSE_FAILED')] };
  }
  const tooLong = refuseDocument(text);
  if (tooLong) return { errors: [tooLong] };
  const rules = [...specifiedRules, ...VALIDATION_RULES];
  const errors = validate(schema, document, rules, VALIDATION_OPTIONS);
  if (errors.length === 0) return document;
  return {
    errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')),
  };
}

/** The error for a document that takes too long to validate, though it can be parsed; null for any other. */
export function refuseDocument(text: string): GraphQLError | null {
  const lines = text.length <= MOST_LINES ? 0 : (text.match(/\r\n|[\r\n]/g)?.length ?? 0) + 1;
  const isLong = text.length > LONGEST_DOCUMENT || lines > MOST_LINES;
  if (!isLong && text.split('{', MOST_OF_ONE_NAME + 2).length <= MOST_OF_ONE_NAME) return null;
  let document: DocumentNode;
  try {
    document = parse(text, { ...PARSE_OPTIONS, noLocation: true });
  } catch {
    return null;
  }
  if (text.length > LONGEST_DOCUMENT) {
    return limitExceeded('characters of a document', LONGEST_DOCUMENT, text.length);
  }
  if (isLong) return limitExceeded('lines of a document', MOST_LINES, lines);
  const found = mostOfOneName(document);
  if (found <= MOST_OF_ONE_NAME) return null;
  return limitExceeded('fields of one name', MOST_OF_ONE_NAME, found);
}

/** How often the field stands beside others whose name is the most frequent; only those with a selection. */
function mostOfOneName(document: DocumentNode): number {
  const counts = new Map<string, number>();
  visit(document, {
    SelectionSet({ selections }) {
      for (const node of selections.length > 1 ? selections : []) {
        if (node.kind !== Kind.FIELD || !node.selectionSet) continue;
        const shown = (node.alias ?? node.name).value;
        counts.set(shown, (counts.get(shown) ?? 0) + 1);
      }
    },
  });
  return Math.max(0, ...counts.values());
}

/** Gives an error its code in place: making another one would look for its lines again. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] = code;
  return error;
}
