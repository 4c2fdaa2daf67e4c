import { readFileSync } from 'node:fs';

interface Manifest {
  readonly operations: readonly {
    readonly id: string;
    readonly name: string;
    readonly body: string;
  }[];
}

/** The committed list of stored operations. */
export const manifest = JSON.parse(readFileSync('schema/operations.json', 'utf8')) as Manifest;

function operationOf(name: string) {
  const found = manifest.operations.find((operation) => operation.name === name);
  if (!found) throw new Error(`no stored operation ${name}`);
  return found;
}

/** The text of a stored operation. */
export function storedText(name: string): string {
  return operationOf(name).body;
}

/** Where a stored operation is asked for by its hash. */
export function addressOf(
  name: string,
  {
    variables,
    epoch,
    by = 'persistedQuery',
  }: {
    readonly variables?: object;
    readonly epoch?: string;
    readonly by?: 'persistedQuery' | 'documentId' | 'sha256:documentId';
  } = {},
): string {
  const { id } = operationOf(name);
  const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: id } });
  const asked = new URLSearchParams(
    by === 'persistedQuery'
      ? { extensions }
      : { documentId: by === 'documentId' ? id : `sha256:${id}` },
  );
  if (variables) asked.set('variables', JSON.stringify(variables));
  if (epoch !== undefined) asked.set('epoch', epoch);
  return `/graphql?${asked.toString()}`;
}
