import { expect, it } from 'vitest';
import { query, startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { temporaryFolder } from '../support/temporary.js';
import { runTurn, turnReached } from '../support/turns.js';

const database = useDatabase();

interface Run {
  runCycle: { ran: boolean; cycle: { turn: number } } | null;
}
const RUN = 'mutation { runCycle { ran cycle { turn } } }';

it('a follower that is asked for a turn just after one gets that one, as on the leader', async () => {
  const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 1_000, n)));
  const start = () =>
    startApp(
      {
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: 'elsewhere',
        DATA_DIR: temporaryFolder(),
        ASSETS: 'USDT,BTC,ETH',
        CYCLE_INTERVAL_MS: '86400000',
      },
      market,
    );
  const leader = await start();
  await turnReached(leader, 1);
  const follower = await start();
  await turnReached(follower, 1);
  for (let n = 0; n < 3; n++) {
    const turn = await runTurn(leader);
    await turnReached(follower, turn);
    const { data, errors } = await query<Run>(follower, RUN);
    expect(errors).toBeUndefined();
    // On a machine that is so busy that a second has passed it is the next one.
    const run = data?.runCycle;
    expect([turn, turn + 1]).toContain(run?.cycle.turn);
    expect(run?.ran).toBe(run?.cycle.turn !== turn);
  }
});
