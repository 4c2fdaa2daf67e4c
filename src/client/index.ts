import { DynamicsClient, type ClientOptions } from './client.js';

export * from '../generated/operations.js';
export type { ClientOptions, CyclesOptions, OwnCyclesOptions, DynamicsClient } from './client.js';
export type { AnswerOf, TypedDocumentNode } from './documents.js';
export * from './errors.js';
export type { ConnectionState, Following, ListenOptions } from './following.js';
export type { SocketClass, SocketLike } from './sockets.js';

/** Makes a client of one server. */
export function createClient(options: ClientOptions): DynamicsClient {
  return new DynamicsClient(options);
}
