import {
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** The fields of Query that stand in no type. */
export const META_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type']);

/**
 * What a value of introspection costs: it takes about as much longer than a cell of a matrix. The
 * whole schema, asked for once, is well below what is allowed.
 */
const INTROSPECTED_COST = 8;

/** How many items the lists of introspection have in the mean; types come on top. */
const LISTED: Readonly<Record<string, number>> = {
  fields: 6,
  args: 2,
  inputFields: 2,
  enumValues: 4,
  possibleTypes: 2,
  interfaces: 1,
  directives: 5,
};

/**
 * What introspection asks for. Its fields are graphql-js's own and can have nothing stand on them, so
 * their lists are known here.
 */
export function countIntrospection(
  node: FieldNode,
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): { readonly cost: number; readonly fields: number } {
  const types = Object.keys(schema.getTypeMap()).length;
  const known = new Map<string, number>();

  const inField = ({ name, selectionSet }: FieldNode): number => {
    const items = name.value === 'types' ? types : (LISTED[name.value] ?? 1);
    return 1 + (selectionSet ? items * inSelection(selectionSet) : 0);
  };
  const inSelection = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + inField(selection);
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + inSelection(selection.selectionSet);
      return sum + inFragment(selection.name.value);
    }, 0);
  const inFragment = (name: string): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, 0);
    const fragment = fragments.get(name);
    const count = fragment ? inSelection(fragment.selectionSet) : 0;
    known.set(name, count);
    return count;
  };

  const fields = inField(node);
  return { cost: INTROSPECTED_COST * fields, fields };
}
