import { execute, type ExecutionArgs } from 'graphql';
import { LRUCache } from 'lru-cache';
import { createContext, type Context, type Services } from '../graphql/context.js';
import { writeJsonInSlices } from '../graphql/json.js';
import type { Viewer } from '../graphql/rights.js';
import type { FollowedTurn } from '../history/stored-cycle.js';
import type { Logger } from '../log.js';
import { presentAnswer } from '../operate/answer.js';
import type { Pace } from '../scheduling/slices.js';
import { Body } from './body.js';
import type { Member } from './member.js';

/** How many bodies of one group are kept for those who catch up. */
const KEPT_BODIES = 128;
/** How many bytes these may have together. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** What the bodies of a group are made with. */
export interface GroupOptions {
  readonly services: Services;
  readonly log: Logger;
}

/** Subscriptions that get the same bytes: executed and written once for each cycle. */
export class Group {
  readonly members = new Set<Member>();
  /** The last turn that its live members were sent. */
  position: number;
  readonly #args: ExecutionArgs;
  readonly #bodies = new LRUCache<number, Promise<Body>>({
    max: KEPT_BODIES,
    maxSize: KEPT_BYTES,
  });

  constructor(args: ExecutionArgs, position: number) {
    this.#args = args;
    this.position = position;
  }

  /** Whoever came first; the others have the same rights. */
  get viewer(): Viewer {
    return (this.#args.contextValue as Context).viewer;
  }

  has(turn: number): boolean {
    return this.#bodies.has(turn);
  }

  /** The payload of a cycle and the end of the message that it stands in, as every member gets it. */
  body(figures: FollowedTurn, pace: Pace, options: GroupOptions): Promise<Body> {
    const { turn } = figures;
    const known = this.#bodies.get(turn);
    if (known) return known;
    const made = this.#execute(figures, pace, options);
    this.#bodies.set(turn, made, { size: 1 });
    made.then(
      (body) => this.#resize(turn, made, body),
      () => this.#bodies.peek(turn) === made && this.#bodies.delete(turn),
    );
    return made;
  }

  /** Goes back to an earlier turn: what was written of the later ones is of cycles that are not stored. */
  goBack(turn: number): void {
    this.position = Math.min(this.position, turn);
    this.#bodies.clear();
  }

  async #execute(
    figures: FollowedTurn,
    pace: Pace,
    { services, log }: GroupOptions,
  ): Promise<Body> {
    const contextValue = createContext(services, this.viewer, { pace });
    const result = await execute({ ...this.#args, rootValue: figures, contextValue });
    const text = await writeJsonInSlices(presentAnswer(result, contextValue, log), pace);
    return new Body(text.toBuffer('}'));
  }

  /**
   * A body counts once its length is known, with what it takes where it is compressed; one that is
   * larger than all room is kept alone.
   */
  #resize(turn: number, made: Promise<Body>, { plain }: Body): void {
    if (this.#bodies.peek(turn) !== made) return;
    this.#bodies.delete(turn);
    this.#bodies.set(turn, made, { size: Math.min(2 * plain.length, KEPT_BYTES) });
  }
}
