import { Command } from 'commander';
import { storedManifest } from '../../http/stored-operations.js';
import { createSchema, printSdl } from '../../graphql/schema.js';

/** `dynamics schema` */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the GraphQL schema (SDL)')
    .addHelpText('after', '\nNeeds neither database nor exchange.')
    .option('--operations', 'print the stored operations with their hashes instead, as JSON')
    .action(async ({ operations }: { readonly operations?: true }) => {
      const text = operations
        ? JSON.stringify(storedManifest(), null, 2) + '\n'
        : printSdl(await createSchema());
      process.stdout.write(text);
    });
}
