import { BSON, type Document, type Filter, type FindOptions } from 'mongodb';
import type { Database } from './connect.js';

/**
 * Documents of a collection as their bytes: what is wrong in one of them, such as text that is not
 * UTF-8, keeps nobody from the others.
 */
export function findRaw(
  { connection }: Database,
  collection: string,
  filter: Filter<Document>,
  options: FindOptions = {},
): Promise<Uint8Array[]> {
  const found = connection.collection(collection);
  return found.find<Uint8Array>(filter, { ...options, raw: true }).toArray();
}

/** The document, null where it is none, or holds text that is not UTF-8. */
export function parsed(bytes: Uint8Array): Document | null {
  try {
    return BSON.deserialize(bytes);
  } catch {
    return null;
  }
}

/** The same with whatever text it holds, to tell which one it is; empty where it is none. */
export function parsedAnyhow(bytes: Uint8Array): Document {
  try {
    return BSON.deserialize(bytes, { validation: { utf8: false } });
  } catch {
    return {};
  }
}
