import type { KeptAnswer } from './kept-answers.js';
import type { StoredRequest } from './stored-request.js';

/** A browser may keep an answer, and has to ask each time whether it is still so. */
export const REVALIDATED = 'private, no-cache';
/** A year: the longest that caches go by. */
const FOR_GOOD = 'max-age=31536000, immutable';

export interface CachingOptions {
  /** What the stored cycles are known by; another once any of them may differ. */
  readonly epoch: () => string;
  /** Whether anybody may ask, so that what one got may be given to others. */
  readonly isOpen: boolean;
}

/** Who may keep kept answers, and for how long. */
export class Caching {
  readonly #options: CachingOptions;

  constructor(options: CachingOptions) {
    this.#options = options;
  }

  /** Answers of turns that are named are kept for good under an address that names the epoch, too. */
  of({ isFixed }: Pick<KeptAnswer, 'isFixed'>, stored: StoredRequest | null): string {
    const { epoch, isOpen } = this.#options;
    if (!isFixed || stored?.epoch !== epoch()) return REVALIDATED;
    return `${isOpen ? 'public' : 'private'}, ${FOR_GOOD}`;
  }
}
