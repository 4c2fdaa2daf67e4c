import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { pause } from '../async/pause.js';
import type { Context } from '../graphql/context.js';
import { refuseOperation, type Viewer } from '../graphql/rights.js';
import type { FullQueue, HeavyWork } from '../scheduling/heavy-work.js';
import type { Pace, Slices } from '../scheduling/slices.js';
import { costReport, refuseCosts, spend, type CostReport } from './cost-limits.js';
import { countCosts, type Costs } from './cost.js';
import { limitExceeded } from '../graphql/errors.js';
import { retryAfter } from './operation-limits.js';
import { refuseVariables } from './variables.js';

/** From which weight on (see {@link Costs}) an operation is heavy: it needs a place to run. */
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
  readonly schema: GraphQLSchema;
  readonly slices: Slices;
  readonly heavy: HeavyWork;
  readonly rate: Rate;
}

/** An operation that asks to be run. */
export interface Request {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions: unknown;
}

/** An operation that may run, or why not; and what it costs, where its caller wants to be told. */
export type Admitted = { readonly cost: CostReport | null } & (
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
  readonly #known = new WeakMap<OperationDefinitionNode, Costs>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Lets a client come in with so many operations, in its turn; the error where it sends too many. */
  async admitClient(client: string, operations: number): Promise<GraphQLError | null> {
    const { slices, rate } = this.#options;
    await slices.admit(client);
    return rate.refuse(client, operations);
  }

  /** Work of the first rank: a push. What is done for single callers holds back. */
  first<T>(work: Promise<T>): Promise<T> {
    return this.#options.slices.first(work);
  }

  /** Waits for a place among what is heavy, and gives what gives it back. */
  place({ client }: Viewer, ended?: AbortSignal): Promise<() => void> {
    return this.#options.heavy.acquire(client, ended);
  }

  /** Counts what costs more than one operation against its client's rate; the error where that is too much. */
  async charge({ client }: Viewer, cost: number): Promise<GraphQLError | null> {
    // It counted once when it came in.
    const further = Math.ceil(cost / COST_OF_ONE) - 1;
    return further > 0 ? this.#options.rate.refuseFurther(client, further) : null;
  }

  /** The pace of an operation, which ends with the signal. */
  paceOf({ client }: Viewer, ended?: AbortSignal): Pace {
    return this.#options.slices.paceOf(client, ended);
  }

  /**
   * Admits one operation: by its caller's rights, its cost, the caller's rate, and, where it is heavy,
   * when there is a place for it.
   * @throws the reason of the context's signal, once that is aborted
   */
  async admit(context: Context, request: Request): Promise<Admitted> {
    const { viewer, ended, batch } = context;
    const tooLarge = refuseVariables(request.variables);
    const costs = tooLarge ? FREE : this.#costsOf(request, context);
    const cost = costReport(costs.cost, request.extensions);
    const refused =
      refuseOperation(viewer, request.operation) ?? tooLarge ?? refuseCosts(costs, batch);
    if (refused) return { cost, refused };
    if (batch) spend(batch, costs);
    const leave = await this.#place(viewer, costs, ended);
    return typeof leave === 'function' ? { cost, refused: null, leave } : { cost, refused: leave };
  }

  /** What gives back its place, or why an operation gets none. */
  async #place(
    viewer: Viewer,
    { cost, weight }: Costs,
    ended: AbortSignal | undefined,
  ): Promise<(() => void) | GraphQLError> {
    const { slices, heavy } = this.#options;
    const { client } = viewer;
    const isHeavy = weight >= HEAVY_WEIGHT;
    const full = isHeavy ? heavy.fullFor(client) : null;
    if (full) {
      await pause(REFUSAL_MS, ended);
      ended?.throwIfAborted();
      // Those that were refused together would be answered together.
      await slices.admit(client);
      return refusePlace(full);
    }
    const refused = await this.charge(viewer, cost);
    if (refused) return refused;
    if (!isHeavy) return () => undefined;
    const leave = await heavy.acquire(client, ended);
    ended?.addEventListener('abort', leave, { once: true });
    return leave;
  }

  /** What operations without variables cost is kept, as their documents are: the universe stays. */
  #costsOf({ document, operation, variables }: Request, { services }: Context): Costs {
    const known = this.#known.get(operation);
    if (known) return known;
    const universeSize = services.universe.length;
    const { schema } = this.#options;
    const costs = countCosts({ schema, document, operation, variables, universeSize });
    if (operation.variableDefinitions?.length === 0) this.#known.set(operation, costs);
    return costs;
  }
}

const FREE: Costs = { cost: 0, fields: 0, weight: 0, reading: 0 };

function refusePlace({ of, allowed }: FullQueue): GraphQLError {
  const limit =
    of === 'ALL' ? 'heavy operations that wait' : 'heavy operations of one client that wait';
  const retry = retryAfter(RETRY_AFTER_S, of === 'ALL' ? 503 : 429);
  return limitExceeded(limit, allowed, allowed + 1, retry);
}
