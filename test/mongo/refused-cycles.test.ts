import { MongoClient, type Collection } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { CycleRefusedError } from '../../src/history/cycle-store.js';
import { startApp, query } from '../support/app.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
const MADE = chain(6);

describe('a cycle that the database refuses', () => {
  /** Takes no cycle of turn 3 at such prices, as if somebody had made a rule of his own. */
  const RULE = { $or: [{ turn: { $ne: 3 } }, { 'tickers.BTC/USDT': /^9/ }] };

  async function ruled(name: string): Promise<Collection> {
    const client = await MongoClient.connect(database.engine.uri);
    onTestFinished(() => client.close());
    return client.db(name).createCollection('cycle_matrices', { validator: RULE });
  }

  it('is a failed turn, named, and nothing is pushed or kept of it', async () => {
    // The settings of what is simulated add their own word to the name.
    const documents = await ruled('refused_turn_simulated');
    const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 1000, n)));
    const app = await startApp(
      {
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: 'refused_turn',
        DATA_DIR: temporaryFolder(),
        ASSETS: 'USDT,BTC,ETH',
        CYCLE_INTERVAL_MS: '50',
      },
      market,
    );
    interface Answer {
      status: {
        latestTurn: number;
        lastFailure: { code: string; message: string } | null;
        warnings: string[];
      };
    }
    const ask = () =>
      query<Answer>(app, '{ status { latestTurn lastFailure { code message } warnings } }');
    const { data } = await until('a failure', ask, ({ data }) => Boolean(data?.status.lastFailure));
    expect(data?.status).toMatchObject({
      latestTurn: 2,
      lastFailure: {
        code: 'CYCLE_REFUSED',
        message: expect.stringMatching(/refuses the cycle of turn 3: /) as string,
      },
      warnings: expect.arrayContaining([expect.stringMatching(/does not check/)]) as string[],
    });
    // Just after the turn before, it is that one that a caller gets.
    const run = () => query(app, 'mutation { runCycle { ran } }');
    const { errors } = await until(
      'a turn that is refused',
      run,
      (answer) => answer.errors !== undefined,
    );
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      reason: 'CYCLE_REFUSED',
    });
    market.answerWith((n) => observed(frameAt(1_700_000_000_000 + n * 1000, 3_000 + n)));
    await turnReached(app, 5);
    const turns = await documents.distinct('turn');
    expect(turns).toEqual(turns.map((_, at) => at + 1));
  });

  it('is set aside where it was kept, and those after it are stored', async () => {
    const documents = await ruled('refused_kept');
    const { cycles, backlog, replay } = await database.open('refused_kept');
    await cycles.save(MADE[0] as Cycle);
    for (let at = 1; at < MADE.length; at++) {
      await backlog.append({ cycle: MADE[at] as Cycle, after: MADE[at - 1] as Cycle });
    }
    expect(await replay.run(0, 1_000)).toBe('EMPTY');
    expect(await documents.distinct('turn')).toEqual([1, 2, 4, 5, 6]);
    expect(backlog.warnings.join()).toMatch(/1 cycles were pushed and could not be stored/);
    await expect(cycles.save(MADE[2] as Cycle)).rejects.toThrow(CycleRefusedError);
  });
});
