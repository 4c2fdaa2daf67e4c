import { expect, it, onTestFinished } from 'vitest';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { historyOf, universeOf } from '../support/history.js';
import { runCommand } from '../support/process.js';
import { refused, ScriptedMarket } from '../support/scripted-market.js';
import { ageAll, sealedPlace } from '../support/sealed.js';
import { RawSocket } from '../support/socket.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
const TURNS = 2_600;
const SEALED = 2_048;
const UNIVERSE = universeOf(9);

const at = (turn: number): string => new Date(START + turn * 1_000).toISOString();
const RANGE = `from: "${at(100)}", to: "${at(2_500)}"`;
const CELLS = 'cells: [{ base: "BTC", quote: "USDT" }, { base: "DOGE", quote: "BRL" }]';
const SERIES = `every starts counts firstTurns lastTurns lastIsFinal
  lines { name unit values low: values(of: MIN) mean: values(of: MEAN) staleCounts nulls { fromTurn toTurn reason } }`;
const CYCLE = `id turn previousTurn msSincePreviousTurn startedAt observedAt completedAt exchange symbols
  assets { symbol strength quant balance price } wallet { source value balances { asset free locked total } unpriced }
  aux { leadQuant quant shift leadSince grt imprint luggage } config { version tier mode quantBase }
  consistency { medianBps maxBps worst } matrices { kind scale values }
  matrix(kind: ID_PERCENT, over: "5m") { against values }`;
const PAGE = 'edges { cursor node { turn observedAt } } pageInfo { hasNextPage hasPreviousPage }';

/** What is asked, of turns in documents and in blocks, and across both. */
const OPERATIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [1, 2, 1_000, 2_048, 2_049, 2_600, 9_999].map((turn) => [
      `cycle ${turn}`,
      `{ cycle(turn: ${turn}) { ${CYCLE} } strategyAux(turn: ${turn}) { turn leadQuant grt } }`,
    ]),
  ),
  'the latest cycle': `{ latestCycle { ${CYCLE} } status { oldestTurn latestTurn } }`,
  'the newest page': `{ cycles(first: 100) { ${PAGE} } }`,
  'the oldest page': `{ cycles(last: 100) { ${PAGE} } }`,
  'a page of a time in blocks': `{ cycles(first: 50, from: "${at(1_020)}", to: "${at(1_080)}") { ${PAGE} } }`,
  'a page across both': `{ cycles(last: 60, from: "${at(2_010)}", to: "${at(2_090)}") { ${PAGE} } }`,
  'whole cycles across both': `{ cycles(first: 12, from: "${at(2_042)}", to: "${at(2_054)}") { nodes { ${CYCLE} } } }`,
  series: `{ series(${CELLS}, ${RANGE}) { ${SERIES} } }`,
  'series of turns': `{ series(${CELLS}, from: "${at(2_000)}", to: "${at(2_100)}", every: "turn") { ${SERIES} } }`,
  percents: `{ series(${CELLS}, kind: ID_PCT, ${RANGE}, every: "5m") { ${SERIES} } }`,
  assets: `{ assetSeries(assets: ["BTC", "EUR"], figure: STRENGTH, ${RANGE}, every: "5m") { ${SERIES} } }`,
  wallet: `{ walletSeries(byAsset: true, ${RANGE}, every: "5m") { ${SERIES} } }`,
  strategy: `{ strategySeries(figures: [QUANT, GRT], ${RANGE}, every: "5m") { ${SERIES} } }`,
  consistency: `{ consistencySeries(${RANGE}, every: "15m") { ${SERIES} } }`,
  candles: `{ candles(${CELLS}, ${RANGE}, every: "1m") { starts lines { base quote open high low close counts } } }`,
  compare: `{ compare(turn: 2400, with: 1500, kind: ID_BENCHMARK) { values } early: compare(turn: 900, with: 30, kind: QUANTID) { values } }`,
  gaps: `{ gaps(from: "start") { afterTurn beforeTurn from to reasons { code } } }`,
  history: '{ history { oldestTurn latestTurn firstAt lastAt cycles sealedThrough } }',
};
const PATHS = [
  `/series?cells=BTC/USDT&from=${at(50)}&to=${at(2_550)}&every=1m`,
  `/candles?cells=ETH/BTC&from=${at(50)}&to=${at(2_550)}&every=5m`,
  '/market',
  '/wallet',
  '/matrix/delta_pct',
];
const COMMANDS = [
  ['inspect', '--turn', '700', '--json'],
  ['history', '--json'],
  ['verify', '--json'],
  ['recompute', '--json'],
  ['purge', '--json'],
];

/** All answers of a server, by what was asked. */
async function answersOf(app: RunningApp): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const { status, ...answer } = await query(app, operation);
    expect([name, status, answer.errors]).toEqual([name, 200, undefined]);
    answers[name] = answer;
  }
  const ids = Object.values(answers).flatMap(
    (answer) => /"id":"([^"]+)"/.exec(text(answer))?.[1] ?? [],
  );
  for (const id of new Set(ids)) {
    answers[`node ${id}`] = await query(app, `{ node(id: "${id}") { ... on Cycle { ${CYCLE} } } }`);
  }
  await addPages(app, answers);
  for (const path of PATHS) {
    const response = await fetch(app.url + path);
    expect([path, response.status]).toEqual([path, 200]);
    answers[path] = await response.text();
  }
  answers['followers'] = await followed(app);
  return answers;
}

const text = (value: unknown): string => JSON.stringify(value);

/** Every page of all turns, in both directions, by cursors. */
async function addPages(app: RunningApp, answers: Record<string, unknown>): Promise<void> {
  for (const [count, cursor, of] of [
    ['first', 'after', 'endCursor'],
    ['last', 'before', 'startCursor'],
  ] as const) {
    const turns: number[] = [];
    let place: string | null = null;
    do {
      const arguments_: string = place ? `, ${cursor}: "${place}"` : '';
      const { data } = await query<{
        cycles: { nodes: { turn: number }[]; pageInfo: Record<string, string | boolean> };
      }>(
        app,
        `{ cycles(${count}: 100${arguments_}) { nodes { turn } pageInfo { ${of} hasNextPage hasPreviousPage } } }`,
      );
      const { nodes, pageInfo } = data?.cycles ?? { nodes: [], pageInfo: {} };
      turns.push(...(count === 'last' ? nodes.reverse() : nodes).map(({ turn }) => turn));
      const isMore = pageInfo[count === 'first' ? 'hasNextPage' : 'hasPreviousPage'];
      place = isMore ? (pageInfo[of] as string) : null;
    } while (place);
    expect(turns.length).toBe(TURNS + 1);
    answers[`all pages, ${count}`] = turns;
  }
}

/** What those are sent first who come back from an earlier turn. */
async function followed(app: RunningApp): Promise<unknown[]> {
  const socket = await RawSocket.open(app);
  const first = async (count: number, operation: string) => {
    const id = String(Math.random());
    socket.send({ type: 'subscribe', id, payload: { query: operation } });
    const events: unknown[] = [];
    while (events.length < count) {
      const message = await socket.next();
      if (message['id'] === id) events.push(message['payload']);
    }
    socket.send({ type: 'complete', id });
    return events;
  };
  const events = [
    await first(40, `subscription { cycleCompleted(after: 2030) { ${CYCLE} } }`),
    await first(
      3,
      'subscription { cyclesCompleted(after: 2000, atMost: 50) { turn assets { quant } } }',
    ),
    await first(
      1,
      `subscription { seriesUpdated(cells: [{ base: "BTC", quote: "EUR" }], every: "5m", after: 60) { ${SERIES} } }`,
    ),
  ];
  socket.close();
  return events;
}

it('a history whose documents were removed answers everything as before, to the byte', async () => {
  const place = await sealedPlace(database, historyOf(UNIVERSE, TURNS));
  const settings = {
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: place.db.databaseName.replace(/_simulated$/, ''),
    ASSETS: UNIVERSE.join(','),
    CYCLE_INTERVAL_MS: '86400000',
  };
  const start = async (market?: ScriptedMarket): Promise<RunningApp> => {
    const app = await launchApp({ ...settings, DATA_DIR: temporaryFolder() }, market && { market });
    onTestFinished(() => app.stop());
    return app;
  };
  /** It adds no turn, also where the leader does not come to renew its lease. */
  const startReader = (): Promise<RunningApp> =>
    start(new ScriptedMarket(() => refused('EXCHANGE_UNREACHABLE'), 'simulated:1'));
  const folder = temporaryFolder();
  const told = async () => {
    const said: Record<string, unknown> = {};
    for (const command of COMMANDS) {
      const { stdout, stderr, code } = await runCommand(command, settings, folder);
      // How much of the disk is taken is another number, and the manifest has more lines.
      const words = stdout.replace(/"(document|block)Bytes": ?\d+|"lines":\d+/g, '');
      said[command.join(' ')] = [code, words, stderr];
    }
    return said;
  };
  const leader = await start();
  await turnReached(leader, TURNS + 1);
  await place.sealAll();
  const before = { told: await told(), answers: await answersOf(await startReader()) };
  const ofLeader = await answersOf(leader);

  await ageAll(place);
  const documents = place.db.collection('cycle_matrices');
  expect(await documents.countDocuments()).toBe(TURNS + 1 - SEALED);

  expect(await answersOf(leader)).toEqual(ofLeader);
  const after = { told: await told(), answers: await answersOf(await startReader()) };
  for (const [name, answer] of Object.entries(before.answers)) {
    expect([name, after.answers[name]]).toEqual([name, answer]);
  }
  expect(after.told).toEqual(before.told);
  expect(await place.flaws()).toEqual([]);

  const { data } = await query(leader, 'mutation { purgeCycles(confirm: true) { deleted } }');
  expect(data).toEqual({ purgeCycles: { deleted: TURNS + 1 } });
  const empty = await query(await startReader(), '{ cycle(turn: 5) { turn } history { cycles } }');
  expect(empty.data).toEqual({ cycle: null, history: { cycles: 0 } });
  expect(await place.db.collection('history_blocks').countDocuments()).toBe(0);
});
