import type { Client } from 'graphql-sse';
import { onTestFinished } from 'vitest';
import { launchApp, type RunningApp } from './app.js';
import { useDatabase } from './database.js';
import { EventReader } from './event-reader.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';

/** Each cycle from now on. */
export const LIVE = 'subscription { cycleCompleted { turn } }';

/** Servers with a turn every 50 ms, for the tests of one file about event streams. */
export class EventStreamsPlace {
  readonly #database = useDatabase();
  #run = 0;

  /** A server on a database of its own, unless the settings name another; the caller ends it. */
  start(settings: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
    const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
    return launchApp(
      {
        MONGO_URI: this.#database.engine.uri,
        DATABASE_NAME: `events_${process.pid}_${++this.#run}`,
        DATA_DIR: this.#database.dataDir,
        ASSETS: 'USDT,BTC,ETH',
        CYCLE_INTERVAL_MS: '50',
        ...settings,
      },
      { market },
    );
  }
}

/** So many numbers, each one more than that before. */
export function countFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => first + n);
}

interface Cycle {
  readonly cycleCompleted: { readonly turn: number };
}

/** The turns that graphql-sse's own client is given, until there are so many. */
export async function turnsOf(
  client: Client,
  query: string,
  count: number,
  given: (turn: number) => void,
) {
  const turns: number[] = [];
  for await (const { data } of client.iterate<Cycle>({ query, variables: {} })) {
    const turn = data?.cycleCompleted.turn ?? 0;
    turns.push(turn);
    given(turn);
    if (turns.length === count) break;
  }
  return turns;
}

/** A stream that is read by hand; it is closed with the test. */
export async function open(
  app: RunningApp,
  body: object,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const reader = await EventReader.open(app, body, headers);
  onTestFinished(() => reader.close());
  return reader;
}
