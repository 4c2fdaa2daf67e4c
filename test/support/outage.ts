import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { startProxy, type Proxy } from '../chaos/proxy.mjs';
import { launchApp, query, type RunningApp } from './app.js';
import { RawSocket } from './socket.js';
import { temporaryFolder } from './temporary.js';
import { until } from './until.js';

/** A server whose database can be taken away from it. */
interface Outage {
  readonly proxy: Proxy;
  readonly dataDir: string;
  readonly start: () => Promise<RunningApp>;
}

/** @param uri of the embedded engine */
export async function outage(
  uri: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Outage> {
  const path = decodeURIComponent(new URL(uri).host);
  const proxy = await startProxy({ path });
  const dataDir = temporaryFolder();
  const name = `outage_${proxy.port}`;
  return {
    proxy,
    dataDir,
    async start() {
      const app = await launchApp({
        MONGO_URI: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
        DATABASE_NAME: name,
        DATA_DIR: dataDir,
        CYCLE_INTERVAL_MS: '100',
        ...settings,
      });
      onTestFinished(async () => {
        await app.stop();
        await proxy.stop();
      });
      return app;
    },
  };
}

export interface Seen {
  readonly turn: number;
  readonly observedAt: string;
}

/** Collects what is pushed, from the first turn on. */
export async function listen(app: Pick<RunningApp, 'url'>, after = 0): Promise<Seen[]> {
  const seen: Seen[] = [];
  const socket = await RawSocket.open(app);
  socket.subscribe(`subscription { cycleCompleted(after: ${after}) { turn observedAt } }`);
  void (async () => {
    for (;;) {
      const message = await socket.next();
      const { data } = message['payload'] as { data: { cycleCompleted: Seen } };
      seen.push(data.cycleCompleted);
    }
  })().catch(() => undefined);
  return seen;
}

export const reach = (seen: readonly Seen[], turn: number) =>
  until(
    `turn ${turn} to be pushed`,
    () => seen.at(-1)?.turn ?? 0,
    (latest) => latest >= turn,
  );

/** All stored cycles, oldest first. */
export async function stored(app: Pick<RunningApp, 'url'>): Promise<Seen[]> {
  const found: Seen[] = [];
  for (let before: string | null = null; ;) {
    const page: { edges: { cursor: string; node: Seen }[] } = (
      await query<{ cycles: never }>(
        app,
        'query ($before: String) { cycles(last: 100, before: $before) { edges { cursor node { turn observedAt } } } }',
        { before },
      )
    ).data?.cycles as never;
    if (page.edges.length === 0) return found;
    found.push(...page.edges.map(({ node }) => node).reverse());
    before = page.edges[0]?.cursor ?? null;
  }
}

/** An instance counts as alone once nobody else has asked for the lease for a while. */
export const untilAlone = (dataDir: string) =>
  until(
    'the newest cycles to be kept on disk',
    () => filesIn(`${dataDir}/last`),
    (names) => names.length > 0,
  );

export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
}

/** What the JSON files of a folder say, as text; one that goes meanwhile is none of them. */
export function jsonIn(folder: string): string[] {
  return filesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        return [readFileSync(`${folder}/${name}`, 'utf8')];
      } catch {
        return [];
      }
    });
}

export const spooled = (dataDir: string) =>
  filesIn(`${dataDir}/spool`).filter((name) => name.endsWith('.bson'));

/** The first turn that is kept in DATA_DIR: what was pushed before it is stored. */
export const firstSpooled = (dataDir: string): number =>
  Math.min(...spooled(dataDir).map((name) => Number.parseInt(path.basename(name), 10)));

export const moreIsSpooledThan = (dataDir: string, count: number) =>
  until(
    `more than ${count} cycles kept in DATA_DIR`,
    () => spooled(dataDir).length,
    (kept) => kept > count,
  );

export const nothingIsSpooled = (dataDir: string) =>
  until(
    'the cycles kept in DATA_DIR to be stored',
    () => spooled(dataDir).length,
    (kept) => kept === 0,
  );
