import { Command } from 'commander';
import { createSchema, printSdl } from '../../graphql/schema.js';

/** `dynamics schema` */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the GraphQL schema (SDL)')
    .addHelpText('after', '\nNeeds neither database nor exchange.')
    .action(async () => {
      process.stdout.write(printSdl(await createSchema()));
    });
}
