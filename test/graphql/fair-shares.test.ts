import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.js';
import { issueToken } from '../../src/http/auth.js';
import { launchApp, type Answer, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { historyOf, universeOf } from '../support/history.js';
import { refused, ScriptedMarket } from '../support/scripted-market.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { RawSocket } from '../support/socket.js';
import { until } from '../support/until.js';

const PAGE = '{ cycles(first: 20) { nodes { turn matrices { kind values } } } }';
/** Takes a while. */
const LARGE_PAGE = '{ cycles(first: 100) { nodes { turn matrices { kind values } } } }';
const LIGHT = '{ latestCycle { turn } }';

const UNIVERSE = universeOf(30);
const database = useDatabase();
const history = historyOf(UNIVERSE, 101);
let run = 0;

/** A server over stored cycles to which none is added. */
async function start(settings: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  const all = {
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `shares_${process.pid}_${++run}`,
    DATA_DIR: database.dataDir,
    ASSETS: UNIVERSE.join(','),
    CYCLE_INTERVAL_MS: '86400000',
    API_SECRET_KEY,
    ...settings,
  };
  const { cycles } = await database.open(parseConfig(all).database.name);
  await cycles.saveAll(history);
  return launchApp(all, { market: new ScriptedMarket(() => refused('EXCHANGE_UNREACHABLE')) });
}

let issued = 0;
const newClient = async (): Promise<string> =>
  `Bearer ${await issueToken(API_SECRET_KEY, 'viewer', Date.now() + 3_600_000 + 1_000 * ++issued)}`;

interface Sent extends Answer {
  readonly retryAfter: string | null;
  readonly text: string;
}

let sent = 0;

/** Each request differs from those before, so that none is answered with what is kept. */
async function send(
  { url }: RunningApp,
  authorization: string,
  query: string,
  signal: AbortSignal | null = null,
): Promise<Sent> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query, extensions: { sent: sent++ } }),
    signal,
  });
  const text = await response.text();
  const answer = JSON.parse(text) as Answer;
  return {
    ...answer,
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text,
  };
}

const many = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** What is under way and waits of heavy operations. */
async function heavy({ url }: RunningApp): Promise<{ underWay: number; waiting: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string): number =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return {
    underWay: value('dynamics_heavy_operations'),
    waiting: value('dynamics_heavy_operations_waiting'),
  };
}

const turnsOf = (answer: { data?: unknown }): number[] =>
  (answer.data as { cycles: { nodes: { turn: number }[] } }).cycles.nodes.map(({ turn }) => turn);

const PAGE_OF_TURNS = many(20, (n) => 101 - n);

describe('operations that read much of history', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app.stop());

  it('of one client hold up those of another by no more than its share', async () => {
    const [greedy, modest] = [await newClient(), await newClient()];
    let answered = 0;
    const pages = many(60, async () => {
      expect(turnsOf(await send(app, greedy, PAGE))).toEqual(PAGE_OF_TURNS);
      answered++;
    });
    await until(
      'a queue of pages',
      () => heavy(app),
      ({ waiting }) => waiting > 30,
    );
    expect(turnsOf(await send(app, modest, PAGE))).toEqual(PAGE_OF_TURNS);
    expect(answered).toBeLessThan(60);
    await Promise.all(pages);
  });

  it('are refused beyond what may wait, over HTTP and WebSocket, and light ones are not', async () => {
    const client = await newClient();
    const socket = await RawSocket.open(app, { authorization: client });
    const gone = new AbortController();
    const turnedAway: Sent[] = [];
    const pages = many(170, () =>
      send(app, client, LARGE_PAGE, gone.signal).then(
        (answer) => answer.status !== 200 && turnedAway.push(answer),
        () => null,
      ),
    );
    await until(
      'a request to be turned away',
      () => turnedAway.length,
      (count) => count > 0,
    );
    const [first] = turnedAway;
    const details = { code: 'LIMIT_EXCEEDED', allowed: 100, found: 101 };
    expect(first?.status).toBe(429);
    expect(Number(first?.retryAfter)).toBeGreaterThan(0);
    expect(first?.errors?.[0]?.extensions).toMatchObject(details);
    for (let n = 0; n < 90; n++) socket.subscribe(LARGE_PAGE, String(n));
    const refusal = await until(
      'an operation to be refused',
      () => socket.next(),
      ({ type }) => type === 'error',
    );
    expect(refusal).toMatchObject({ payload: [{ extensions: details }] });
    expect((await send(app, client, LIGHT)).errors).toBeUndefined();
    gone.abort();
    socket.close();
    await Promise.all(pages);
  });

  it('wait no longer when their client has gone away, or has completed them', async () => {
    const client = await newClient();
    const idle = (): Promise<unknown> =>
      until(
        'all heavy work to end',
        () => heavy(app),
        ({ underWay, waiting }) => underWay + waiting === 0,
      );
    const some = (): Promise<unknown> =>
      until(
        'a queue of pages',
        () => heavy(app),
        ({ waiting }) => waiting > 20,
      );
    const gone = new AbortController();
    const pages = many(60, () => send(app, client, PAGE, gone.signal).catch(() => null));
    await some();
    gone.abort();
    await Promise.all(pages);
    await idle();
    const [leaving, completing] = await Promise.all(
      many(2, () => RawSocket.open(app, { authorization: client })),
    );
    for (let n = 0; n < 60; n++) leaving?.subscribe(PAGE, String(n));
    await some();
    leaving?.close();
    await idle();
    for (let n = 0; n < 60; n++) completing?.subscribe(PAGE, String(n));
    await some();
    for (let n = 0; n < 60; n++) completing?.send({ type: 'complete', id: String(n) });
    await idle();
    expect(turnsOf((await completing?.run(PAGE)) ?? {})).toEqual(PAGE_OF_TURNS);
    completing?.close();
  });

  it('are answered in a batch, more of them than may be under way at a time', async () => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: await newClient() },
      body: JSON.stringify(many(10, () => ({ query: PAGE }))),
    });
    const answers = (await response.json()) as Answer[];
    expect(answers.map(turnsOf)).toEqual(many(10, () => PAGE_OF_TURNS));
  });

  it('have the same bytes over WebSocket as over HTTP', async () => {
    const client = await newClient();
    const socket = await RawSocket.open(app, { authorization: client });
    const { text } = await send(app, client, PAGE);
    socket.subscribe(PAGE, '1');
    expect(await socket.nextText()).toBe(`{"id":"1","type":"next","payload":${text.trim()}}`);
    socket.close();
  });
});

describe('the rate of a client', () => {
  it('counts what operations cost, over HTTP and WebSocket together', async () => {
    const app = await start({ REQUESTS_PER_MINUTE: '150' });
    const client = await newClient();
    const socket = await RawSocket.open(app, { authorization: client });
    // Some 92 times what a light one counts.
    expect((await send(app, client, PAGE)).status).toBe(200);
    const again = await send(app, client, PAGE);
    const details = { code: 'LIMIT_EXCEEDED', limit: 'operations a minute', allowed: 150 };
    expect(again.status).toBe(429);
    expect(Number(again.retryAfter)).toBeGreaterThan(0);
    expect(again.errors?.[0]?.extensions).toMatchObject(details);
    expect((await socket.run(PAGE)).errors?.[0]?.extensions).toMatchObject(details);
    // What was refused takes nothing from what is cheap.
    for (let n = 0; n < 20; n++) expect((await socket.run(LIGHT)).errors).toBeUndefined();
    expect((await send(app, await newClient(), PAGE)).status).toBe(200);
    socket.close();
    await app.stop();
  });

  it('lets one operation pass that is dearer than all that a minute allows', async () => {
    const app = await start({ REQUESTS_PER_MINUTE: '5' });
    const client = await newClient();
    expect((await send(app, client, PAGE)).status).toBe(200);
    expect((await send(app, client, LIGHT)).status).toBe(429);
    await app.stop();
  });
});
