import { describe, expect, it } from 'vitest';
import { query } from '../support/app.js';
import { startServer, type ServerProcess } from '../support/process.js';
import { RawSocket } from '../support/socket.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached, untilNotFresh } from '../support/turns.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;

function start(folder: string): Promise<ServerProcess> {
  const settings = { DATA_DIR: `${folder}/data`, CYCLE_INTERVAL_MS: '100', LOG_LEVEL: 'warn' };
  return startServer(settings, folder);
}

/** Collects the turns that a server pushes, all from the first on. */
async function listen(server: ServerProcess): Promise<number[]> {
  const turns: number[] = [];
  const socket = await RawSocket.open(server);
  socket.subscribe('subscription { cycleCompleted(after: 0) { turn } }');
  void (async () => {
    for (;;) {
      const message = (await socket.next()) as {
        payload: { data: { cycleCompleted: { turn: number } } };
      };
      turns.push(message.payload.data.cycleCompleted.turn);
    }
  })().catch(() => undefined);
  return turns;
}

const countTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);
const latestOf = (turns: readonly number[]) => turns.at(-1) ?? 0;

describe('several instances on one database', () => {
  it(
    'run each turn once and push every turn to all, whichever of them is paused or killed',
    async () => {
      const folder = temporaryFolder();
      const servers = [await start(folder), await start(folder), await start(folder)] as const;
      const seen = await Promise.all(servers.map(listen));
      const reach = (who: readonly number[], turn: number) =>
        until(
          `turn ${turn} to be pushed`,
          () => latestOf(who),
          (latest) => latest >= turn,
        );
      await Promise.all(seen.map((turns) => reach(turns, 10)));

      // The first one to start runs the turns. Paused, it loses them to another, and wakes up behind.
      const [first, second] = servers;
      first.signal('SIGSTOP');
      const pausedAt = latestOf(seen[1] as number[]);
      await reach(seen[1] as number[], pausedAt + 20);
      await reach(seen[2] as number[], pausedAt + 20);
      first.signal('SIGCONT');
      await reach(seen[0] as number[], pausedAt + 30);

      await second.killTree();
      const killedAt = latestOf(seen[2] as number[]);
      await Promise.all([0, 2].map((n) => reach(seen[n] as number[], killedAt + 25)));
      for (const turns of seen) expect(turns).toEqual(countTo(latestOf(turns)));
    },
    2 * MINUTE,
  );

  it(
    'have a turn run by whichever runs them, and learn of new settings from each other',
    async () => {
      const folder = temporaryFolder();
      const settings = { DATA_DIR: `${folder}/data`, CYCLE_INTERVAL_MS: '3600000' };
      const servers = [await startServer(settings, folder), await startServer(settings, folder)];
      const [one, other] = servers as [ServerProcess, ServerProcess];
      for (const server of servers) await turnReached(server, 1);
      for (const [n, server] of [other, one, other].entries()) {
        for (const each of servers) await turnReached(each, n + 1);
        await untilNotFresh(server);
        const run = 'mutation { runCycle { ran cycle { turn } userErrors { message } } }';
        const { data, errors } = await query<{ runCycle: unknown }>(server, run);
        expect(errors).toBeUndefined();
        expect(data?.runCycle).toEqual({ ran: true, cycle: { turn: n + 2 }, userErrors: [] });
      }
      const socket = await RawSocket.open(one);
      socket.subscribe('subscription { strategyConfigUpdated { version tier } }');
      // Operations of one socket are begun in order.
      await socket.run('{ strategyConfig { version } }');
      await query(
        other,
        'mutation { updateStrategyConfig(input: { tier: AGGRESSIVE }) { userErrors { message } } }',
      );
      const told = await until(
        'the settings of the other instance',
        () => socket.next(),
        ({ id }) => id === '1',
      );
      expect(told['payload']).toEqual({
        data: { strategyConfigUpdated: { version: 2, tier: 'AGGRESSIVE' } },
      });
      socket.close();
    },
    2 * MINUTE,
  );
});
