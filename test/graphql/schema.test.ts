import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  concatAST,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  validate,
  validateSchema,
  type GraphQLField,
  type GraphQLInputField,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema, printSdl } from '../../src/graphql/schema.js';

const schema = await createSchema();

describe('the schema', () => {
  it('is committed as the code has it (npm run schema writes it)', () => {
    expect(readFileSync('schema/schema.graphql', 'utf8')).toBe(printSdl(schema));
  });

  it('is one that GraphQL allows', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  it('describes every type, field, argument and enum value', () => {
    const silent: string[] = [];
    const check = (name: string, { description }: { description?: string | null | undefined }) => {
      if (!description?.trim()) silent.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
      if (!['Query', 'Mutation', 'Subscription'].includes(type.name)) check(type.name, type);
      if (isEnumType(type)) {
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
      }
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
        const fields = Object.values(type.getFields()) as (
          | GraphQLField<unknown, unknown>
          | GraphQLInputField
        )[];
        for (const field of fields) {
          check(`${type.name}.${field.name}`, field);
          for (const argument of 'args' in field ? field.args : []) {
            check(`${type.name}.${field.name}(${argument.name}:)`, argument);
          }
        }
      }
    }
    expect(silent).toEqual([]);
  });

  const documents = ['schema/operations', 'src/graphiql/examples'].flatMap((folder) =>
    readdirSync(folder).map((file) => path.join(folder, file)),
  );
  it('has everything that the stored operations and the examples ask for', () => {
    expect(documents.length).toBeGreaterThan(15);
    const stored = documents.filter((file) => file.startsWith('schema'));
    const examples = documents.filter((file) => !file.startsWith('schema'));
    const read = (file: string) => parse(readFileSync(file, 'utf8'));
    expect(validate(schema, concatAST(stored.map(read)))).toEqual([]);
    for (const file of examples) expect(validate(schema, read(file))).toEqual([]);
  });
});
