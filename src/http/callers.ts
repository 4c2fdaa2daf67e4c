import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createContext, type Context, type Services } from '../graphql/context.js';
import { OPERATION_ENDED } from '../graphql/errors.js';
import { unauthenticated, type Viewer } from '../graphql/rights.js';
import type { Admission } from '../operate/admission.js';
import { authenticate, type AuthenticationRule } from './auth.js';
import { requestIdOf } from './request-log.js';
import type { TrustedProxies } from './trusted-proxies.js';

/** Tells who sends requests, and what their operations run with. */
export class Callers {
  readonly #services: Services;
  readonly #admission: Admission;
  readonly #rule: AuthenticationRule;
  readonly #proxies: TrustedProxies;

  constructor(
    services: Services,
    admission: Admission,
    rule: AuthenticationRule,
    proxies: TrustedProxies,
  ) {
    this.#services = services;
    this.#admission = admission;
    this.#rule = rule;
    this.#proxies = proxies;
  }

  /** Where a request comes from. */
  addressOf(request: IncomingMessage): string {
    return this.#proxies.addressOf(request);
  }

  /** Who asks for so many operations. @throws a GraphQLError for whoever may not */
  callerOf = async (request: IncomingMessage, operations = 1): Promise<Viewer> => {
    const address = this.addressOf(request);
    const check = await authenticate(this.#rule, request.headers.authorization, address);
    const client = check.ok ? check.viewer.client : address;
    const refused = await this.#admission.admitClient(client, operations);
    if (refused) throw refused;
    if (!check.ok) throw unauthenticated(check.message);
    return check.viewer;
  };

  /** Counts what a request costs beyond the one operation that it is. @throws a GraphQLError where that is too much */
  charge = async (viewer: Viewer, cost: number): Promise<void> => {
    const refused = await this.#admission.charge(viewer, cost);
    if (refused) throw refused;
  };

  /** Waits for a place among what is heavy, and gives what gives it back. */
  place = (viewer: Viewer, ended?: AbortSignal): Promise<() => void> =>
    this.#admission.place(viewer, ended);

  /** What an operation runs with: it ends when nobody waits for its answer any longer. */
  contextOf = (request: IncomingMessage, response: ServerResponse, viewer: Viewer): Context => {
    const ended = endOf(response);
    const pace = this.#admission.paceOf(viewer, ended);
    return createContext(this.#services, viewer, { requestId: requestIdOf(request), pace, ended });
  };
}

/** Aborted when a request's answer is sent, or its client has gone away. */
function endOf(response: ServerResponse): AbortSignal {
  const ended = new AbortController();
  // One listener for each operation of a batch.
  setMaxListeners(0, ended.signal);
  if (response.closed) ended.abort(OPERATION_ENDED);
  else response.once('close', () => ended.abort(OPERATION_ENDED));
  return ended.signal;
}
