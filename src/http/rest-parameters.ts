import type { Request } from 'express';
import {
  getNamedType,
  getNullableType,
  GraphQLList,
  isInputObjectType,
  isInputType,
  isScalarType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { ParameterError } from './parameter-error.js';
import { inputOf } from './rest-body.js';
import { operationOf, type RestRoute } from './rest-routes.js';

/** An operation's variables from what the request gives; a name that it does not know is refused. */
export function variablesOf(schema: GraphQLSchema, route: RestRoute, request: Request) {
  const variables: Record<string, unknown> = {};
  const { parameter, body } = route;
  if (parameter) {
    const given = request.params[parameter.name] as string;
    const { values } = parameter;
    const value =
      values.get(given) ?? values.get(given.toUpperCase()) ?? values.get(given.toLowerCase());
    if (value === undefined) {
      throw new ParameterError(`${parameter.name}: expected ${[...values.keys()].join(', ')}`);
    }
    variables[parameter.variable] = value;
  }
  if (body !== undefined) {
    variables[body] = inputOf(schema, route, request.body);
  }
  const taken = new Set([parameter?.variable, body]);
  const inQuery = new Map(
    (operationOf(route.document).variableDefinitions ?? [])
      .filter(({ variable }) => !taken.has(variable.name.value))
      .map(({ variable, type }) => [variable.name.value, typeFromAST(schema, type)]),
  );
  for (const [name, given] of Object.entries(request.query)) {
    const type = inQuery.get(name);
    if (!isInputType(type)) {
      const known = [...inQuery.keys()].join(', ') || 'none';
      throw new ParameterError(`${name.slice(0, 40)}: no such parameter; known: ${known}`);
    }
    variables[name] = readParameter(name, given, type);
  }
  return variables;
}

/** Reads a parameter by the type of its variable; a list is repeated, or separated by commas. */
function readParameter(name: string, given: unknown, type: GraphQLInputType): unknown {
  const named = getNullableType(type);
  const texts = [given].flat();
  if (!texts.every((text) => typeof text === 'string')) {
    throw new ParameterError(`${name}: expected text`);
  }
  if (named instanceof GraphQLList) {
    const items = texts.flatMap((text) => text.split(','));
    return isCell(named) ? items.map((item) => readCell(name, item)) : items;
  }
  const [text, ...others] = texts;
  if (text === undefined || others.length > 0) throw new ParameterError(`${name}: expected once`);
  if (isScalarType(named) && named.name === 'Int') {
    if (!/^-?\d{1,10}$/.test(text)) throw new ParameterError(`${name}: expected a whole number`);
    return Number(text);
  }
  if (isScalarType(named) && named.name === 'Float') {
    if (!/^-?\d{1,20}(\.\d{1,20})?$/.test(text))
      throw new ParameterError(`${name}: expected a number`);
    return Number(text);
  }
  return text;
}

/** Whether a type is one that {@link readCell} gives, or a list of it. */
export function isCell(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  return isInputObjectType(named) && named.name === 'CellInput';
}

/** A cell of a matrix as `BASE/QUOTE`. */
function readCell(name: string, text: string): { base: string; quote: string } {
  const [base = '', quote = '', ...others] = text.split('/');
  if (base !== '' && quote !== '' && others.length === 0) return { base, quote };
  throw new ParameterError(`${name}: expected BASE/QUOTE, several of them separated by commas`);
}
