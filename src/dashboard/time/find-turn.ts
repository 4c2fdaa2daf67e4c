import type { Client } from 'urql';
import { TurnAtDocument } from '../../generated/operations.js';

/** What came of looking for a moment. */
export type Found =
  | { readonly turn: number; readonly at: string }
  /** Nothing is stored from so early. */
  | 'NONE';

/** The last stored turn that was observed at or before a moment. @throws a CombinedError */
export async function findTurn(client: Client, at: number): Promise<Found> {
  const before = new Date(at + 1).toISOString();
  const { data, error } = await client.query(TurnAtDocument, { before });
  const cycle = data?.cycles.nodes?.[0];
  if (cycle) return { turn: cycle.turn, at: cycle.observedAt };
  if (error) throw error;
  return 'NONE';
}

/**
 * Looks for moments as they come, one at a time: while one is looked for, of those that come only the
 * last one counts.
 */
export class TurnSeeker {
  readonly #find: (at: number) => Promise<Found>;
  readonly #onFound: (found: Found) => void;
  #wanted: number | null = null;
  #isBusy = false;

  constructor(find: (at: number) => Promise<Found>, onFound: (found: Found) => void) {
    this.#find = find;
    this.#onFound = onFound;
  }

  /** Whatever is looked for counts no more. */
  forget(): void {
    this.#wanted = null;
  }

  seek(at: number): void {
    this.#wanted = at;
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    try {
      while (this.#wanted !== null) {
        const at = this.#wanted;
        // What cannot be found now stays where it is: the view says what is wrong with the server.
        const found = await this.#find(at).catch(() => null);
        const isOvertaken = this.#wanted !== at;
        if (!isOvertaken) this.#wanted = null;
        if (found && !(isOvertaken && this.#wanted === null)) this.#onFound(found);
      }
    } finally {
      this.#isBusy = false;
    }
  }
}
