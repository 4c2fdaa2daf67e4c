import {
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { limitExceeded } from '../graphql/errors.js';

/** The deepest that a sensible operation reaches is 7: cycles, nodes, matrix, cell, … */
const DEEPEST = 12;
const MOST_ALIASES = 100;
const MOST_DIRECTIVES = 50;

/** What is counted of an operation before anything of it is worked out. */
interface Shape {
  /** How many fields stand in each other; fragments are none. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
}

const EMPTY: Shape = { depth: 0, aliases: 0, directives: 0 };

/**
 * Refuses operations that are too deep, or have too many aliases or directives. Fragments count wherever
 * they are spread; `__schema` is bounded by the validation of graphql-js itself, and counts no levels.
 */
export const shapeRule: ValidationRule = (context) => {
  const shapeOf = shapesIn(context);
  return {
    OperationDefinition(operation) {
      const { depth, aliases, directives } = shapeOf(operation);
      const refuse = (limit: string, allowed: number, found: number): void => {
        if (found > allowed) context.reportError(limitExceeded(limit, allowed, found));
      };
      refuse('depth', DEEPEST, depth);
      refuse('aliases', MOST_ALIASES, aliases);
      refuse('directives', MOST_DIRECTIVES, directives);
    },
  };
};

type Selecting = OperationDefinitionNode | FragmentDefinitionNode | SelectionNode;

/** Counts the shapes in one document; each fragment is looked at once. */
function shapesIn(document: Pick<ValidationContext, 'getFragment'>): (node: Selecting) => Shape {
  const known = new Map<string, Shape>();

  const ofFragment = (name: string): Shape => {
    const found = known.get(name);
    if (found) return found;
    // One that spreads itself is refused by another rule.
    known.set(name, EMPTY);
    const fragment = document.getFragment(name);
    const shape = fragment ? shapeOf(fragment) : EMPTY;
    known.set(name, shape);
    return shape;
  };

  const shapeOf = (node: Selecting): Shape => {
    let inside = node.kind === Kind.FRAGMENT_SPREAD ? ofFragment(node.name.value) : EMPTY;
    if ('selectionSet' in node && node.selectionSet) {
      inside = node.selectionSet.selections.map(shapeOf).reduce(beside, inside);
    }
    return {
      depth: node.kind === Kind.FIELD ? depthOf(node, inside) : inside.depth,
      aliases: inside.aliases + (isAliased(node) ? 1 : 0),
      directives: inside.directives + (node.directives?.length ?? 0),
    };
  };

  return shapeOf;
}

function beside(a: Shape, b: Shape): Shape {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
  };
}

function depthOf({ name }: FieldNode, inside: Shape): number {
  return name.value === '__schema' ? 0 : inside.depth + 1;
}

/** `__typename` may have any name. */
function isAliased(node: Selecting): boolean {
  if (node.kind !== Kind.FIELD || !node.alias) return false;
  return node.alias.value !== '__typename' && node.name.value !== '__typename';
}
