import { beforeEach, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { refused, type ScriptedMarket } from '../support/scripted-market.js';
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
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        query<{ runCycle: { cycle: { turn: number } } }>(
          app,
          'mutation { runCycle { ran cycle { turn } } }',
        ),
      ),
    );
    expect(new Set(answers.map(({ data }) => data?.runCycle.cycle.turn)).size).toBe(1);
    expect(market.observations).toBe(before + 1);
  });
});
