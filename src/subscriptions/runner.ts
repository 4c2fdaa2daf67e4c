import {
  createSourceEventStream,
  execute,
  GraphQLError,
  OperationTypeNode,
  subscribe,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { createContext, type Context, type Services } from '../graphql/context.js';
import { OPERATION_ENDED } from '../graphql/errors.js';
import { writeJsonInSlices } from '../graphql/json.js';
import type { Viewer } from '../graphql/rights.js';
import type { Logger } from '../log.js';
import { CycleSource } from '../feeds/cycle-source.js';
import { RewoundError } from '../feeds/rewinds.js';
import type { Admission } from '../operate/admission.js';
import { presentAnswer } from '../operate/answer.js';
import type { CostReport } from '../operate/cost-limits.js';
import { OperationCache, type PreparedOperation } from '../operate/documents.js';
import { EXECUTION_OPTIONS } from '../operate/operation-limits.js';
import { formatError, presentError } from '../operate/mask.js';
import { beginningAfter, type Sharing } from '../operate/sharing.js';
import type { CycleHub } from './hub.js';
import type { RunningOperation } from './running-operation.js';

export interface RunnerOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly hub: CycleHub;
  readonly log: Logger;
  readonly admission: Admission;
}

/** What an operation runs with. */
interface Run {
  readonly operation: RunningOperation;
  readonly args: ExecutionArgs;
  readonly context: Context;
  /** Told with each answer; null where the caller did not ask for it. */
  readonly cost: CostReport | null;
}

/** What a client asks for, where it is known that it may ask. */
export interface AskedOperation {
  readonly operation: RunningOperation;
  readonly viewer: Viewer;
  readonly payload: SubscribePayload;
  /** The turn that it has got to, where its protocol says so: goes before what the operation says. */
  readonly last?: number | null;
}

/**
 * Runs the operations that come over WebSocket or ask for an event stream: admits them as HTTP does, and
 * sends what they bring.
 */
export class OperationRunner {
  readonly #options: RunnerOptions;
  readonly #documents: OperationCache;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#documents = new OperationCache(options.schema);
  }

  /** An operation of a document that may be executed, or why not. */
  prepare({ query, operationName }: SubscribePayload): PreparedOperation {
    return this.#documents.prepare(query, operationName);
  }

  /**
   * Begins an operation of a client that is counted, or says why not; resolves when the next one may
   * begin. Never throws.
   */
  async begin(asked: AskedOperation): Promise<void> {
    const { operation, viewer } = asked;
    try {
      // What a client does not read, it does not need more of.
      await operation.wire.drained();
      if (operation.isOver) return;
      const tooFast = await this.#options.admission.admitClient(viewer.client, 1);
      if (operation.isOver) return;
      if (tooFast) return operation.fail([formatError(tooFast)]);
      // It may have to wait for a place, and others of its client need not.
      void this.run(asked);
    } catch (error) {
      this.#fail(operation, createContext(this.#options.services, viewer), error);
    }
  }

  /** Runs an operation whose client is let in, or says why not. Never throws. */
  async run(asked: AskedOperation): Promise<void> {
    const { operation, viewer } = asked;
    const { services, admission } = this.#options;
    const ended = endOf(operation);
    const pace = admission.paceOf(viewer, ended);
    const context = createContext(services, viewer, { pace, ended });
    try {
      await this.#admit(asked, context);
    } catch (error) {
      this.#fail(operation, context, error);
    }
  }

  async #admit({ operation, payload, last }: AskedOperation, context: Context): Promise<void> {
    const { schema, admission } = this.#options;
    const prepared = this.prepare(payload);
    if ('errors' in prepared) return operation.fail(prepared.errors.map(formatError));
    const { sharing } = prepared;
    const { document, operation: definition } = beginningAfter(prepared, last ?? null);
    const { variables, extensions } = payload;
    const request = { document, operation: definition, variables, extensions };
    const admitted = await admission.admit(context, request);
    if (admitted.refused) return operation.fail([formatError(admitted.refused)]);
    const run: Run = {
      operation,
      context,
      cost: admitted.cost,
      args: {
        schema,
        document,
        operationName: payload.operationName,
        variableValues: variables,
        contextValue: context,
        options: EXECUTION_OPTIONS,
      },
    };
    try {
      if (definition.operation === OperationTypeNode.SUBSCRIPTION) {
        await this.#subscribe(run, groupKey(run, payload, sharing));
      } else await this.#execute(run, admitted.leave);
    } finally {
      admitted.leave();
    }
  }

  async #execute(run: Run, leave: () => void): Promise<void> {
    const result = await execute(run.args);
    // All of it is worked out: its client may take its time with it.
    leave();
    await this.#send(run, result);
    run.operation.complete();
  }

  /** One that can be shared joins its group, whose hub sends it everything. */
  async #subscribe(run: Run, key: string | null): Promise<void> {
    const { operation, args } = run;
    const stream = await (key === null ? subscribe(args) : createSourceEventStream(args));
    if (key !== null && stream instanceof CycleSource) {
      if (!operation.isOver) this.#options.hub.join(key, args, operation, stream);
      return;
    }
    if (Symbol.asyncIterator in stream) {
      const results = (stream as AsyncIterable<ExecutionResult>)[Symbol.asyncIterator]();
      operation.owns(() => void results.return?.().catch(() => undefined));
      for (;;) {
        const result = await results.next();
        if (result.done || operation.isOver) break;
        await this.#send(run, result.value);
      }
    } else await this.#send(run, stream);
    operation.complete();
  }

  #send({ operation, context, cost }: Run, result: ExecutionResult): Promise<void> {
    return operation.wire.inTurn(async () => {
      if (operation.isOver) return;
      const shown = presentAnswer(result, context, this.#options.log, cost);
      operation.next(await writeJsonInSlices(shown, context.pace));
    });
  }

  /** Ends an operation that failed for a reason that was not foreseen. */
  #fail(operation: RunningOperation, { requestId }: Context, error: unknown): void {
    if (error instanceof RewoundError) return operation.rewound(error.stands);
    const report = (cause: unknown): void => {
      this.#options.log.error({ err: cause, requestId }, 'an operation failed unforeseen');
    };
    const originalError = error instanceof Error ? error : new Error(String(error));
    const shown = presentError(
      new GraphQLError(originalError.message, { originalError }),
      requestId,
      report,
    );
    operation.fail([formatError(shown)]);
  }
}

/**
 * The same for all subscriptions that get the same bytes; null for one that runs alone. Where a
 * subscription begins does not change what its cycles look like.
 */
function groupKey(
  { context: { viewer }, cost }: Run,
  { query, operationName, variables }: SubscribePayload,
  sharing: Sharing | null,
): string | null {
  if (sharing === null || cost !== null) return null;
  const { [sharing.afterVariable ?? '']: _after, ...others } = variables ?? {};
  return JSON.stringify([viewer.role, operationName ?? null, query, others]);
}

/** Aborted when an operation is over. */
function endOf(operation: RunningOperation): AbortSignal {
  const ended = new AbortController();
  operation.owns(() => ended.abort(OPERATION_ENDED));
  return ended.signal;
}
