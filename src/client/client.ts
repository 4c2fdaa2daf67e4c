import {
  CyclesDocument,
  StatusDocument,
  type CyclesSubscription,
  type CyclesSubscriptionVariables,
} from '../generated/operations.js';
import { Pauses } from './backoff.js';
import { Connection } from './connection.js';
import { textOf, type TypedDocumentNode } from './documents.js';
import { DynamicsError } from './errors.js';
import { Followed } from './follow.js';
import type { Following, ListenOptions } from './following.js';
import { ask } from './http.js';
import { mapped } from './mapped.js';
import { ownSocketClass, type SocketClass } from './sockets.js';

/** How often in a row a server may refuse a token that is asked for anew each time. */
const REFUSALS = 5;

export interface ClientOptions {
  /** Where the server is, for example `http://localhost:4000`, with the path that it is served under. */
  readonly url: string;
  /** An access token, or what gives one: it is asked for each query and each connection. */
  readonly token?: string | (() => string | null | Promise<string | null>) | null | undefined;
  /** What WebSockets are made with; without it, the browser's, or in Node that of the package `ws`. */
  readonly webSocket?: SocketClass | undefined;
  /** How long a WebSocket that nobody listens to stays open, milliseconds; it is closed at once otherwise. */
  readonly idleMs?: number | undefined;
}

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Variables may be left out where all of them may. */
type QueryArguments<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: QueryOptions]
    : [variables: Variables, options?: QueryOptions];

/** What a subscription to cycles brings: cycles that say which turn they are of. */
interface CyclePush {
  readonly cycleCompleted: { readonly turn: number };
}

/** Where a subscription to cycles begins. */
interface AfterVariable {
  after?: number | null | undefined;
}

interface AfterOptions extends ListenOptions {
  /** The last turn that one has; without it, cycles come from now on. */
  readonly after?: number | null | undefined;
}

/** How cycles are listened to, and what is asked of each. */
export type CyclesOptions<Data, Variables extends AfterVariable> = AfterOptions & {
  /** A subscription to `cycleCompleted(after: $after)` that asks for `turn`. */
  readonly document: TypedDocumentNode<Data, Variables>;
} & OtherVariables<Omit<Variables, 'after'>>;

/** The variables of a subscription but for `after`. */
type OtherVariables<Others> =
  Record<string, never> extends Others
    ? { readonly variables?: Others | undefined }
    : { readonly variables: Others };

/** The same where nobody says what is asked of each. */
export interface OwnCyclesOptions extends AfterOptions {
  readonly document?: undefined;
  /** Which matrix, and with how many digits. */
  readonly variables?: Omit<CyclesSubscriptionVariables, 'after'> | undefined;
}

/** A client of one server. */
export class DynamicsClient {
  readonly #address: string;
  readonly #token: ClientOptions['token'];
  readonly #connection: Connection;
  readonly #pauses = new Pauses();
  readonly #closing = new AbortController();

  constructor({ url, token, webSocket, idleMs = 0 }: ClientOptions) {
    const socketClass = webSocket ?? ownSocketClass();
    if (!socketClass) {
      throw new DynamicsError('there is no WebSocket here: give one, for example that of "ws"');
    }
    this.#address = endpoint(url);
    this.#token = token;
    this.#connection = new Connection({
      address: this.#address.replace(/^http/, 'ws'),
      socketClass,
      params: () => this.#headers(),
      idleMs,
    });
  }

  /** Runs a query or a mutation. @throws a {@link DynamicsError}, or the reason of the signal */
  async query<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...args: QueryArguments<Variables>
  ): Promise<Data> {
    const [variables, options] = args as [Variables?, QueryOptions?];
    return ask<Data>({
      address: this.#address,
      headers: await this.#headers(),
      query: textOf(document),
      variables: variables ?? {},
      signal: options?.signal,
    });
  }

  /**
   * Each cycle after the last one that one has, in order, once: however often the connection breaks, none is
   * missed and none comes twice. It opens nothing before the first cycle is asked for, and `break` and the
   * signal close what it has opened.
   * @throws a RewoundError, a HistoryGoneError or an UnreadableTurnError where that cannot be; an AccessError
   */
  cycles(
    options?: OwnCyclesOptions,
  ): AsyncIterableIterator<CyclesSubscription['cycleCompleted'], undefined>;
  cycles<Data extends CyclePush, Variables extends AfterVariable>(
    options: CyclesOptions<Data, Variables>,
  ): AsyncIterableIterator<Data['cycleCompleted'], undefined>;
  cycles({
    document = CyclesDocument,
    variables,
    after,
    ...listening
  }: OwnCyclesOptions | CyclesOptions<CyclesSubscription, CyclesSubscriptionVariables> = {}) {
    const followed = this.follow({
      ...listening,
      document,
      variables: (place: number | null) => ({ ...variables, after: place }),
      placeOf: turnOf,
      after: after ?? ((signal: AbortSignal) => this.#latestTurn(signal)),
    });
    return mapped(followed, ({ cycleCompleted }) => cycleCompleted);
  }

  /**
   * Follows any subscription that can go on from a place which its answers name, as {@link cycles} does.
   * @throws what `cycles` throws
   */
  follow<Data, Variables, Place>(
    following: Following<Data, Variables, Place>,
  ): AsyncIterableIterator<Data, undefined> {
    const services = {
      connection: this.#connection,
      pauses: this.#pauses,
      refusals: typeof this.#token === 'function' ? REFUSALS : 1,
      closed: this.#closing.signal,
    };
    return new Followed(services, following);
  }

  /** Tries at once wherever a connection was lost: for example when the network is there again. */
  retry(): void {
    this.#pauses.endAll();
  }

  /** Ends all that is listened to. */
  close(): void {
    this.#closing.abort();
  }

  async #headers(): Promise<Record<string, string>> {
    const token = typeof this.#token === 'function' ? await this.#token() : this.#token;
    return token ? { authorization: `Bearer ${token}` } : {};
  }

  /** From now on is after the newest turn that there is: also where the connection breaks before the next. */
  async #latestTurn(signal: AbortSignal): Promise<number | null> {
    const { status } = await this.query(StatusDocument, {}, { signal });
    return status.latestTurn;
  }
}

function turnOf({ cycleCompleted }: CyclePush): number {
  const { turn } = cycleCompleted;
  if (typeof turn === 'number') return turn;
  throw new DynamicsError('a subscription to cycles has to ask for their turn');
}

/** The address of the GraphQL endpoint of a server. */
function endpoint(url: string): string {
  const { protocol, origin, pathname } = new URL(url);
  if (!/^https?:$/.test(protocol)) throw new DynamicsError(`${url}: expected http or https`);
  return `${origin}${pathname.replace(/\/?(graphql)?\/?$/, '')}/graphql`;
}
