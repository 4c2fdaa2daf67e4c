import { createClient, type Client } from 'graphql-ws';
import { beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { frameAt, observed, refused, type ScriptedMarket } from '../support/scripted-market.js';
import { runTurn, untilNotFresh } from '../support/turns.js';
import { until } from '../support/until.js';

const scripted = new ScriptedApp();
let app: RunningApp;
let market: ScriptedMarket;
beforeEach(() => void ({ app, market } = scripted));

describe('a turn on demand', () => {
  it('says what the exchange said when a cycle cannot be run, and reports it in status', async () => {
    const retryInMs = 48 * 3_600_000;
    const asked = Date.now();
    market.answerWith(() => refused('EXCHANGE_BANNED', 'banned for two days', retryInMs));
    const { errors } = await until(
      'the exchange to be asked again',
      () => query(app, 'mutation { runCycle { ran } }'),
      (answer) => answer.errors !== undefined,
    );
    expect(errors?.[0]).toMatchObject({
      message: 'banned for two days',
      extensions: {
        code: 'EXCHANGE_UNAVAILABLE',
        reason: 'EXCHANGE_BANNED',
        retryAt: expect.any(String) as string,
      },
    });
    const retryAt = Date.parse(String(errors?.[0]?.extensions?.['retryAt']));
    expect(retryAt).toBeGreaterThanOrEqual(asked + retryInMs);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + retryInMs);
    const { data } = await query<{ status: { nextCycleAt: string } }>(
      app,
      '{ status { lastFailure { code message } lastSkipped { code } latestTurn nextCycleAt database { kind reachable } } }',
    );
    expect(data).toEqual({
      status: {
        lastFailure: { code: 'EXCHANGE_BANNED', message: 'banned for two days' },
        lastSkipped: null,
        latestTurn: 1,
        nextCycleAt: expect.any(String) as string,
        database: { kind: 'EXTERNAL', reachable: true },
      },
    });
    // Reckoned anew from the monotonic clock.
    expect(Math.abs(Date.parse(data?.status.nextCycleAt ?? '') - retryAt)).toBeLessThan(1_000);
  });

  it('runs one turn for many callers at the same instant', async () => {
    await runTurn(app);
    const before = market.observations;
    await untilNotFresh(app);
    // The turn takes until all of them have asked: what a socket sends is begun in order.
    let release = (): void => undefined;
    const allAsked = new Promise<void>((resolve) => (release = resolve));
    market.answerWith(async (n) => {
      await allAsked;
      return observed(frameAt(1_700_000_000_000 + n * 60_000, n));
    });
    const clients = Array.from({ length: 4 }, () => clientOf(app));
    const answers = clients.flatMap((client) =>
      Array.from({ length: 25 }, () =>
        answerOf<{ runCycle: { cycle: { turn: number } } }>(
          client,
          'mutation { runCycle { ran cycle { turn } } }',
        ),
      ),
    );
    await Promise.all(clients.map((client) => answerOf(client, '{ status { version } }')));
    release();
    const turns = (await Promise.all(answers)).map(({ data }) => data?.runCycle.cycle.turn);
    expect(turns).toHaveLength(100);
    expect(new Set(turns).size).toBe(1);
    expect(market.observations).toBe(before + 1);
    for (const client of clients) await client.dispose();
  });
});

function clientOf({ url }: RunningApp): Client {
  return createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
}

async function answerOf<Data>(
  client: Client,
  document: string,
): Promise<{ data?: Data | null | undefined }> {
  for await (const answer of client.iterate<Data>({ query: document })) return answer;
  throw new Error('completed without an answer');
}
