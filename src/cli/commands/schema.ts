import { Command } from 'commander';
import type { SchemaOptions } from '../actions/schema.js';

/** `dynamics schema` */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the GraphQL schema (SDL)')
    .addHelpText('after', '\nNeeds neither database nor exchange.')
    .option('--operations', 'print the stored operations with their hashes instead, as JSON')
    .action(async (options: SchemaOptions) =>
      (await import('../actions/schema.js')).schema(options),
    );
}
