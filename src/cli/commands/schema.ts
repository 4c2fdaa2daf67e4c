import { Command } from 'commander';

/** `dynamics schema` */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the GraphQL schema (SDL)')
    .addHelpText('after', '\nNeeds neither database nor exchange.')
    .option('--operations', 'print the stored operations with their hashes instead, as JSON')
    .action(async ({ operations }: { readonly operations?: true }) => {
      process.stdout.write(operations ? await manifest() : await sdl());
    });
}

async function manifest(): Promise<string> {
  const { storedManifest } = await import('../../http/stored-operations.js');
  return JSON.stringify(storedManifest(), null, 2) + '\n';
}

async function sdl(): Promise<string> {
  const { createSchema, printSdl } = await import('../../graphql/schema.js');
  return printSdl(await createSchema());
}
