import { describe, expect, it } from 'vitest';
import { launchApp, query } from '../support/app.js';
import { SettableClock } from '../support/clock.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;
const INTERVAL_MS = 400;
const database = useDatabase();

interface Stand {
  readonly latestTurn: number;
  readonly nextCycleAt: string | null;
  readonly warnings: readonly string[];
}

/** The whole system with a clock that a test sets. */
async function startOn(name: string) {
  const clock = new SettableClock();
  const moving = (n: number) => observed(frameAt(1_700_000_000_000 + n * 1_000, n));
  const market = new ScriptedMarket(moving);
  const settings = {
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `clock_${process.pid}_${name}`,
    DATA_DIR: database.dataDir,
    ASSETS: 'USDT,BTC,ETH',
    CYCLE_INTERVAL_MS: String(INTERVAL_MS),
  };
  const app = await launchApp(settings, { market, clock });
  const stand = async (): Promise<Stand> => {
    const { data } = await query<{ status: Stand }>(
      app,
      '{ status { latestTurn nextCycleAt warnings } }',
    );
    if (!data) throw new Error('no status');
    return data.status;
  };
  const turnsGoOn = async (count: number): Promise<Stand> => {
    const { latestTurn } = await stand();
    return until(
      `${count} turns after ${latestTurn}`,
      stand,
      (now) => now.latestTurn >= latestTurn + count,
    );
  };
  const readiness = async () => (await fetch(`${app.url}/readyz`)).json();
  return { app, clock, market, moving, stand, turnsGoOn, readiness };
}

describe('the whole system, while its wall clock is set', () => {
  it('goes on with its turns, and says nothing that is not so', async () => {
    const { app, clock, market, moving, stand, turnsGoOn, readiness } = await startOn('set');
    await turnsGoOn(2);
    for (const byMs of [-HOUR, 24 * HOUR, -40 * 24 * HOUR, HOUR, -1_500]) {
      // In the midst of a turn.
      market.answerWith((n) => {
        market.answerWith(moving);
        clock.set(byMs);
        return moving(n);
      });
      await turnsGoOn(3);
      const planned = await until('a next cycle', stand, ({ nextCycleAt }) => nextCycleAt !== null);
      const nextIn = Date.parse(planned.nextCycleAt ?? '') - clock.now();
      expect(Math.abs(nextIn)).toBeLessThan(60_000);
      // At this pace a busy machine may miss three intervals; what it says then has an end.
      await until('readiness', readiness, (answer) => JSON.stringify(answer).includes('"ready"'));
      await until('no warning', stand, ({ warnings }) => warnings.length === 0);
    }
    await app.stop();
  });

  it('says that turns stand still, whatever the reason', async () => {
    const { app, clock, market, moving, stand, turnsGoOn, readiness } = await startOn('still');
    await turnsGoOn(1);
    let answer: (result: ReturnType<typeof moving>) => void = () => undefined;
    market.answerWith(() => new Promise((resolve) => (answer = resolve)));
    // So that the stored cycles seem to be of the future.
    clock.set(-HOUR);
    const { warnings } = await until('a warning', stand, (now) => now.warnings.length > 0);
    expect(warnings.join()).toMatch(
      /^Turns stand still: the last cycle was completed \d+ s ago: the turn under way began \d+ s ago$/,
    );
    expect(await readiness()).toMatchObject({
      status: 'not ready',
      faults: [expect.stringMatching(/completed \d+ s ago: the turn under way began/)],
    });
    market.answerWith(moving);
    answer(moving(50));
    await until('no warning', stand, (now) => now.warnings.length === 0);
    await app.stop();
  });
});
