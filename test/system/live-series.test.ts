import { expect, it, onTestFinished } from 'vitest';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { runTurn, turnReached } from '../support/turns.js';

const database = useDatabase();
const CELLS = '[{ base: "BTC", quote: "USDT" }, { base: "ETH", quote: "BTC" }]';
const SELECTION =
  'starts counts firstTurns lastTurns lines { name values high: values(of: MAX) mean: values(of: MEAN) staleCounts }';

interface Series {
  readonly starts: readonly number[];
  readonly counts: readonly number[];
  readonly lastTurns: readonly (number | null)[];
  readonly lines: readonly Record<string, unknown>[];
}

/** Turns are a minute apart by the exchange's clock, over all starts. */
async function setUp() {
  let observations = 0;
  const name = `live_series_${process.pid}`;
  const start = async (): Promise<RunningApp> => {
    const market = new ScriptedMarket(() => {
      const n = ++observations;
      return observed(frameAt(1_700_000_000_000 + n * 60_000, n));
    });
    const app = await launchApp(
      {
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: name,
        DATA_DIR: database.dataDir,
        ASSETS: 'USDT,BTC,ETH',
        CYCLE_INTERVAL_MS: '86400000',
      },
      { market },
    );
    onTestFinished(() => app.stop());
    return app;
  };
  const app = await start();
  await turnReached(app, 1);
  return { app, start };
}

/** By where each bucket begins, what is said of it; of those with a turn. */
function bucketsOf({ starts, counts, ...rest }: Series): Map<number, unknown> {
  const columns = (at: number, value: object): unknown =>
    Object.entries(value).map(([key, column]: [string, unknown]) => {
      if (!Array.isArray(column)) return [key, column];
      return key === 'lines'
        ? [key, column.map((line: object) => columns(at, line))]
        : [key, column[at] as unknown];
    });
  const filled = starts.map((start, at): [number, unknown] => [start, columns(at, rest)]);
  return new Map(filled.filter((_, at) => counts[at] !== 0));
}

/** What a client keeps of what it is sent. */
class Listener {
  readonly buckets = new Map<number, unknown>();
  last: number | null = null;
  socket!: RawSocket;

  constructor(readonly every: string) {}

  async listen(app: RunningApp): Promise<void> {
    const after = this.last === null ? '' : `, after: ${this.last}`;
    this.socket = await RawSocket.open(app);
    this.socket.subscribe(
      `subscription { seriesUpdated(cells: ${CELLS}, every: "${this.every}"${after}) { ${SELECTION} } }`,
    );
    // It is there once a later operation on the same socket has answered, or sent something.
    this.socket.send({ type: 'ping' });
  }

  async hear(throughTurn: number): Promise<number> {
    let messages = 0;
    while ((this.last ?? 0) < throughTurn) {
      const message = await this.socket.next();
      if (message['type'] !== 'next') continue;
      const { data } = message['payload'] as { data: { seriesUpdated: Series } };
      const { seriesUpdated } = data;
      bucketsOf(seriesUpdated).forEach((bucket, start) => this.buckets.set(start, bucket));
      this.last = Math.max(...seriesUpdated.lastTurns.map((turn) => turn ?? 0));
      messages++;
    }
    return messages;
  }
}

it('the tail of a series, joined over restarts of server and client, is what series answers', async () => {
  const { app, start } = await setUp();
  const listeners = ['turn', '2m', '1h'].map((every) => new Listener(every));
  for (const each of listeners) {
    each.last = 0;
    await each.listen(app);
    await each.hear(1);
  }
  // Live for two turns, then away while one more is run.
  for (const turn of [2, 3]) {
    await runTurn(app);
    for (const each of listeners) expect(await each.hear(turn)).toBe(1);
  }
  for (const { socket } of listeners) socket.close();
  await runTurn(app);
  await runTurn(app);
  await app.stop();
  const again = await start();
  // It runs a turn of its own as it starts.
  const reached = await turnReached(again, 5);
  for (const each of listeners) {
    await each.listen(again);
    await each.hear(reached);
  }
  const last = await runTurn(again);
  for (const each of listeners) await each.hear(last);
  for (const { every, buckets } of listeners) {
    const { data, errors } = await query<{ series: Series }>(
      again,
      `{ series(cells: ${CELLS}, from: "start", every: "${every}") { ${SELECTION} } }`,
    );
    expect(errors).toBeUndefined();
    expect(buckets).toEqual(bucketsOf(data?.series as Series));
    expect(buckets.size).toBeGreaterThan(0);
  }
});
