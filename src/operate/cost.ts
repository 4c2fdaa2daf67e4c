import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getVariableValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { traitsOf, values, type Arguments } from '../graphql/field-traits.js';
import { countIntrospection, META_FIELDS } from './introspection.js';

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

/** What an operation asks for. */
export interface Costs {
  /** In values: each field counts 1, a matrix its cells, a list its items. */
  readonly cost: number;
  /** In fields that are worked out, lists by their items; a table of numbers is one. */
  readonly fields: number;
  /** Of what it asks for, the part that is of stored cycles, and for each of these as many as there are assets. */
  readonly weight: number;
  /**
   * What reading takes, in assets: each stored cycle has as many as the universe, and more where
   * anything is derived from it.
   */
  readonly reading: number;
}

/** The same of a part of it, and whether anything in it follows from the matrices of its cycle. */
interface Sum extends Costs {
  readonly isDerived: boolean;
}

const NOTHING: Sum = { cost: 0, fields: 0, weight: 0, reading: 0, isDerived: false };

/**
 * What a field counts whose arguments are wrong: it fails wherever it stands, and to say so there takes so
 * many times longer than a field.
 */
const FAILING_FIELDS = 100;

/** Deriving a cycle's matrices takes as long as reading one asset of it for each so many cells. */
const CELLS_OF_AN_ASSET = 150;

/**
 * What an operation asks for, by what stands on its fields ({@link traitsOf}). Fragments count wherever
 * they are spread; each is worked out once. One that is not valid costs what could be understood of it.
 */
export function countCosts(question: CostQuestion): Costs {
  const { schema, operation, universeSize } = question;
  const root = schema.getRootType(operation.operation);
  if (!root) return NOTHING;
  return new Walk(question).selection(root, operation.selectionSet, universeSize ** 2);
}

/** One walk over an operation. */
class Walk {
  readonly #schema: GraphQLSchema;
  readonly #universeSize: number;
  readonly #variables: Record<string, unknown>;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #known = new Map<string, Sum>();

  constructor({ schema, document, operation, variables, universeSize }: CostQuestion) {
    this.#schema = schema;
    this.#universeSize = universeSize;
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
    const { coerced = {} } = getVariableValues(
      schema,
      operation.variableDefinitions ?? [],
      variables ?? {},
      // The execution tells what is wrong with them.
      { maxErrors: 0 },
    );
    this.#variables = coerced;
  }

  /** @param cells how many a table of numbers has there */
  selection(parent: GraphQLNamedType, { selections }: SelectionSetNode, cells: number): Sum {
    let sum = NOTHING;
    for (const node of selections) {
      sum = plus(sum, this.#part(parent, node, cells));
      if (this.#fails(node)) sum = plus(sum, FAILING);
    }
    return sum;
  }

  #part(parent: GraphQLNamedType, node: SelectionNode, cells: number): Sum {
    switch (node.kind) {
      case Kind.FIELD:
        return this.#field(parent, node, cells);
      case Kind.INLINE_FRAGMENT: {
        const type = node.typeCondition && typeFromAST(this.#schema, node.typeCondition);
        return this.selection(type ?? parent, node.selectionSet, cells);
      }
      case Kind.FRAGMENT_SPREAD:
        return this.#fragment(node.name.value, cells);
    }
  }

  #fragment(name: string, cells: number): Sum {
    const key = `${name} ${cells}`;
    const found = this.#known.get(key);
    if (found) return found;
    // One that spreads itself is refused elsewhere.
    this.#known.set(key, NOTHING);
    const fragment = this.#fragments.get(name);
    const type = fragment && typeFromAST(this.#schema, fragment.typeCondition);
    const sum = type ? this.selection(type, fragment.selectionSet, cells) : NOTHING;
    this.#known.set(key, sum);
    return sum;
  }

  #field(parent: GraphQLNamedType, node: FieldNode, cells: number): Sum {
    const field = fieldOf(parent, node);
    if (!field) return META_FIELDS.has(node.name.value) ? this.#introspection(node) : ONE;
    const { cost: costOf, cyclesRead, isDerived = false } = traitsOf(field);
    const args = this.#argumentsOf(field, node);
    const universeSize = this.#universeSize;
    const own = costOf?.(args ?? {}, { universeSize, cells }) ?? values(1);
    const type = getNamedType(field.type);
    const inside =
      node.selectionSet && isCompositeType(type)
        ? this.selection(type, node.selectionSet, own.cells ?? cells)
        : NOTHING;
    const sum: Sum = {
      cost: own.values + own.times * inside.cost,
      fields: own.fields + own.times * inside.fields + (args ? 0 : FAILING_FIELDS),
      weight: own.times * inside.weight,
      reading: own.times * inside.reading,
      isDerived: isDerived || inside.isDerived,
    };
    const cycles = cyclesRead?.(args ?? {}, { universeSize, cells }) ?? 0;
    return cycles > 0 ? this.#reading(sum, cycles) : sum;
  }

  /** What reads stored cycles. */
  #reading(sum: Sum, cycles: number): Sum {
    const assets = this.#universeSize;
    const derived = sum.isDerived ? Math.ceil(assets ** 2 / CELLS_OF_AN_ASSET) : 0;
    return {
      ...sum,
      weight: sum.weight + sum.cost + Math.ceil(cycles * assets),
      reading: sum.reading + Math.ceil(cycles * (assets + derived)),
    };
  }

  /** Null where they are wrong: the execution says why. */
  #argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments | null {
    try {
      return getArgumentValues(field, node, this.#variables);
    } catch {
      return null;
    }
  }

  /** Whether it cannot be told if a selection is asked for: what it stands in fails. */
  #fails(node: SelectionNode): boolean {
    if (!node.directives || node.directives.length === 0) return false;
    try {
      getDirectiveValues(GraphQLSkipDirective, node, this.#variables);
      getDirectiveValues(GraphQLIncludeDirective, node, this.#variables);
      return false;
    } catch {
      return true;
    }
  }

  #introspection(node: FieldNode): Sum {
    const count = countIntrospection(node, this.#schema, this.#fragments);
    return { ...NOTHING, ...count };
  }
}

const ONE: Sum = { ...NOTHING, cost: 1, fields: 1 };
const FAILING: Sum = { ...NOTHING, fields: FAILING_FIELDS };

function plus(a: Sum, b: Sum): Sum {
  return {
    cost: a.cost + b.cost,
    fields: a.fields + b.fields,
    weight: a.weight + b.weight,
    reading: a.reading + b.reading,
    isDerived: a.isDerived || b.isDerived,
  };
}

function fieldOf(parent: GraphQLNamedType, { name }: FieldNode) {
  const hasFields = isObjectType(parent) || isInterfaceType(parent);
  return hasFields ? parent.getFields()[name.value] : undefined;
}
