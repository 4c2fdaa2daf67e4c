import type { Duplex } from 'node:stream';
import {
  createSourceEventStream,
  subscribe,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Context } from '../graphql/context.js';
import type { Viewer } from '../graphql/rights.js';
import { CycleSource } from '../pipeline/cycle-source.js';
import type { CycleHub } from './hub.js';
import { Member } from './member.js';

/** What an operation needs to be pushed to its client directly. */
export interface PushContext extends Context {
  readonly push: {
    readonly id: string;
    readonly socket: WebSocket;
    readonly connection: Duplex;
    /** The same for all that get the same bytes; null for what cannot be shared. */
    readonly key: string | null;
  };
}

/** Where a subscription begins does not change what its cycles look like. */
export function groupKey(
  { query, operationName, variables }: SubscribePayload,
  afterVariable: string | null,
  { role }: Viewer,
): string {
  const { [afterVariable ?? '']: after, ...others } = variables ?? {};
  return JSON.stringify([role, operationName ?? null, query, others]);
}

/**
 * Subscribes as graphql-js does. A subscription that can be shared joins its group instead, whose
 * hub sends it everything: what graphql-ws then gets is a stream that stays silent until it ends.
 */
export async function subscribeTo(
  args: ExecutionArgs,
  hub: CycleHub,
): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const { push } = args.contextValue as PushContext;
  if (push.key === null) return subscribe(args);
  const source = await createSourceEventStream(args);
  if (!(source instanceof CycleSource)) return source as ExecutionResult;
  const member = new Member(push.socket, push.connection, push.id, source.after);
  const leave = hub.join(push.key, args, member);
  return silentUntil(leave);
}

/** A stream without items; `end` is called when its reader has enough. */
function silentUntil(end: () => void): AsyncIterableIterator<never> {
  let finish: (result: IteratorResult<never, undefined>) => void = () => undefined;
  const finished = new Promise<IteratorResult<never, undefined>>((resolve) => (finish = resolve));
  return {
    next: () => finished,
    return() {
      end();
      finish({ done: true, value: undefined });
      return finished;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
