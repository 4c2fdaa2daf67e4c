import { graphql } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { query, type RunningApp } from '../support/app.js';
import { frameAt, observed, refused } from '../support/scripted-market.js';
import { ScriptedApp } from '../support/scripted-app.js';
import { until } from '../support/until.js';

/** Its turns are a minute apart, by the exchange's clock. */
const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await scripted.runTurns(2);
});

describe('history', () => {
  it('says from when to when there are cycles, and how many', async () => {
    const { data, errors } = await query<{ history: Record<string, unknown> }>(
      app,
      '{ history { oldestTurn latestTurn firstAt lastAt cycles bytes sealedThrough } status { oldestTurn } }',
    );
    expect(errors).toBeUndefined();
    expect(data?.history).toEqual({
      oldestTurn: 1,
      latestTurn: 3,
      firstAt: new Date(1_700_000_060_000).toISOString(),
      lastAt: new Date(1_700_000_180_000).toISOString(),
      cycles: 3,
      bytes: expect.any(Number) as number,
      sealedThrough: null,
    });
  });
});

describe('gaps', () => {
  it('are found with their reasons once there is a turn after them', async () => {
    const gaps = () =>
      query<{ gaps: unknown[] | null }>(
        app,
        '{ gaps(from: "start") { afterTurn beforeTurn from to reasons { code message count } } }',
      );
    expect((await gaps()).data).toEqual({ gaps: [] });
    const day = 86_400_000;
    scripted.market.answerWith(() => refused('EXCHANGE_ERROR', 'the exchange is ill'));
    await until(
      'a turn to be refused',
      () => query(app, 'mutation { runCycle { ran } }'),
      ({ errors }) => errors !== undefined,
    );
    scripted.market.answerWith(() => observed(frameAt(1_700_000_180_000 + 4 * day, 4)));
    await scripted.runTurns(1);
    const { data } = await until('the gap to be explained', gaps, (answer) => {
      const [gap] = (answer.data?.gaps ?? []) as { reasons: unknown[] }[];
      return (gap?.reasons.length ?? 0) > 0;
    });
    expect(data?.gaps).toEqual([
      {
        afterTurn: 3,
        beforeTurn: 4,
        from: new Date(1_700_000_180_000).toISOString(),
        to: new Date(1_700_000_180_000 + 4 * day).toISOString(),
        reasons: [
          {
            code: 'EXCHANGE_ERROR',
            message: 'the exchange is ill',
            count: expect.any(Number) as number,
          },
        ],
      },
    ]);
  });

  it('of too many turns are refused with what would do', async () => {
    const limit = { name: 'turns', allowed: 2, found: 3 };
    const read = () => Promise.reject(new SeriesFault('from', 'take a shorter range', limit));
    const { errors } = await graphql({
      schema: await createSchema(),
      source: '{ gaps(from: "start") { afterTurn } }',
      contextValue: { services: { gaps: { read } } },
    });
    expect(errors?.[0]).toMatchObject({
      message: 'turns: 2 are allowed, not 3; take a shorter range',
      extensions: { code: 'LIMIT_EXCEEDED', limit: 'turns', argument: 'from' },
    });
  });

  it.each([
    ['from: "yesterday"', 'from'],
    ['from: "start", to: "soon"', 'to'],
    ['from: "now", to: "start"', 'from'],
    ['from: "start", longerThan: "1x"', 'longerThan'],
    ['from: "start", longerThan: "turn"', 'longerThan'],
  ])(
    '(%s) are refused by the name of what is wrong, and the rest is answered',
    async (args, name) => {
      const { data, errors } = await query(
        app,
        `{ gaps(${args}) { afterTurn } status { oldestTurn } }`,
      );
      expect(data).toEqual({ gaps: null, status: { oldestTurn: 1 } });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: name });
    },
  );
});
