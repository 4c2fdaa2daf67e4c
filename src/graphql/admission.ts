import type { GraphQLError } from 'graphql';
import { pause } from '../async/pause.js';
import type { FullQueue, HeavyWork } from '../scheduling/heavy-work.js';
import type { Pace, Slices } from '../scheduling/slices.js';
import type { CostQuestion } from './cost.js';
import { checkCost, limitExceeded, retryAfter, type Asked } from './limits.js';
import { refuseOperation, type Viewer } from './rights.js';

/** From which weight on (see readingWeight in cost.ts) an operation is heavy: it needs a place to run. */
const HEAVY_WEIGHT = 1_000;
/** An operation counts once against its client's rate for each so much of its cost. */
const COST_OF_ONE = 1_000;
/** When a client that was refused a place may come again, seconds. */
const RETRY_AFTER_S = 5;
/** How long it waits for that answer, so that asking again at once brings nothing, milliseconds. */
const REFUSAL_MS = 2_000;

/** What a client may use in a minute. */
export interface Rate {
  /** The error for a client that sends more operations than it may, or null. */
  refuse(client: string, operations: number): Promise<GraphQLError | null>;
  /** The same for one that it has sent, and that counts so many times more. */
  refuseFurther(client: string, operations: number): Promise<GraphQLError | null>;
}

export interface AdmissionOptions {
  readonly slices: Slices;
  readonly heavy: HeavyWork;
  readonly rate: Rate;
}

/** An operation that may run, or why not; and what it asks for. */
export type Admitted = { readonly cost: number } & (
  | { readonly refused: GraphQLError }
  | {
      readonly refused: null;
      /** Gives back its place; safe to call again. */
      readonly leave: () => void;
    }
);

/** Who may run what, and when: the same over HTTP and WebSocket. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Lets a client come in with so many operations, in its turn; the error where it sends too many. */
  async enter(client: string, operations: number): Promise<GraphQLError | null> {
    const { slices, rate } = this.#options;
    await slices.enter(client);
    return rate.refuse(client, operations);
  }

  /** Work of the first rank: a push. What is done for single callers holds back. */
  first<T>(work: Promise<T>): Promise<T> {
    return this.#options.slices.first(work);
  }

  /** Waits for a place among what is heavy, and gives what gives it back. */
  place({ client }: Viewer, ended?: AbortSignal): Promise<() => void> {
    return this.#options.heavy.enter(client, ended);
  }

  /** The pace of an operation, which ends with the signal. */
  paceOf({ client }: Viewer, ended?: AbortSignal): Pace {
    return this.#options.slices.paceOf(client, ended);
  }

  /**
   * Admits one operation: by its caller's rights, its cost, the caller's rate, and, where it is heavy,
   * when there is a place for it. A signal ends the wait.
   * @param batch what the operations of its request ask for together: it adds its own
   * @throws the signal's reason
   */
  async admit(
    viewer: Viewer,
    question: CostQuestion,
    ended?: AbortSignal,
    batch?: Asked,
  ): Promise<Admitted> {
    const { slices, heavy, rate } = this.#options;
    const { client } = viewer;
    const { cost, fields, weight, refused: tooCostly } = checkCost(question, batch);
    const isHeavy = weight >= HEAVY_WEIGHT;
    const denied = refuseOperation(viewer, question.operation) ?? tooCostly;
    if (denied) return { cost, refused: denied };
    if (batch) {
      batch.cost += cost;
      batch.fields += fields;
    }
    const full = isHeavy ? heavy.fullFor(client) : null;
    if (full) {
      await pause(REFUSAL_MS, ended);
      ended?.throwIfAborted();
      // Those that were refused together would be answered together.
      await slices.enter(client);
      return { cost, refused: refusePlace(full) };
    }
    // It counted once when it came in.
    const further = Math.ceil(cost / COST_OF_ONE) - 1;
    const refused = further > 0 ? await rate.refuseFurther(client, further) : null;
    if (refused) return { cost, refused };
    if (!isHeavy) return { cost, refused, leave: () => undefined };
    const leave = await heavy.enter(client, ended);
    ended?.addEventListener('abort', leave, { once: true });
    return { cost, refused, leave };
  }
}

function refusePlace({ of, allowed }: FullQueue): GraphQLError {
  const limit =
    of === 'ALL' ? 'heavy operations that wait' : 'heavy operations of one client that wait';
  const retry = retryAfter(RETRY_AFTER_S, of === 'ALL' ? 503 : 429);
  return limitExceeded(limit, allowed, allowed + 1, retry);
}
