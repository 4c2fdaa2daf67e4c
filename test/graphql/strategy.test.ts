import { createClient } from 'graphql-ws';
import { beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { query, startApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { runTurn, turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
let app: RunningApp;
let market: ScriptedMarket;
let settings: Record<string, string>;
let run = 0;

const DAY_MS = '86400000';

beforeEach(async () => {
  market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  settings = {
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `strategy_${process.pid}_${++run}`,
    DATA_DIR: database.dataDir,
    ASSETS: 'USDT,BTC,ETH,XRP',
    CYCLE_INTERVAL_MS: DAY_MS,
  };
  app = await startApp(settings, market);
  await turnReached(app, 1);
});

interface Updated {
  readonly updateStrategyConfig: {
    readonly strategyConfig: Record<string, unknown> | null;
    readonly userErrors: readonly { field: string[]; message: string; code: string }[];
  };
}

async function update(input: object): Promise<Updated['updateStrategyConfig']> {
  const { data, errors } = await query<Updated>(
    app,
    `mutation ($input: UpdateStrategyConfigInput!) {
      updateStrategyConfig(input: $input) {
        strategyConfig { id version tier mode quantBase expectedImprint expectedLuggage }
        userErrors { field message code }
      }
    }`,
    { input },
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.updateStrategyConfig;
}

describe('the settings of the strategy', () => {
  it('change in part, as a new version, which takes effect at the next turn', async () => {
    expect(await update({ tier: 'AGGRESSIVE', expectedImprint: 1.05 })).toMatchObject({
      strategyConfig: {
        version: 2,
        tier: 'AGGRESSIVE',
        mode: 'NEUTRAL',
        quantBase: 'USDT',
        expectedImprint: 1.05,
        expectedLuggage: 1,
      },
      userErrors: [],
    });
    expect(await runTurn(app)).toBe(2);
    const { data } = await query(
      app,
      `{ strategyConfig { version }
         one: cycle(turn: 1) { config { version tier } }
         two: cycle(turn: 2) { config { version tier } aux { turn } } }`,
    );
    expect(data).toEqual({
      strategyConfig: { version: 2 },
      one: { config: { version: 1, tier: 'STANDARD' } },
      two: { config: { version: 2, tier: 'AGGRESSIVE' }, aux: { turn: 2 } },
    });
  });

  it('stay as they are where nothing changes, and refuse null and nonsense, naming each field', async () => {
    expect((await update({ tier: 'STANDARD' })).strategyConfig).toMatchObject({ version: 1 });
    const refused = await update({ tier: null, quantBase: 'NOPE', expectedImprint: 0 });
    expect(refused.strategyConfig).toBeNull();
    expect(refused.userErrors.map(({ field, code }) => [field, code])).toEqual([
      [['input', 'tier'], 'INVALID'],
      [['input', 'quantBase'], 'INVALID'],
      [['input', 'expectedImprint'], 'INVALID'],
    ]);
    const { data } = await query(app, '{ strategyConfig { version } }');
    expect(data).toEqual({ strategyConfig: { version: 1 } });
  });

  it('keep every version, which can be read again by its id', async () => {
    const { strategyConfig: second } = await update({ mode: 'MOMENTUM' });
    await update({ mode: 'REVERSION' });
    const { data } = await query(
      app,
      'query ($id: ID!) { node(id: $id) { id ... on StrategyConfig { version mode } } }',
      { id: second?.['id'] },
    );
    expect(data).toEqual({ node: { id: second?.['id'], version: 2, mode: 'MOMENTUM' } });
  });

  it('are pushed to subscribers, each version in order', async () => {
    const client = createClient({
      url: `${app.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const updates = client.iterate<{ strategyConfigUpdated: { version: number } }>({
      query: 'subscription { strategyConfigUpdated { version mode } }',
    });
    const first = updates.next();
    for await (const answer of client.iterate({ query: '{ strategyConfig { version } }' })) {
      expect(answer.errors).toBeUndefined();
    }
    await update({ mode: 'MOMENTUM' });
    await update({ mode: 'REVERSION' });
    const received = [await first, await updates.next()].map(
      ({ value }) =>
        (value as { data?: { strategyConfigUpdated: object } }).data?.strategyConfigUpdated,
    );
    expect(received).toEqual([
      { version: 2, mode: 'MOMENTUM' },
      { version: 3, mode: 'REVERSION' },
    ]);
    await updates.return?.();
    await client.dispose();
  });

  it('warn where the quant base has left the universe, and its figures are null', async () => {
    await update({ quantBase: 'ETH' });
    await app.stop();
    app = await startApp({ ...settings, ASSETS: 'USDT,BTC' }, market);
    const { data } = await until(
      'a warning',
      () =>
        query<{
          status: { warnings: string[] };
          latestCycle: { wallet: { value: number | null }; aux: { imprint: number | null } };
        }>(app, '{ status { warnings } latestCycle { wallet { value } aux { imprint } } }'),
      (answer) => (answer.data?.status.warnings.length ?? 0) > 0,
    );
    expect(data?.status.warnings.join()).toMatch(/quant base ETH is no longer in the universe/);
    await runTurn(app);
    const now = await query(app, '{ latestCycle { wallet { value } aux { imprint grt } } }');
    expect(now.data).toEqual({
      latestCycle: { wallet: { value: null }, aux: { imprint: null, grt: null } },
    });
  });
});

describe('the strategy figures', () => {
  it('are those of the latest turn, or of the one asked for', async () => {
    await runTurn(app);
    const { data } = await query(
      app,
      `{ latest: strategyAux { turn leadQuant luggage } first: strategyAux(turn: 1) { turn grt }
         none: strategyAux(turn: 99) { turn } cycle(turn: 2) { aux { turn leadQuant luggage } } }`,
    );
    const aux = (data?.['cycle'] as { aux: object }).aux;
    expect(data).toMatchObject({ latest: aux, first: { turn: 1, grt: null }, none: null });
  });
});

describe('a purge', () => {
  const purge = async (confirm: boolean) =>
    (
      await query<{ purgeCycles: { deleted: number; userErrors: { code: string }[] } }>(
        app,
        `mutation { purgeCycles(confirm: ${confirm}) { deleted userErrors { field code } } }`,
      )
    ).data?.purgeCycles;

  it('deletes nothing unless it is confirmed', async () => {
    expect(await purge(false)).toEqual({
      deleted: 0,
      userErrors: [{ field: ['confirm'], code: 'NOT_CONFIRMED' }],
    });
    expect((await query(app, '{ latestCycle { turn } }')).data).toEqual({
      latestCycle: { turn: 1 },
    });
  });

  it('deletes every cycle, keeps the settings, and goes on with the next number as with a first turn', async () => {
    await update({ mode: 'MOMENTUM' });
    await runTurn(app);
    expect(await purge(true)).toEqual({ deleted: 2, userErrors: [] });
    const empty = await query(app, '{ latestCycle { turn } cycles { nodes { turn } } }');
    expect(empty.data).toEqual({ latestCycle: null, cycles: { nodes: [] } });
    expect(await runTurn(app)).toBe(3);
    const { data } = await query(
      app,
      `{ latestCycle { turn previousTurn matrix(kind: ID_PCT) { cell(base: "BTC", quote: "USDT") { value } }
         aux { shift grt leadSince } config { mode } } status { oldestTurn } }`,
    );
    expect(data).toEqual({
      latestCycle: {
        turn: 3,
        previousTurn: null,
        matrix: { cell: { value: null } },
        aux: { shift: null, grt: null, leadSince: 3 },
        config: { mode: 'MOMENTUM' },
      },
      status: { oldestTurn: 3 },
    });
  });

  it('fences off the turn that is under way: it begins anew, as a first one, and its number is not lost', async () => {
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    market.answerWith(async (n) => {
      await held;
      return observed(frameAt(1_700_000_100_000 + n * 60_000, n));
    });
    const underWay = until(
      'the turn that is held up',
      () => query(app, 'mutation { runCycle { ran cycle { turn } } }'),
      (result) => {
        const payload = result.data?.['runCycle'] as { ran?: boolean } | undefined;
        return result.errors !== undefined || payload?.ran === true;
      },
    );
    await until(
      'the exchange to be asked',
      () => market.underWay,
      (count) => count === 1,
    );
    expect(await purge(true)).toMatchObject({ deleted: 1 });
    answer();
    expect((await underWay).data).toEqual({ runCycle: { ran: true, cycle: { turn: 2 } } });
    expect((await query(app, '{ latestCycle { turn previousTurn } }')).data).toEqual({
      latestCycle: { turn: 2, previousTurn: null },
    });
    expect(await runTurn(app)).toBe(3);
  });
});

it('a cache that is reset is read again from the database', async () => {
  const { data } = await query(app, 'mutation { resetCache { userErrors { code } } }');
  expect(data).toEqual({ resetCache: { userErrors: [] } });
  expect((await query(app, '{ latestCycle { turn } }')).data).toEqual({ latestCycle: { turn: 1 } });
  expect(await runTurn(app)).toBe(2);
});
