import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { encode, type Coding } from './codings.js';

/** How many bytes kept answers may have together, with what was made of them. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** What an answer takes beside its bytes. */
const OVERHEAD_BYTES = 1_024;
/** How many keys are known to be answered with what can be kept. */
const KNOWN_KEYS = 10_000;

/** The content of an answer, as it is sent without a coding. */
export interface Content {
  readonly type: string;
  readonly bytes: Buffer;
}

/** An answer that is the same for whoever asks. */
export class KeptAnswer {
  readonly #encoded = new Map<Coding, Promise<Buffer | null>>();

  /** @param etag weak: its codings share it (RFC 9110, section 8.8.1) */
  constructor(
    readonly content: Content,
    readonly etag: string,
  ) {}

  /** Its bytes in a coding, made once; null where they do not get fewer. */
  in(coding: Coding): Promise<Buffer | null> {
    let encoded = this.#encoded.get(coding);
    if (!encoded) this.#encoded.set(coding, (encoded = encode(this.content.bytes, coding)));
    return encoded;
  }
}

/** What was made for one who asked, and, where others get the same, its content. */
export interface MadeAnswer<Own> {
  readonly own: Own;
  readonly content: Content | null;
}

/** Answers that hold until the state changes that they were made of; made once, and handed to all. */
export class KeptAnswers {
  readonly #stateOf: () => string;
  #state: string;
  readonly #answers = new LRUCache<string, KeptAnswer>({ maxSize: KEPT_BYTES });
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #keepable = new LRUCache<string, true>({ max: KNOWN_KEYS });

  /** @param stateOf what answers are made of: another text whenever they may differ */
  constructor(stateOf: () => string) {
    this.#stateOf = stateOf;
    this.#state = stateOf();
  }

  find(key: string): KeptAnswer | undefined {
    const state = this.#stateOf();
    if (state !== this.#state) {
      this.#state = state;
      this.#answers.clear();
      this.#underWay.clear();
    }
    return this.#answers.get(key);
  }

  /** What tells the answer to a key, in the present state, from any other. */
  etagOf(key: string): string {
    const digest = createHash('sha256').update(this.#stateOf()).update('\n').update(key);
    return `W/"${digest.digest('base64url').slice(0, 22)}"`;
  }

  /**
   * The kept answer to what has this key, or one's own where it cannot be kept. Of those who ask for
   * the same at once the first makes it.
   */
  async answer<Own>(
    key: string,
    make: () => Promise<MadeAnswer<Own>>,
  ): Promise<KeptAnswer | { readonly own: Own }> {
    const found = this.find(key);
    if (found) return found;
    if (!this.#keepable.has(key)) return this.#make(key, make);
    const underWay = this.#underWay.get(key);
    if (underWay) {
      await underWay.catch(() => undefined);
      return this.find(key) ?? this.#make(key, make);
    }
    const made = this.#make(key, make);
    this.#underWay.set(key, made);
    try {
      return await made;
    } finally {
      if (this.#underWay.get(key) === made) this.#underWay.delete(key);
    }
  }

  async #make<Own>(
    key: string,
    make: () => Promise<MadeAnswer<Own>>,
  ): Promise<KeptAnswer | { readonly own: Own }> {
    const state = this.#state;
    const { own, content } = await make();
    if (!content) return { own };
    this.#keepable.set(key, true);
    this.find(key);
    if (state !== this.#state) return { own };
    const kept = new KeptAnswer(content, this.etagOf(key));
    const size = 2 * content.bytes.length + key.length + OVERHEAD_BYTES;
    this.#answers.set(key, kept, { size });
    return kept;
  }
}
