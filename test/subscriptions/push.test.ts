import fc from 'fast-check';
import type { GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { launchApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { metric } from '../support/metrics.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { selectionsOf } from '../support/selections.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
let run = 0;
/** The market of the system that was started last. */
let market: ScriptedMarket;

function start(settings: Readonly<Record<string, string>>): Promise<RunningApp> {
  market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  return launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `push_${process.pid}_${++run}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH',
      ...settings,
    },
    { market },
  );
}

interface Pushed {
  readonly payload: { readonly data: { readonly cycleCompleted: { readonly turn: number } } };
}

async function nextTurn(socket: RawSocket): Promise<number> {
  const message = (await socket.next()) as unknown as Pushed;
  return message.payload.data.cycleCompleted.turn;
}

async function turnsOf(socket: RawSocket, count: number): Promise<number[]> {
  const turns: number[] = [];
  while (turns.length < count) turns.push(await nextTurn(socket));
  return turns;
}

/** The first cycle of one of several subscriptions on a socket, which then ends. */
async function firstOf(socket: RawSocket, id: string): Promise<string> {
  for (;;) {
    const text = await socket.nextText();
    if (!text.startsWith(`{"id":"${id}",`)) continue;
    socket.send({ type: 'complete', id });
    return text;
  }
}

/** What only an operation that runs alone tells. */
const COST_REPORT = /,"extensions":\{"cost":\{"requested":\d+,"allowed":\d+\}\}/;

const countFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => first + n);

describe('a pushed cycle', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await start({ CYCLE_INTERVAL_MS: '50' });
    await turnReached(app, 3);
  });
  afterAll(() => app.stop());

  it.each([
    ['{ turn }', {}],
    [
      '{ turn id exchange observedAt symbols matrices { kind unit scale bases quotes values } }',
      {},
    ],
    [
      '{ turn a: matrix(kind: ID_PCT) { v: values(digits: 3) } wallet { value balances { total } } }',
      {},
    ],
    ['{ turn ...F } fragment F on Cycle { assets { symbol quant strength } aux { luggage } }', {}],
    ['{ turn matrix(kind: QUANTID, bases: $b) { values } }', { b: ['ETH', 'BTC'] }],
    ['{ turn matrix(kind: QUANTID, bases: ["NOPE"]) { values } consistency { worst } }', {}],
  ])('has the same bytes whether it is shared or not: %s', async (selection, variables) => {
    const [body, fragment = ''] = selection.split(/(?=fragment )/);
    const definition = 'b' in variables ? '($b: [String!], $after: Int)' : '($after: Int)';
    const document = `subscription S${definition} { cycleCompleted(after: $after) ${body} } ${fragment}`;
    const texts = await Promise.all(
      [{}, { cost: true }].map(async (extensions) => {
        const socket = await RawSocket.open(app);
        socket.subscribe(document, 'an "id"', {
          variables: { ...variables, after: 1 },
          extensions,
        });
        const received = [await socket.nextText(), await socket.nextText()];
        socket.close();
        return received.map((text) => text.replace(COST_REPORT, ''));
      }),
    );
    expect(texts[0]?.[0]).toMatch(/^\{"id":"an \\"id\\"","type":"next","payload":\{/);
    expect(texts[0]).toEqual(texts[1]);
  });

  it('has the bytes that a query for it has, however it is asked for, shared or not', async () => {
    const schema = await createSchema();
    const cycle = schema.getType('Cycle') as GraphQLObjectType;
    const names = ['USDT', 'BTC', 'ETH', 'ETHBTC', 'NOPE'];
    const [shared, alone] = await Promise.all([RawSocket.open(app), RawSocket.open(app)]);
    let id = 0;
    await fc.assert(
      fc.asyncProperty(selectionsOf(cycle, names), async (selection) => {
        const pushed = `subscription { cycle: cycleCompleted(after: 2)\n${selection} }`;
        const asked = `query { cycle(turn: 3)\n${selection} }`;
        const name = String(++id);
        shared.subscribe(pushed, name);
        alone.subscribe(pushed, name, { extensions: { cost: true } });
        const [one, other] = await Promise.all([firstOf(shared, name), firstOf(alone, name)]);
        expect(other.replace(COST_REPORT, '')).toBe(one);
        const response = await fetch(`${app.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: asked }),
        });
        const answered = await response.text();
        expect(one).toBe(`{"id":"${name}","type":"next","payload":${answered.trim()}}`);
        expect(JSON.stringify(JSON.parse(one))).toBe(one);
      }),
      { numRuns: 50 },
    );
    shared.close();
    alone.close();
  });

  it('comes to each of many, in order and once, whenever they came and from wherever they go on', async () => {
    const sockets = await Promise.all(countFrom(0, 40).map(() => RawSocket.open(app)));
    const document =
      'subscription ($after: Int) { cycleCompleted(after: $after) { turn matrices { values } } }';
    const received = await Promise.all(
      sockets.map(async (socket, n) => {
        const after = n % 4 === 0 ? undefined : n % 3;
        socket.subscribe(document, String(n), { variables: { after } });
        const turns = await turnsOf(socket, 20);
        return { after, turns };
      }),
    );
    for (const { after, turns } of received) {
      expect(turns).toEqual(countFrom(after === undefined ? (turns[0] ?? 0) : after + 1, 20));
    }
    for (const socket of sockets) socket.close();
  });

  it('ends for who completes, and goes on for the others', async () => {
    const [leaving, staying] = await Promise.all([RawSocket.open(app), RawSocket.open(app)]);
    const document = 'subscription { cycleCompleted { turn } }';
    leaving.subscribe(document);
    staying.subscribe(document);
    await Promise.all([nextTurn(leaving), nextTurn(staying)]);
    leaving.send({ type: 'complete', id: '1' });
    expect((await leaving.run('{ status { latestTurn } }')).errors).toBeUndefined();
    const turns = await turnsOf(staying, 5);
    expect(turns).toEqual(countFrom(turns[0] ?? 0, 5));
    staying.close();
    leaving.close();
  });

  it('does not disturb other operations on the same socket', async () => {
    const socket = await RawSocket.open(app);
    socket.subscribe('subscription { cycleCompleted { turn matrices { values } } }', 'live');
    const asked = countFrom(0, 30);
    for (const n of asked) {
      socket.send({ type: 'subscribe', id: `q${n}`, payload: { query: '{ __typename }' } });
    }
    const answered = new Set<unknown>();
    let turns = 0;
    while (answered.size < asked.length || turns < 5) {
      const { id, type } = await socket.next();
      if (id === 'live') turns++;
      else if (type === 'next') answered.add(id);
    }
    socket.close();
  });
});

describe('a client that stops reading', () => {
  it('is closed with 4508 and can go on with `after`, and costs the others nothing', async () => {
    const assets = ['USDT', 'BTC', 'ETH', ...countFrom(0, 247).map((n) => `A${n}`)];
    const app = await start({ ASSETS: assets.join(','), CYCLE_INTERVAL_MS: '50' });
    // What waits for it is counted as it is sent: compressed it would take many more cycles.
    const [stalled, reading] = await Promise.all([
      RawSocket.open(app, {}, { perMessageDeflate: false }),
      RawSocket.open(app),
    ]);
    const document =
      'subscription ($after: Int) { cycleCompleted(after: $after) { turn matrices { values } } }';
    stalled.subscribe(document);
    reading.subscribe(document);
    const last = await nextTurn(stalled);
    stalled.pause();
    const read = turnsOf(reading, 25);
    await until(
      'the one that does not read to be closed',
      () => metric(app, 'dynamics_slow_consumers_total'),
      (count) => count === 1,
    );
    // It is told why as long as it takes notice within some seconds.
    stalled.resume();
    expect(await stalled.closeCode()).toBe(4508);
    const turns = await read;
    expect(turns).toEqual(countFrom(turns[0] ?? 0, 25));
    const back = await RawSocket.open(app);
    back.subscribe(document, '1', { variables: { after: last } });
    expect(await turnsOf(back, 10)).toEqual(countFrom(last + 1, 10));
    await app.stop();
  });
});

describe('a skipped turn', () => {
  it('is pushed with its reason to whoever listens for it, each once', async () => {
    const app = await start({ CYCLE_INTERVAL_MS: '50' });
    await turnReached(app, 1);
    const socket = await RawSocket.open(app);
    socket.subscribe('subscription { cycleSkipped { at code message } }');
    await (await RawSocket.open(app)).run('{ __typename }');
    market.answerWith(() => observed({ observedAt: Date.now(), tickers: [] }));
    const [first, second] = [await socket.next(), await socket.next()] as unknown as {
      payload: { data: { cycleSkipped: { at: string; code: string; message: string } } };
    }[];
    expect(first?.payload.data.cycleSkipped).toMatchObject({
      code: 'TOO_FEW_SYMBOLS',
      message: 'no symbol of the universe has a valid price',
    });
    expect(second?.payload.data.cycleSkipped.at).not.toBe(first?.payload.data.cycleSkipped.at);
    socket.close();
    await app.stop();
  });
});
