import {
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  typeFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What an operation is held against. */
export interface CostQuestion {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  /** How many assets the universe has. */
  readonly universeSize: number;
}

/** What a field makes of its selection: its own cost, how often the selection is worked out, … */
interface FieldCost {
  readonly own: number;
  readonly times: number;
  /** How many cells a table of numbers below it has. */
  readonly cells?: number;
}

type Arguments = Readonly<Record<string, unknown>>;

const META_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type']);

const PLAIN: FieldCost = { own: 1, times: 1 };

function lengthOf(value: unknown, otherwise: number): number {
  return Array.isArray(value) ? value.length : otherwise;
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value > 0 ? value : otherwise;
}

/**
 * What a value of introspection counts: it takes about as much longer than a cell of a matrix. The
 * whole schema, asked for once, is well below what is allowed.
 */
const INTROSPECTED = 8;
/** How many items the lists of introspection have in the mean; types come on top. */
const INTROSPECTED_ITEMS: Readonly<Record<string, number>> = {
  fields: 6,
  args: 2,
  inputFields: 2,
  enumValues: 4,
  possibleTypes: 2,
  interfaces: 1,
  directives: 5,
};

/** The fields that stand for many values; every other one counts 1. `n` is the universe's size. */
const FIELD_COSTS: Readonly<Record<string, (args: Arguments, n: number) => FieldCost>> = {
  'Query.cycles': ({ first, last }) => ({ own: 1, times: numberOf(first, numberOf(last, 20)) }),
  'Cycle.symbols': (_args, n) => ({ own: n, times: 1 }),
  'Cycle.assets': (_args, n) => ({ own: 1, times: n }),
  'Cycle.matrix': ({ bases, quotes }, n) => ({
    own: 1,
    times: 1,
    cells: lengthOf(bases, n) * lengthOf(quotes, n),
  }),
  'Cycle.matrices': ({ kinds }, n) => ({ own: 1, times: lengthOf(kinds, 5), cells: n * n }),
  'Matrix.bases': (_args, n) => ({ own: n, times: 1 }),
  'Matrix.quotes': (_args, n) => ({ own: n, times: 1 }),
  'Wallet.balances': (_args, n) => ({ own: 1, times: n }),
};

/**
 * What an operation asks for, in values: each field counts 1, a matrix its cells, a list its items
 * (cycles by `first` or `last`, assets by the universe). Fragments count wherever they are spread;
 * each is worked out once. An operation that is not valid costs what could be understood of it.
 */
export function operationCost(question: CostQuestion): number {
  return count(question, { cell: 1, introspected: INTROSPECTED });
}

/**
 * How many fields an operation has worked out, lists by their items; a table of numbers is one. A
 * field takes many times as long as a cell.
 */
export function fieldCount(question: CostQuestion): number {
  return count(question, { cell: 0, introspected: 1 });
}

/** What counts how much, beside the fields. */
interface Weights {
  readonly cell: number;
  readonly introspected: number;
}

function count(question: CostQuestion, weights: Weights): number {
  const { schema, document, operation, universeSize } = question;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const { coerced: variables = {} } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    question.variables ?? {},
    // The execution tells what is wrong with them.
    { maxErrors: 0 },
  );
  const known = new Map<string, number>();

  const costOfSelection = (
    parent: GraphQLNamedType,
    { selections }: SelectionSetNode,
    cells: number,
  ): number => {
    let cost = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += costOfField(parent, selection, cells);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition && typeFromAST(schema, selection.typeCondition);
        cost += costOfSelection(type ?? parent, selection.selectionSet, cells);
      } else cost += costOfFragment(selection.name.value, cells);
    }
    return cost;
  };

  const costOfFragment = (name: string, cells: number): number => {
    const key = `${name} ${cells}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, 0);
    const fragment = fragments.get(name);
    const type = fragment && typeFromAST(schema, fragment.typeCondition);
    const cost = type ? costOfSelection(type, fragment.selectionSet, cells) : 0;
    known.set(key, cost);
    return cost;
  };

  const costOfField = (parent: GraphQLNamedType, node: FieldNode, cells: number): number => {
    const field =
      isObjectType(parent) || isInterfaceType(parent)
        ? parent.getFields()[node.name.value]
        : undefined;
    if (!field) return META_FIELDS.has(node.name.value) ? costOfIntrospection(node) : 1;
    if (getNamedType(field.type).name === 'FloatMatrix') {
      return Math.max(1, cells * weights.cell);
    }
    let args: Arguments = {};
    try {
      args = getArgumentValues(field, node, variables);
    } catch {
      // The execution says what is wrong with them.
    }
    const {
      own,
      times,
      cells: inside = cells,
    } = FIELD_COSTS[`${parent.name}.${field.name}`]?.(args, universeSize) ?? PLAIN;
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) return own;
    return own + times * costOfSelection(type, node.selectionSet, inside);
  };

  const costOfIntrospection = ({ name, selectionSet }: FieldNode): number => {
    const items =
      name.value === 'types'
        ? Object.keys(schema.getTypeMap()).length
        : (INTROSPECTED_ITEMS[name.value] ?? 1);
    return weights.introspected + (selectionSet ? items * costOfIntrospected(selectionSet) : 0);
  };

  const costOfIntrospected = ({ selections }: SelectionSetNode): number => {
    let cost = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += costOfIntrospection(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        cost += costOfIntrospected(selection.selectionSet);
      } else cost += costOfIntrospectedFragment(selection.name.value);
    }
    return cost;
  };

  const costOfIntrospectedFragment = (name: string): number => {
    const key = `${name} introspected`;
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, 0);
    const fragment = fragments.get(name);
    const cost = fragment ? costOfIntrospected(fragment.selectionSet) : 0;
    known.set(key, cost);
    return cost;
  };

  const root = schema.getRootType(operation.operation);
  return root ? costOfSelection(root, operation.selectionSet, universeSize ** 2) : 0;
}

/** The fields of Query that read stored cycles, and how many. */
const READING: Readonly<Record<string, (args: Arguments) => number>> = {
  cycles: ({ first, last }) => numberOf(first, numberOf(last, 20)),
  cycle: () => 1,
  node: () => 1,
};

/**
 * What an operation takes of history, in values: those that it asks for of stored cycles, and for each
 * of these as many as there are assets, for the reading itself.
 */
export function readingWeight(question: CostQuestion): number {
  const { schema, document, operation, universeSize } = question;
  const query = schema.getQueryType();
  if (!query || operation.operation !== OperationTypeNode.QUERY) return 0;
  const reading = fieldsOf(document, operation.selectionSet).filter(({ name }) =>
    Object.hasOwn(READING, name.value),
  );
  if (reading.length === 0) return 0;
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: reading };
  let weight = operationCost({ ...question, operation: { ...operation, selectionSet } });
  const { coerced: variables = {} } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    question.variables ?? {},
    { maxErrors: 0 },
  );
  for (const node of reading) {
    const field = query.getFields()[node.name.value];
    let args: Arguments = {};
    try {
      if (field) args = getArgumentValues(field, node, variables);
    } catch {
      // The execution says what is wrong with them.
    }
    weight += universeSize * (READING[node.name.value] as (args: Arguments) => number)(args);
  }
  return weight;
}

/** The fields of a selection, those of its fragments included, each of which counts once. */
function fieldsOf(
  document: DocumentNode,
  { selections }: SelectionSetNode,
  seen = new Set<string>(),
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return fieldsOf(document, selection.selectionSet, seen);
    }
    const name = selection.name.value;
    if (seen.has(name)) return [];
    seen.add(name);
    const fragment = document.definitions.find(
      (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name,
    ) as FragmentDefinitionNode | undefined;
    return fragment ? fieldsOf(document, fragment.selectionSet, seen) : [];
  });
}
