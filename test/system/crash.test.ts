import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import WebSocket from 'ws';
import { query, type Answer } from '../support/app.js';
import { startServer, type ServerProcess } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';
import { inTime } from '../support/until.js';

const CRASHES = 8;
const MINUTE = 60_000;

interface SeenCycle {
  readonly turn: number;
  readonly observedAt: string;
}

/** Collects every cycle that a server pushes, until the connection breaks. */
function listen({ url }: ServerProcess, seen: SeenCycle[]) {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const first = new Promise<void>((resolve) => {
    client.subscribe<{ cycleCompleted: SeenCycle }>(
      { query: 'subscription { cycleCompleted { turn observedAt } }' },
      {
        next({ data }) {
          if (data) seen.push(data.cycleCompleted);
          resolve();
        },
        error: () => undefined,
        complete: () => undefined,
      },
    );
  });
  return { first };
}

interface Page {
  readonly cycles: {
    readonly nodes: readonly SeenCycle[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

/** All stored cycles, oldest first. */
async function stored(server: ServerProcess): Promise<SeenCycle[]> {
  const cycles: SeenCycle[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { data }: Answer<Page> = await query<Page>(
      server,
      `query ($after: String) { cycles(first: 100, after: $after) {
        nodes { turn observedAt } pageInfo { endCursor hasNextPage }
      } }`,
      { after },
    );
    if (!data) throw new Error('no cycles');
    cycles.push(...data.cycles.nodes);
    after = data.cycles.pageInfo.endCursor;
    more = data.cycles.pageInfo.hasNextPage;
  }
  return cycles.reverse();
}

it(
  `loses no seen cycle, and leaves no gap, when everything is killed ${CRASHES} times`,
  async () => {
    const folder = temporaryFolder();
    const settings = { DATA_DIR: `${folder}/data`, CYCLE_INTERVAL_MS: '200', LOG_LEVEL: 'warn' };
    const seen: SeenCycle[] = [];
    for (let crash = 0; crash < CRASHES; crash++) {
      const server = await startServer(settings, folder);
      await inTime('a first cycle to be pushed', listen(server, seen).first);
      // Moments spread over one interval: between writes, and in the middle of them.
      await pause(200 + (crash * 200) / CRASHES);
      await server.killTree();
    }
    const server = await startServer(settings, folder);
    const cycles = await stored(server);
    await server.killTree();

    expect(cycles.map(({ turn }) => turn)).toEqual(cycles.map((_, index) => index + 1));
    expect(seen.length).toBeGreaterThanOrEqual(CRASHES);
    const byTurn = new Map(cycles.map((cycle) => [cycle.turn, cycle]));
    for (const cycle of seen) expect(byTurn.get(cycle.turn)).toEqual(cycle);
    expect(new Set(seen.map(({ turn }) => turn)).size).toBe(seen.length);
  },
  5 * MINUTE,
);
