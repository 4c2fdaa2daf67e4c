import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { GraphQLError } from 'graphql';
import type { CommandDatabase } from './with-database.js';

/** Is told what is wrong with a part of an answer. */
export type PartFault = (fault: GraphQLError) => void;

/**
 * Runs a stored operation. What is wrong with a part of the answer is told, on standard error if nowhere else.
 * @throws {Error} with the words of the first error, where there is no answer
 */
export type RunOperation = <Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** The API over the stored data alone, loaded by the commands that use it. */
export async function openStoredApi(
  context: CommandDatabase,
  onPartFault: PartFault = tell,
): Promise<RunOperation> {
  const { openApiOverDatabase } = await import('./api-over-database.js');
  return openApiOverDatabase(context, onPartFault);
}

function tell({ message }: GraphQLError): void {
  process.stderr.write(`${message}\n`);
}
