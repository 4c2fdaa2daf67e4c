import { execute, type ExecutionArgs } from 'graphql';
import { LRUCache } from 'lru-cache';
import { createContext, type Context, type Services } from '../graphql/context.js';
import { writeJsonInSlices } from '../graphql/json.js';
import type { Viewer } from '../graphql/rights.js';
import type { TurnEvent, TurnEvents } from '../feeds/turn-events.js';
import type { Logger } from '../log.js';
import { presentAnswer } from '../operate/answer.js';
import type { Pace } from '../scheduling/slices.js';
import { Body, END_OF_MESSAGE } from './body.js';
import { Cohorts } from './cohorts.js';
import type { Member } from './member.js';

/** How many bodies of one group are kept for those who catch up. */
const KEPT_BODIES = 128;
/** How many bytes these may have together. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** Who has only so many turns left to catch up with is as good as live. */
const NEARLY_LIVE = 4;

/** What the bodies of a group are made with. */
export interface GroupOptions {
  readonly services: Services;
  readonly log: Logger;
}

/** Subscriptions that get the same bytes: executed and written once for each event. */
export class Group {
  readonly members = new Set<Member>();
  /** Those of them that are not live yet. */
  readonly cohorts = new Cohorts();
  /** The last turn that its live members were sent. */
  position: number;
  readonly events: TurnEvents;
  readonly #args: ExecutionArgs;
  readonly #bodies = new LRUCache<string, Promise<Body>>({
    max: KEPT_BODIES,
    maxSize: KEPT_BYTES,
  });

  constructor(args: ExecutionArgs, events: TurnEvents, position: number) {
    this.#args = args;
    this.events = events;
    this.position = position;
  }

  /** Whoever came first; the others have the same rights. */
  get viewer(): Viewer {
    return (this.#args.contextValue as Context).viewer;
  }

  /** Whether anybody is to be sent a turn now, or soon. */
  isWaitingFor(turn: number): boolean {
    for (const { last, isCatchingUp } of this.members) {
      if (last < turn && (!isCatchingUp || last >= turn - NEARLY_LIVE)) return true;
    }
    return false;
  }

  has({ key }: TurnEvent): boolean {
    return this.#bodies.has(key);
  }

  /** The payload of an event and the end of the message that it stands in, as every member gets it. */
  body(event: TurnEvent, pace: Pace, options: GroupOptions): Promise<Body> {
    const { key } = event;
    const known = this.#bodies.get(key);
    if (known) return known;
    const made = this.#execute(event, pace, options);
    this.#bodies.set(key, made, { size: 1 });
    made.then(
      (body) => this.#resize(key, made, body),
      () => this.#bodies.peek(key) === made && this.#bodies.delete(key),
    );
    return made;
  }

  /** Goes back to an earlier turn: what was written of the later ones is of cycles that are not stored. */
  goBack(turn: number): void {
    this.position = Math.min(this.position, turn);
    this.#bodies.clear();
  }

  async #execute(event: TurnEvent, pace: Pace, { services, log }: GroupOptions): Promise<Body> {
    const rootValue = await event.root(pace);
    const contextValue = createContext(services, this.viewer, { pace });
    const result = await execute({ ...this.#args, rootValue, contextValue });
    const text = await writeJsonInSlices(presentAnswer(result, contextValue, log), pace);
    return new Body(event.turn, text.toBuffer(END_OF_MESSAGE));
  }

  /**
   * A body counts once its length is known, with what it takes where it is compressed; one that is
   * larger than all room is kept alone.
   */
  #resize(key: string, made: Promise<Body>, { plain }: Body): void {
    if (this.#bodies.peek(key) !== made) return;
    this.#bodies.delete(key);
    this.#bodies.set(key, made, { size: Math.min(2 * plain.length, KEPT_BYTES) });
  }
}
