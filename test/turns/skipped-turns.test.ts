import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { runnerOn, turnOf } from '../support/runner.js';

const NEVER = new AbortController().signal;
const database = useDatabase();

const moving = () => new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 1000, n)));

describe('a turn', () => {
  it('is skipped at a first turn without any valid symbol', async () => {
    const open = await database.open();
    const { runner } = runnerOn(
      open,
      new ScriptedMarket(() => observed({ observedAt: 1, tickers: [] })),
    );
    const outcome = await runner.run(NEVER);
    expect(outcome).toMatchObject({ kind: 'SKIPPED', failure: { code: 'TOO_FEW_SYMBOLS' } });
    expect(await open.cycles.span()).toBeNull();
  });

  it("is skipped with fewer than half of the last turn's symbols, and takes no number", async () => {
    const open = await database.open();
    const market = moving();
    const { runner } = runnerOn(open, market);
    await runner.run(NEVER);
    const whole = frameAt(1_700_000_100_000);
    market.answerWith(() => observed({ ...whole, tickers: whole.tickers.slice(0, 1) }));
    expect(await runner.run(NEVER)).toMatchObject({
      kind: 'SKIPPED',
      failure: {
        code: 'TOO_FEW_SYMBOLS',
        message: "only 1 of the last turn's 3 symbols are valid",
      },
    });
    market.answerWith(() => observed({ ...whole, tickers: whole.tickers.slice(0, 2) }));
    expect(turnOf(await runner.run(NEVER))).toBe(2);
  });

  it.each([
    ['while it runs', false],
    ['while nobody looks', true],
  ])(
    'goes on with what is left when most symbols leave %s, and names them',
    async (_when, restart) => {
      const open = await database.open();
      const market = moving();
      const before = runnerOn(open, market).runner;
      await before.run(NEVER);
      const runner = restart ? runnerOn(open, market).runner : before;
      const whole = frameAt(1_700_000_100_000);
      const rest = { ...whole, tickers: whole.tickers.slice(0, 1) };
      market.answerWith(() => observed(rest, undefined, ['BTCUSDT']));
      for (const turn of [2, 3]) {
        expect(turnOf(await runner.run(NEVER))).toBe(turn);
        expect(runner.warnings.join()).toMatch(/no longer lists .*: ETHBTC, ETHUSDT\.$/);
      }
      market.answerWith(() => observed(frameAt(1_700_000_200_000)));
      expect(turnOf(await runner.run(NEVER))).toBe(4);
      expect(runner.warnings).toEqual([]);
    },
  );

  it('is skipped when the account cannot be read, and failed when the exchange is away', async () => {
    const open = await database.open();
    const { runner } = runnerOn(
      open,
      new ScriptedMarket((n) =>
        n === 1 ? refused('ACCOUNT_UNREADABLE') : refused('EXCHANGE_TIMEOUT', 'no answer', 99),
      ),
    );
    expect(await runner.run(NEVER)).toMatchObject({ kind: 'SKIPPED' });
    expect(await runner.run(NEVER)).toMatchObject({
      kind: 'FAILED',
      failure: { code: 'EXCHANGE_TIMEOUT', message: 'no answer' },
      retryInMs: 99,
    });
    expect(await open.cycles.span()).toBeNull();
  });
});
