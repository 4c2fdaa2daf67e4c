import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { encode, type Coding } from './codings.js';
import { joined, lengthOf, type Pieces } from './pieces.js';

/** How many bytes kept answers may have together, with what was made of them. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** What an answer takes beside its bytes. */
const OVERHEAD_BYTES = 1_024;
/** How many keys are known to be answered with what can be kept. */
const KNOWN_KEYS = 10_000;

/** The content of an answer, as it is sent without a coding. */
export interface Content {
  readonly type: string;
  readonly pieces: Pieces;
  /** Whether it stays the same for good, as long as what is stored stays. */
  readonly isFixed: boolean;
}

/** An answer that is the same for whoever asks. */
export class KeptAnswer {
  readonly type: string;
  /** Weak: its codings share it (RFC 9110, section 8.8.1). */
  readonly etag: string;
  /** In how many bytes it is sent without a coding. */
  readonly length: number;
  readonly isFixed: boolean;
  #pieces: Pieces;
  readonly #encoded = new Map<Coding, Promise<Buffer | null>>();

  constructor({ type, pieces, isFixed }: Content, etag: string) {
    this.type = type;
    this.etag = etag;
    this.length = lengthOf(pieces);
    this.isFixed = isFixed;
    this.#pieces = pieces;
  }

  get pieces(): Pieces {
    return this.#pieces;
  }

  /** Puts it in one piece: who asks once only needs no copy of what others have too. */
  join(): void {
    if (this.#pieces.length > 1) this.#pieces = [joined(this.#pieces)];
  }

  /** Its bytes in a coding, made once; null where they do not get fewer. */
  in(coding: Coding): Promise<Buffer | null> {
    let encoded = this.#encoded.get(coding);
    if (!encoded) this.#encoded.set(coding, (encoded = encode(joined(this.#pieces), coding)));
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
  #stateTag: string;
  readonly #answers = new LRUCache<string, KeptAnswer>({ maxSize: KEPT_BYTES });
  /** What can be kept, as the state before has shown. */
  #keepable: ReadonlySet<string> = new Set();
  readonly #underWay = new Map<string, Promise<unknown>>();

  /** @param stateOf what answers are made of: another text whenever they may differ */
  constructor(stateOf: () => string) {
    this.#stateOf = stateOf;
    this.#state = stateOf();
    this.#stateTag = tagOf(this.#state);
  }

  find(key: string): KeptAnswer | undefined {
    this.#lookAtState();
    const found = this.#answers.get(key);
    found?.join();
    return found;
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
    this.#lookAtState();
    if (!content || state !== this.#state) return { own };
    // The operation's part need not be more than likely to differ: an ETag is one answer's alone.
    const kept = new KeptAnswer(content, `W/"${this.#stateTag}-${crc32(key).toString(36)}"`);
    const size = 2 * kept.length + key.length + OVERHEAD_BYTES;
    this.#answers.set(key, kept, { size });
    return kept;
  }

  /** Forgets what was made of another state. */
  #lookAtState(): void {
    const state = this.#stateOf();
    if (state === this.#state) return;
    this.#state = state;
    this.#stateTag = tagOf(state);
    this.#keepable = new Set([...this.#answers.keys()].slice(0, KNOWN_KEYS));
    this.#answers.clear();
    this.#underWay.clear();
  }
}

function tagOf(state: string): string {
  return createHash('sha256').update(state).digest('base64url').slice(0, 22);
}
