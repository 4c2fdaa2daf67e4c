import type { AnyVariables, TypedDocumentNode } from 'urql';
import { Backoff, Pauses } from '../../client/backoff.js';
import type { DynamicsClient } from '../../client/client.js';
import { UnreadableTurnError } from '../../client/errors.js';
import { isStale } from './connection-end.js';

interface Followed<Data, Variables> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /**
   * Asked for at each attempt: they say where to go on.
   * @param atLeast a turn that cannot be had, to go on after; 0 where there is none
   */
  readonly variables: (atLeast: number) => Variables;
  readonly take: (data: Data) => void;
  /** What is there is not what the server goes on from: it has to be read anew. */
  readonly onStale: () => void;
}

/**
 * Follows a subscription for as long as it is wanted: however it ends, it goes on from where its variables
 * say.
 * @returns ends it
 */
export function follow<Data, Variables extends AnyVariables>(
  client: DynamicsClient,
  { document, variables, take, onStale }: Followed<Data, Variables>,
): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  void run();
  return () => ending.abort();

  async function run(): Promise<void> {
    const backoff = new Backoff();
    const pauses = new Pauses();
    for (let after = 0; !signal.aborted;) {
      backoff.begin();
      const data = client.follow({ document, variables, placeOf: () => after, after, signal });
      try {
        for await (const each of data) take(each);
        // It is not wanted any more, or its client was closed: with another token all begins anew.
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (isStale(error)) return onStale();
        if (error instanceof UnreadableTurnError) after = error.turn;
        else await pauses.pause(backoff.failed(), signal);
      }
    }
  }
}
