import { LRUCache } from 'lru-cache';
import { storedBody } from './stored-operations.js';

/** What Apollo puts before a hash. */
const PREFIX = 'apq:';
/** How many documents clients may have made known together, and how many characters of them. */
const KNOWN_DOCUMENTS = 10_000;
const KNOWN_CHARACTERS = 8 * 1024 * 1024;

/** Documents by their hashes, as Apollo asks for them: the stored ones, and those that clients made known. */
export class PersistedQueries {
  readonly #known = new LRUCache<string, string>({
    max: KNOWN_DOCUMENTS,
    maxSize: KNOWN_CHARACTERS,
    sizeCalculation: (text) => text.length + 1,
  });

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(storedBody(key.slice(PREFIX.length)) ?? this.#known.get(key));
  }

  set(key: string, text: string): Promise<void> {
    this.#known.set(key, text);
    return Promise.resolve();
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.#known.delete(key));
  }
}
