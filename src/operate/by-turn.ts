import {
  getArgumentValues,
  getVariableValues,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { traitsOf, type Arguments } from '../graphql/field-traits.js';

/** An operation of a document. */
interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Whether all that an operation asks for stays the same until the next turn: every field says so. */
export function isByTurn(asked: Asked): boolean {
  const fields = fieldsOf(asked);
  return fields !== null && fields.every(({ field }) => traitsOf(field).isByTurn === true);
}

/**
 * Whether an answer without errors stays the same for good, as long as what is stored stays: every field
 * says so of its arguments, and has a value. What is not there yet may come.
 * @param variables as the caller sent them
 */
export function isFixed(
  asked: Asked,
  variables: Readonly<Record<string, unknown>> | null | undefined,
  data: Readonly<Record<string, unknown>> | null | undefined,
): boolean {
  if (!data || Object.values(data).includes(null)) return false;
  const { schema, operation } = asked;
  const definitions = operation.variableDefinitions ?? [];
  const { coerced } = getVariableValues(schema, definitions, variables ?? {}, { maxErrors: 0 });
  if (!coerced) return false;
  const fields = fieldsOf(asked);
  return (
    fields !== null &&
    fields.every(({ field, node }) => {
      const args = argumentsOf(field, node, coerced);
      return (args && traitsOf(field).isFixed?.(args)) ?? false;
    })
  );
}

/** Null where they are wrong: then the field was left out of the answer. */
function argumentsOf(
  field: AskedField['field'],
  node: FieldNode,
  variables: Record<string, unknown>,
): Arguments | null {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return null;
  }
}

interface AskedField {
  readonly node: FieldNode;
  readonly field: GraphQLField<unknown, unknown>;
}

/** A query's own fields; null where there is anything else in it. */
function fieldsOf({ schema, document, operation }: Asked): AskedField[] | null {
  if (operation.operation !== OperationTypeNode.QUERY) return null;
  const known = schema.getQueryType()?.getFields() ?? {};
  const fields: AskedField[] = [];
  for (const node of nodesOf(document, operation.selectionSet)) {
    const name = node.name.value;
    if (name === '__typename') continue;
    const field = known[name];
    if (!field) return null;
    fields.push({ node, field });
  }
  return fields;
}

/** The fields of a selection, and of its fragments, each of which is looked at once. */
function nodesOf(
  document: DocumentNode,
  { selections }: SelectionSetNode,
  nodes: FieldNode[] = [],
  seen = new Set<string>(),
): readonly FieldNode[] {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) nodes.push(selection);
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      nodesOf(document, selection.selectionSet, nodes, seen);
    } else if (!seen.has(selection.name.value)) {
      seen.add(selection.name.value);
      const fragment = document.definitions.find(
        (node): node is FragmentDefinitionNode =>
          node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
      );
      if (fragment) nodesOf(document, fragment.selectionSet, nodes, seen);
    }
  }
  return nodes;
}
