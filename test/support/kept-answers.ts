import { request, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, vi } from 'vitest';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { issueToken } from '../../src/http/auth.js';
import { launchApp, query, type RunningApp } from './app.js';
import { useDatabase } from './database.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';
import { until } from './until.js';

const SECRET = 'a secret of this test that is long enough';

export const TURN = '{ latestCycle { turn } }';
export const MATRIX =
  '{ latestCycle { turn matrices { kind values } again: matrices { values ages legs paths: kind } } }';

/** An answer as it came over the wire. */
interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server with tokens and one cycle for the tests of one file, which counts what it executes. */
export class KeptAnswersApp {
  /** Each call is one execution of an operation that reads the newest cycle. */
  readonly executions = vi.fn();
  app!: RunningApp;
  operator!: string;
  viewer!: string;

  constructor() {
    const database = useDatabase();
    const { executions } = this;
    // oxlint-disable-next-line typescript/unbound-method -- it is called on its own object
    const { latest } = CycleFeed.prototype;
    vi.spyOn(CycleFeed.prototype, 'latest').mockImplementation(function (this: CycleFeed) {
      executions();
      return latest.call(this);
    });
    beforeAll(async () => {
      const inAnHour = Date.now() + 3_600_000;
      this.operator = `Bearer ${await issueToken(SECRET, 'operator', inAnHour)}`;
      this.viewer = `Bearer ${await issueToken(SECRET, 'viewer', inAnHour)}`;
      this.app = await launchApp(
        {
          MONGO_URI: database.engine.uri,
          DATABASE_NAME: `kept_${process.pid}`,
          DATA_DIR: database.dataDir,
          ASSETS: 'USDT,BTC,ETH',
          CYCLE_INTERVAL_MS: '86400000',
          API_SECRET_KEY: SECRET,
        },
        {
          market: new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n))),
        },
      );
      await until(
        'the first cycle',
        () => this.#operate<{ latestCycle: unknown }>(TURN),
        ({ data }) => data?.latestCycle !== null,
      );
    });
    afterAll(() => this.app.stop());
    beforeEach(() => executions.mockClear());
  }

  ask(document: string, headers: Record<string, string> = {}, more: object = {}): Promise<Raw> {
    return this.send('/graphql', { headers, body: { query: document, ...more } });
  }

  /** An answer over GET, without any header of its own but a token. */
  async get(path: string, headers: Record<string, string> = {}) {
    const answer = await this.send(path, { headers });
    return { ...answer, cacheControl: answer.headers['cache-control'] };
  }

  /** A request whose answer is left as it came. */
  send(
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
  ): Promise<Raw> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: new URL(this.app.url).port,
          path,
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            authorization: this.viewer,
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Runs a mutation that succeeds. */
  async mutate(document: string): Promise<void> {
    expect((await this.#operate(document)).errors).toBeUndefined();
  }

  /** Runs a turn: a manual run within a second of the last one would be answered with that. */
  async nextTurn(): Promise<void> {
    await until(
      'a turn that is run for this call',
      () => this.#operate<{ runCycle: { ran: boolean } }>('mutation { runCycle { ran } }'),
      ({ data }) => data?.runCycle.ran === true,
    );
  }

  #operate<Data = Record<string, unknown>>(document: string) {
    return query<Data>(this.app, document, {}, { authorization: this.operator });
  }
}
