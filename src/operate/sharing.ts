import {
  Kind,
  visit,
  type ConstArgumentNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { traitsOf } from '../graphql/field-traits.js';

/** How a subscription gets the same as others who ask the same. */
export interface Sharing {
  /** The argument of its field that says after which turn it begins. */
  readonly afterArgument: string;
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
  const afterArgument = sharedAfter;
  if (value?.kind !== Kind.VARIABLE) return { afterArgument, afterVariable: null };
  const name = value.name.value;
  return { afterArgument, afterVariable: usesOf(document, name) === 1 ? name : null };
}

/** An operation that can be executed, and how it is shared. */
interface Shareable {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly sharing: Sharing | null;
}

/**
 * The operation, as it begins after another turn than it says; the same where it cannot begin elsewhere.
 * Nothing else about it changes: what it is sent has the same bytes.
 */
export function beginningAfter(asked: Shareable, turn: number | null): Omit<Shareable, 'sharing'> {
  const { document, operation, sharing } = asked;
  const [node] = operation.selectionSet.selections;
  if (sharing === null || turn === null || node?.kind !== Kind.FIELD) return asked;
  const { afterArgument } = sharing;
  const after: ConstArgumentNode = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: afterArgument },
    value: { kind: Kind.INT, value: String(turn) },
  };
  const others = node.arguments?.filter(({ name }) => name.value !== afterArgument) ?? [];
  const field = { ...node, arguments: [...others, after] };
  const begun = { ...operation, selectionSet: { ...operation.selectionSet, selections: [field] } };
  const definitions = document.definitions.map((one) => (one === operation ? begun : one));
  return { document: { ...document, definitions }, operation: begun };
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
