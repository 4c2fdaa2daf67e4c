import {
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { traitsOf } from '../graphql/field-traits.js';

/** Whether all that an operation asks for stays the same until the next turn: every field says so. */
export function isByTurn(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): boolean {
  if (operation !== OperationTypeNode.QUERY) return false;
  const fields = schema.getQueryType()?.getFields() ?? {};
  for (const name of fieldsOf(document, selectionSet)) {
    if (name !== '__typename' && !(fields[name] && traitsOf(fields[name]).isByTurn)) return false;
  }
  return true;
}

/** The names of an operation's own fields, and of those in its fragments, each of which is looked at once. */
function fieldsOf(
  document: DocumentNode,
  { selections }: SelectionSetNode,
  names = new Set<string>(),
  seen = new Set<string>(),
): ReadonlySet<string> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) names.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      fieldsOf(document, selection.selectionSet, names, seen);
    } else if (!seen.has(selection.name.value)) {
      seen.add(selection.name.value);
      const fragment = document.definitions.find(
        (node): node is FragmentDefinitionNode =>
          node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
      );
      if (fragment) fieldsOf(document, fragment.selectionSet, names, seen);
    }
  }
  return names;
}
