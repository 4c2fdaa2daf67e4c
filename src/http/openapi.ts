import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { describeExport } from './export-openapi.js';
import { isCell } from './rest-parameters.js';
import { operationOf, type RestRoute } from './rest-routes.js';

type JsonSchema = Readonly<Record<string, unknown>>;

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  Int: { type: 'integer' },
  Float: { type: 'number' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  ID: { type: 'string' },
  DateTime: { type: 'string', format: 'date-time' },
  Decimal: { type: 'string', pattern: '^\\d+(\\.\\d+)?$' },
  FloatSeries: { type: 'array', items: { type: ['number', 'null'] } },
  Span: { type: 'string', examples: ['5m'] },
  Moment: { type: 'string', examples: ['now-1d'] },
  FloatMatrix: { type: 'array', items: { type: 'array', items: { type: ['number', 'null'] } } },
};

const CELL: JsonSchema = { type: 'string', pattern: '^[^/,]+/[^/,]+$', examples: ['BTC/USDT'] };

const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'A problem (RFC 9457).',
  required: ['title', 'status', 'detail'],
  properties: {
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
  },
};

const PROBLEM_ANSWER: JsonSchema = {
  description: 'What is wrong.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The OpenAPI document of the REST paths, made from the stored operations and the schema. */
export function openApiOf(
  schema: GraphQLSchema,
  routes: readonly RestRoute[],
  version: string,
): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = describeRoute(schema, route);
  }
  paths['/export'] = { get: describeExport(PROBLEM_ANSWER) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Dynamics',
      version,
      summary:
        'The REST paths of a real-time financial matrix engine; each is a stored GraphQL operation.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
    security: [{ token: [] }, {}],
  };
}

function describeRoute(schema: GraphQLSchema, route: RestRoute): JsonSchema {
  const operation = operationOf(route.document);
  const root = schema.getRootType(operation.operation) as GraphQLObjectType;
  const answer = describeSelection(root, operation.selectionSet, route.document);
  const [field] = Object.values(answer['properties'] as Record<string, JsonSchema>);
  return {
    operationId: operation.name?.value,
    summary: route.summary,
    parameters: parametersOf(schema, route),
    ...(route.body !== undefined && { requestBody: bodyOf(schema, route, route.body) }),
    responses: {
      200: {
        description: 'The answer.',
        content: {
          'application/json': { schema: field },
          ...(route.csv && { 'text/csv': { schema: { type: 'string' } } }),
        },
      },
      default: PROBLEM_ANSWER,
    },
  };
}

function variableTypes(
  schema: GraphQLSchema,
  document: DocumentNode,
): Map<string, GraphQLInputType> {
  const types = new Map<string, GraphQLInputType>();
  for (const { variable, type } of operationOf(document).variableDefinitions ?? []) {
    const found = typeFromAST(schema, type);
    if (isInputType(found)) types.set(variable.name.value, found);
  }
  return types;
}

function parametersOf(schema: GraphQLSchema, { document, parameter, body }: RestRoute) {
  const inPath = parameter && {
    name: parameter.name,
    in: 'path',
    required: true,
    description: parameter.description,
    schema: { type: 'string', enum: [...parameter.values.keys()] },
  };
  const inQuery = [...variableTypes(schema, document)]
    .filter(([name]) => name !== parameter?.variable && name !== body)
    .map(([name, type]) => ({
      name,
      in: 'query',
      required: isNonNullType(type),
      schema: describeParameter(getNullableType(type)),
      ...(isListType(getNullableType(type)) && { style: 'form', explode: false }),
    }));
  return inPath ? [inPath, ...inQuery] : inQuery;
}

function bodyOf(schema: GraphQLSchema, { document }: RestRoute, variable: string): JsonSchema {
  const type = variableTypes(schema, document).get(variable) as GraphQLInputType;
  return { required: true, content: { 'application/json': { schema: describeInput(type) } } };
}

function describeParameter(type: GraphQLInputType): JsonSchema {
  return isCell(type) ? { type: 'array', items: CELL } : describeInput(type);
}

function describeInput(type: GraphQLInputType): JsonSchema {
  if (isNonNullType(type)) return describeInput(type.ofType);
  if (isListType(type)) return { type: 'array', items: describeInput(type.ofType) };
  if (!isInputObjectType(type)) return describeLeaf(type);
  const fields = Object.values(type.getFields());
  return {
    type: 'object',
    description: type.description ?? undefined,
    additionalProperties: false,
    properties: Object.fromEntries(
      fields.map((field) => [
        field.name,
        { ...describeInput(field.type), description: field.description ?? undefined },
      ]),
    ),
  };
}

function describeLeaf(type: GraphQLNamedType): JsonSchema {
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) };
  return SCALARS[type.name] ?? {};
}

/** What a selection gives, as JSON Schema. */
function describeSelection(
  parent: GraphQLObjectType,
  { selections }: SelectionSetNode,
  document: DocumentNode,
): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = document.definitions.find(
        (node) =>
          node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
      );
      if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) continue;
      const inner = describeSelection(parent, fragment.selectionSet, document);
      Object.assign(properties, inner['properties']);
    } else if (selection.kind === Kind.FIELD) {
      const field = parent.getFields()[selection.name.value];
      if (!field || field.name === 'userErrors') continue;
      properties[selection.alias?.value ?? field.name] = {
        ...describeOutput(field.type, selection.selectionSet, document),
        description: field.description ?? undefined,
      };
    }
  }
  return { type: 'object', properties, required: Object.keys(properties) };
}

function describeOutput(
  type: GraphQLOutputType,
  selectionSet: SelectionSetNode | undefined,
  document: DocumentNode,
): JsonSchema {
  if (isNonNullType(type)) {
    return describeValue(type.ofType as GraphQLOutputType, selectionSet, document);
  }
  return { anyOf: [describeValue(type, selectionSet, document), { type: 'null' }] };
}

function describeValue(
  type: GraphQLOutputType,
  selectionSet: SelectionSetNode | undefined,
  document: DocumentNode,
): JsonSchema {
  if (isListType(type)) {
    const items = describeOutput(type.ofType as GraphQLOutputType, selectionSet, document);
    return { type: 'array', items };
  }
  if (!selectionSet) return describeLeaf(type as GraphQLNamedType);
  return describeSelection(type as GraphQLObjectType, selectionSet, document);
}
