import { createSchema, printSdl } from '../../graphql/schema.js';

export interface SchemaOptions {
  readonly operations?: true;
}

/** Prints the schema, or the stored operations. */
export async function schema({ operations }: SchemaOptions): Promise<void> {
  process.stdout.write(operations ? await manifest() : printSdl(await createSchema()));
}

async function manifest(): Promise<string> {
  const { storedManifest } = await import('../../http/stored-operations.js');
  return JSON.stringify(storedManifest(), null, 2) + '\n';
}
