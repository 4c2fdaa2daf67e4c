import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { ExchangeApi, type ExchangeApiOptions } from './exchange-api.js';
import { Faults } from './faults.js';

/** How long a client's connection stays open between its calls, milliseconds. */
const KEEP_ALIVE_MS = 120_000;

/** A request as it was received. */
export interface ReceivedRequest {
  readonly path: string;
  readonly query: string;
  /** The client's port: the same for requests over one connection. */
  readonly clientPort: number;
}

/** A running server. */
export interface ExchangeServer {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly faults: Faults;
  /** The latest requests, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  /** How many requests are not answered yet. */
  readonly underWay: number;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Ends at once, with every connection. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const KEPT_REQUESTS = 1000;

export interface ExchangeServerOptions extends ExchangeApiOptions {
  /** Loopback without it. */
  readonly host?: string;
  /** A free one without it. */
  readonly port?: number;
}

/** Starts a server that speaks Binance's spot REST API. */
export async function startExchangeServer(options: ExchangeServerOptions): Promise<ExchangeServer> {
  const { host = LOOPBACK, port = 0 } = options;
  const faults = new Faults();
  const requests: ReceivedRequest[] = [];
  let underWay = 0;
  const api = new ExchangeApi(options, faults);
  const server = createServer((request, response) => {
    const { path, query } = split(request.url ?? '/');
    requests.push({ path, query, clientPort: request.socket.remotePort ?? 0 });
    if (requests.length > KEPT_REQUESTS) requests.shift();
    underWay++;
    response.once('close', () => underWay--);
    void api.handle(request, response, path, query);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${(server.address() as AddressInfo).port}`,
    faults,
    requests,
    get underWay() {
      return underWay;
    },
    connections: () => promisify(server.getConnections.bind(server))(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function split(url: string): { path: string; query: string } {
  const at = url.indexOf('?');
  return at === -1
    ? { path: url, query: '' }
    : { path: url.slice(0, at), query: url.slice(at + 1) };
}
