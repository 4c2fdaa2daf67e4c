import type { TypedDocumentNode } from './documents.js';

/** How the connection of a subscription stands. */
export type ConnectionState =
  /** It is live: what happens is pushed. */
  | { readonly state: 'LIVE' }
  /** Lost; the next attempt is due at `retryAt`, milliseconds since 1970. */
  | { readonly state: 'LOST'; readonly retryAt: number; readonly reason: string };

/** How a subscription is listened to. */
export interface ListenOptions {
  /** Ends it. The loop over it ends then, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Is told whenever the connection was lost, and when it is there again. */
  readonly onConnection?: ((connection: ConnectionState) => void) | undefined;
  /**
   * How many items may wait for a loop whose body is slow. Beyond that nothing more is received until all
   * of them were taken; then it goes on where it was.
   */
  readonly buffer?: number | undefined;
}

/** A subscription that can go on from a place that what it brings names. */
export interface Following<Data, Variables, Place> extends ListenOptions {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** The variables with which it goes on after a place. */
  readonly variables: (after: Place) => Variables;
  /** The place of what came. @throws where it has none */
  readonly placeOf: (data: Data) => Place;
  /** Where it begins. */
  readonly after: Place | AskedPlace<Place>;
}

type AskedPlace<Place> = (signal: AbortSignal) => Promise<Place>;

export function isAsked<Place>(after: Place | AskedPlace<Place>): after is AskedPlace<Place> {
  return typeof after === 'function';
}
