import { createHash } from 'node:crypto';
import { OperationTypeNode, print, type DocumentNode } from 'graphql';
import * as generated from '../generated/operations.js';
import { operationOf } from './rest-routes.js';

/** An operation of schema/operations/ that can be asked for by its hash. */
interface StoredOperation {
  /** The SHA-256 of its text, in hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly type: 'query';
  /** The text, with the fragments that it uses. */
  readonly body: string;
}

/** Those that only read. What acts has to be sent as it is, with all the guards that it passes then. */
const OPERATIONS: readonly StoredOperation[] = Object.entries(generated)
  .filter(([name]) => name.endsWith('Document'))
  .map(([, document]) => document as DocumentNode)
  .filter((document) => operationOf(document).operation === OperationTypeNode.QUERY)
  .map((document) => {
    const body = print(document);
    const id = createHash('sha256').update(body).digest('hex');
    return { id, name: operationOf(document).name?.value ?? '', type: 'query' as const, body };
  })
  // Modules that are bundled list their names in another order than others do.
  .toSorted((one, other) => (one.name < other.name ? -1 : 1));

const BODIES: ReadonlyMap<string, string> = new Map(OPERATIONS.map(({ id, body }) => [id, body]));

/** The text of a stored operation, by its hash. */
export function storedBody(hash: string): string | undefined {
  return BODIES.get(hash);
}

/** The list of them, in the form that Apollo's clients read. */
export function storedManifest(): object {
  return { format: 'apollo-persisted-query-manifest', version: 1, operations: OPERATIONS };
}
