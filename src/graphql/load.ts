/** What callers ask of this instance; the last three count from its start on. */
export interface Load {
  /** Open WebSockets. */
  readonly sockets: number;
  /** Open streams of server-sent events. */
  readonly eventStreams: number;
  /** Subscriptions to cycles, and in how many groups they get the same bytes. */
  readonly subscribers: number;
  readonly groups: number;
  /** Operations that read much of history: under way, and waiting until they may begin. */
  readonly heavyUnderWay: number;
  readonly heavyWaiting: number;
  /** Cycles sent to a client, and their bytes. */
  readonly pushedMessages: number;
  readonly pushedBytes: number;
  /** Sockets and event streams that were closed because their client did not keep up. */
  readonly slowConsumers: number;
}

/** Where nobody is served. */
export const NO_LOAD: Load = {
  sockets: 0,
  eventStreams: 0,
  subscribers: 0,
  groups: 0,
  heavyUnderWay: 0,
  heavyWaiting: 0,
  pushedMessages: 0,
  pushedBytes: 0,
  slowConsumers: 0,
};
