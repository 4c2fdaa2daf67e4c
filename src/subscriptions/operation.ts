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
import {
  LARGEST_DOCUMENT_TOKENS,
  LIMIT_RULES,
  MOST_DOCUMENT_ERRORS,
  refuseDocument,
} from '../graphql/limits.js';

/** How many documents stay parsed and validated, and how many characters they may have together. */
const KEPT_DOCUMENTS = 1_000;
const KEPT_CHARACTERS = 4 * 1024 * 1024;

/** An operation that may be executed, or why not. */
export type PreparedOperation =
  | {
      readonly document: DocumentNode;
      readonly operation: OperationDefinitionNode;
      /** Subscribes to `cycleCompleted`, and so gets the same as others who ask the same. */
      readonly isShareable: boolean;
      /** The variable that says after which turn to begin, if it says nothing else. */
      readonly afterVariable: string | null;
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
    return { document: found, operation, ...sharing(found, operation) };
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
    document = parse(text, { maxTokens: LARGEST_DOCUMENT_TOKENS });
  } catch (error) {
    const known =
      error instanceof GraphQLError ? error : new GraphQLError('the document cannot be parsed');
    return { errors: [withCode(known, 'GRAPHQL_PARSE_FAILED')] };
  }
  const tooLong = refuseDocument(text);
  if (tooLong) return { errors: [tooLong] };
  const errors = validate(schema, document, [...specifiedRules, ...LIMIT_RULES], {
    maxErrors: MOST_DOCUMENT_ERRORS,
  });
  if (errors.length === 0) return document;
  return {
    errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')),
  };
}

function sharing(document: DocumentNode, { selectionSet }: OperationDefinitionNode) {
  const [field, ...others] = selectionSet.selections;
  if (field?.kind !== Kind.FIELD || others.length > 0 || field.name.value !== 'cycleCompleted') {
    return { isShareable: false, afterVariable: null };
  }
  const value = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (value?.kind !== Kind.VARIABLE) return { isShareable: true, afterVariable: null };
  const name = value.name.value;
  let uses = 0;
  visit(document, {
    Variable(node, _key, parent) {
      const isDefinition = parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
      if (node.name.value === name && !isDefinition) uses++;
    },
  });
  return { isShareable: true, afterVariable: uses === 1 ? name : null };
}

/** Gives an error its code in place: making another one would look for its lines again. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] = code;
  return error;
}
