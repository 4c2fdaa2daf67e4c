import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { ParameterError } from './parameter-error.js';
import { operationOf, type RestRoute } from './rest-routes.js';

/**
 * What a JSON body gives an operation's input. Names count in any case, with `_` or without, and by
 * their older ones, and values of enums in any case; everything else is as it was sent, for the
 * schema to judge.
 */
export function inputOf(schema: GraphQLSchema, route: RestRoute, sent: unknown): object {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    throw new ParameterError('expected a JSON object, sent as application/json');
  }
  const fields = fieldsOf(schema, route);
  const known = new Map([...fields.keys()].map((name) => [folded(name), name]));
  const input: Record<string, unknown> = {};
  const givenAs = new Map<string, string>();
  for (const [given, value] of Object.entries(sent)) {
    const plain = folded(given);
    const name = known.get(folded(route.olderNames?.get(plain) ?? plain)) ?? given;
    const other = givenAs.get(name);
    if (other !== undefined) throw new ParameterError(`${other} and ${given} are one: send one`);
    givenAs.set(name, given);
    input[name] = readEnum(fields.get(name), value);
  }
  return input;
}

function fieldsOf(
  schema: GraphQLSchema,
  { document, body }: RestRoute,
): ReadonlyMap<string, GraphQLInputType> {
  const definitions = operationOf(document).variableDefinitions ?? [];
  const definition = definitions.find(({ variable }) => variable.name.value === body);
  const type = definition && getNamedType(typeFromAST(schema, definition.type));
  if (!isInputObjectType(type)) throw new Error(`${String(body)} is no input object`);
  return new Map(Object.values(type.getFields()).map((field) => [field.name, field.type]));
}

function readEnum(type: GraphQLInputType | undefined, value: unknown): unknown {
  const named = type && getNamedType(type);
  if (!isEnumType(named) || typeof value !== 'string') return value;
  const upper = value.toUpperCase();
  return named.getValue(upper) ? upper : value;
}

/** A name as it counts. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}
