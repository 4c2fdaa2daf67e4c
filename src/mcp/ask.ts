import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

/**
 * Runs a stored operation, against a server or a database.
 * @throws {AskFailure} where any part of the answer is missing
 */
export type Ask = <Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** Why something could not be answered, in words for whoever asked. */
export class AskFailure extends Error {
  override readonly name = 'AskFailure';
}
