import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of the stored operations, for whatever calls the API: REST, command line, dashboard, tests. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'schema/operations/*.graphql',
  emitLegacyCommonJSImports: false,
  importExtension: '.js',
  generates: {
    'src/generated/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        scalars: {
          DateTime: 'string',
          Decimal: 'string',
          FloatMatrix: '(number | null)[][]',
          FloatSeries: '(number | null)[]',
          Moment: 'string',
          Span: 'string',
        },
        useTypeImports: true,
        enumsAsTypes: true,
      },
    },
  },
};

export default config;
