import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { query } from '../support/app.js';
import { startServer } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SETTABLE = new URL('../support/settable-clock.mjs', import.meta.url).href;

interface Stand {
  readonly latestTurn: number;
  readonly nextCycleAt: string | null;
  readonly exchange: { readonly clockOffsetMs: number | null };
}

describe('a server whose wall clock is set', () => {
  it(
    'goes on with its turns, on time, and keeps what it has stored',
    async () => {
      const folder = temporaryFolder();
      const clockFile = `${folder}/clock`;
      const settings = {
        DATA_DIR: `${folder}/data`,
        CYCLE_INTERVAL_MS: '60',
        LOG_LEVEL: 'warn',
        NODE_OPTIONS: `--import=${SETTABLE}`,
        CLOCK_FILE: clockFile,
      };
      const server = await startServer(settings, folder);
      const stand = async (): Promise<Stand> => {
        const { data } = await query<{ status: Stand }>(
          server,
          '{ status { latestTurn nextCycleAt exchange { clockOffsetMs } } }',
        );
        if (!data) throw new Error('no status');
        return data.status;
      };
      const set = (aheadMs: number): void => {
        writeFileSync(clockFile, String(aheadMs));
        server.signal('SIGUSR2');
      };
      // Back by an hour, again and again, so that many a turn is met in its midst.
      for (let hours = 1; hours <= 60; hours++) {
        set(-hours * HOUR);
        // Shorter than an interval, and no part of it.
        await pause(23);
      }
      for (const aheadMs of [0, -HOUR, 2 * HOUR, 40 * DAY, -DAY, 0]) {
        const { latestTurn } = await stand();
        set(aheadMs);
        await until(
          `ten turns after ${latestTurn}`,
          stand,
          (now) => now.latestTurn >= latestTurn + 10,
        );
        const { nextCycleAt, exchange } = await until(
          "a next cycle, and the exchange's clock",
          stand,
          (now) => now.nextCycleAt !== null && now.exchange.clockOffsetMs !== null,
        );
        const nextIn = Date.parse(nextCycleAt ?? '') - aheadMs - Date.now();
        expect(Math.abs(nextIn)).toBeLessThan(60_000);
        // The simulated exchange stands on the same machine.
        expect(Math.abs(exchange.clockOffsetMs ?? NaN)).toBeLessThan(60_000);
        const ready = async () => (await fetch(`${server.url}/readyz`)).status;
        await until('readiness', ready, (status) => status === 200);
      }
      const { data } = await query<{ cycles: { nodes: { turn: number }[] } }>(
        server,
        '{ cycles(first: 100) { nodes { turn } } }',
      );
      const turns = data?.cycles.nodes.map(({ turn }) => turn) ?? [];
      expect(turns).toEqual(turns.map((_, index) => (turns[0] ?? 0) - index));
    },
    5 * 60_000,
  );
});
