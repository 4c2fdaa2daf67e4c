import {
  Kind,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { traitsOf } from '../graphql/field-traits.js';

/** How a subscription gets the same as others who ask the same. */
export interface Sharing {
  /** The variable that says where it begins, if it says nothing else: others may begin elsewhere. */
  readonly afterVariable: string | null;
}

/** Null for an operation that runs alone; one of a single field can be shared, where that field can. */
export function sharingOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): Sharing | null {
  const [node, ...others] = selectionSet.selections;
  if (node?.kind !== Kind.FIELD || others.length > 0) return null;
  const field = schema.getRootType(operation)?.getFields()[node.name.value];
  const { sharedAfter } = field ? traitsOf(field) : {};
  if (sharedAfter === undefined) return null;
  const value = node.arguments?.find(({ name }) => name.value === sharedAfter)?.value;
  if (value?.kind !== Kind.VARIABLE) return { afterVariable: null };
  const name = value.name.value;
  return { afterVariable: usesOf(document, name) === 1 ? name : null };
}

/** How often a document uses a variable. */
function usesOf(document: DocumentNode, name: string): number {
  let uses = 0;
  visit(document, {
    Variable(node, _key, parent) {
      const isDefinition = parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
      if (node.name.value === name && !isDefinition) uses++;
    },
  });
  return uses;
}
