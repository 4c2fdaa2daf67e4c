import type { IncomingMessage } from 'node:http';
import stableJson from 'safe-stable-stringify';
import { parsePlain } from './json-body.js';
import { storedBody } from './stored-operations.js';

/** A GET that asks for a stored operation by its hash, and for nothing else. */
export interface StoredRequest {
  /** As Apollo reads it. */
  readonly search: string;
  /** The same for all that ask for the same. */
  readonly key: string;
  /** The state of the storage that its caller knows, where it names one. */
  readonly epoch: string | null;
}

/** What may stand in its address, each once. */
const PARAMETERS = ['extensions', 'documentId', 'variables', 'operationName', 'epoch'];
const DOCUMENT_ID = /^(?:sha256:)?([0-9a-f]{64})$/;

/** A request for a stored operation; null for any other, which is guarded as ever. */
export function storedRequestOf({ method, url = '' }: IncomingMessage): StoredRequest | null {
  const query = url.indexOf('?');
  if (method !== 'GET' || query < 0) return null;
  const asked = new URLSearchParams(url.slice(query));
  const names = [...asked.keys()];
  const isPlain = new Set(names).size === names.length;
  if (!isPlain || !names.every((name) => PARAMETERS.includes(name))) return null;
  const extensions = extensionsOf(asked);
  const hash = extensions && hashIn(extensions);
  if (!hash || storedBody(hash) === undefined) return null;
  const [variables, operationName] = [objectIn(asked, 'variables'), asked.get('operationName')];
  if (variables === null) return null;
  const read = new URLSearchParams({ extensions: JSON.stringify(extensions) });
  if (variables) read.set('variables', JSON.stringify(variables));
  if (operationName !== null) read.set('operationName', operationName);
  const parts = [hash, operationName ?? '', stableJson(variables), stableJson(extensions)];
  return { search: `?${read.toString()}`, key: parts.join('\n'), epoch: asked.get('epoch') };
}

/** Its extensions, with the operation among them that `documentId` names. */
function extensionsOf(asked: URLSearchParams): object | null {
  const extensions = objectIn(asked, 'extensions');
  const documentId = asked.get('documentId');
  if (extensions === null || documentId === null) return extensions ?? null;
  const [, sha256Hash] = DOCUMENT_ID.exec(documentId) ?? [];
  if (sha256Hash === undefined || (extensions && 'persistedQuery' in extensions)) return null;
  return { ...extensions, persistedQuery: { version: 1, sha256Hash } };
}

function hashIn(extensions: object): string | null {
  const { persistedQuery } = extensions as { readonly persistedQuery?: unknown };
  const { version, sha256Hash } = (persistedQuery ?? {}) as Readonly<Record<string, unknown>>;
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : null;
}

/** The object of a parameter, undefined where there is none; null where it is no such one. */
function objectIn(asked: URLSearchParams, name: string): object | null | undefined {
  const text = asked.get(name);
  if (text === null) return undefined;
  const value = parsePlain(Buffer.from(text));
  return Array.isArray(value) ? null : value;
}
