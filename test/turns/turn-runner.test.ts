import { describe, expect, it } from 'vitest';
import type { CycleStore } from '../../src/history/cycle-store.js';
import { purgeCycles } from '../../src/cluster/maintenance.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { readable } from '../../src/history/stored-cycle.js';
import { MATRIX_KINDS } from '../../src/domain/matrix.js';
import { CycleFigures } from '../../src/domain/cycle.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { runnerOn, turnOf } from '../support/runner.js';

const NEVER = new AbortController().signal;
const database = useDatabase();

const moving = () => new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 1000, n)));

describe('a turn', () => {
  it('counts on by one, also after a restart', async () => {
    const open = await database.open();
    const first = runnerOn(open, moving());
    for (const turn of [1, 2, 3]) expect(turnOf(await first.runner.run(NEVER))).toBe(turn);
    const restarted = runnerOn(open, moving());
    expect(turnOf(await restarted.runner.run(NEVER))).toBe(4);
    expect(await open.cycles.span()).toEqual({ oldest: 1, latest: 4 });
  });

  it('is told to the other instances once it is stored, and not where it was none', async () => {
    const open = await database.open();
    const market = moving();
    const { runner, told } = runnerOn(open, market);
    await runner.run(NEVER);
    market.answerWith(() => refused('EXCHANGE_ERROR'));
    await runner.run(NEVER);
    market.answerWith((n) => observed(frameAt(1_700_000_000_000 + n * 1000, n)));
    await runner.run(NEVER);
    expect(told).toEqual([
      { kind: 'TURN', turn: 1 },
      { kind: 'TURN', turn: 2 },
    ]);
  });

  it('that another instance runs is no matter of this one: its market is neither asked nor in trouble', async () => {
    const market = moving();
    const open = await database.open();
    const { runner } = runnerOn(open, market, open.cycles, {
      state: 'FOLLOWING',
      retryInMs: 1_000,
    });
    expect(turnOf(await runner.run(NEVER))).toBe('FOLLOWING');
    expect([market.observations, market.rests]).toEqual([0, 1]);
  });

  it('began as long before its end as it took', async () => {
    const market = moving();
    const { runner, pass } = runnerOn(await database.open(), market);
    market.answerWith((n) => {
      pass(250);
      return observed(frameAt(1_700_000_000_000 + n * 1000, n));
    });
    const outcome = await runner.run(NEVER);
    if (outcome.kind !== 'COMPLETED') throw new Error(outcome.kind);
    const { startedAt, completedAt } = outcome.figures.cycle;
    expect(completedAt - startedAt).toBeGreaterThanOrEqual(250);
    expect(completedAt - startedAt).toBeLessThan(350);
  });

  it('derives from the stored document what was published, bit for bit', async () => {
    const open = await database.open();
    const { runner } = runnerOn(open, moving());
    const published: CycleFigures[] = [];
    for (let turn = 1; turn <= 4; turn++) {
      const outcome = await runner.run(NEVER);
      if (outcome.kind === 'COMPLETED') published.push(outcome.figures);
    }
    const stored = (await open.cycles.range({ order: 'OLDEST_FIRST', limit: 10 })).map(readable);
    expect(stored).toEqual(published.map(({ cycle }) => cycle));
    let before: [CycleFigures, CycleFigures] | null = null;
    for (const [index, cycle] of stored.entries()) {
      const live = published[index] as CycleFigures;
      const derived = new CycleFigures(cycle);
      for (const kind of MATRIX_KINDS) {
        const ours = derived.since(before?.[0] ?? null).matrix(kind);
        const theirs = live.since(before?.[1] ?? null).matrix(kind);
        expect(Buffer.from(ours.cells.buffer)).toEqual(Buffer.from(theirs.cells.buffer));
        expect(ours.scale).toBe(theirs.scale);
      }
      expect(derived.strengths).toEqual(live.strengths);
      expect(derived.consistency).toEqual(live.consistency);
      before = [derived, live];
    }
  });

  it('continues quants, lead and luggage over a restart as if it had not happened', async () => {
    const whole = await database.open();
    const split = await database.open();
    const one = runnerOn(whole, moving()).runner;
    for (let turn = 1; turn <= 6; turn++) await one.run(NEVER);
    let observation = 0;
    const market = () =>
      new ScriptedMarket(() => {
        observation++;
        return observed(frameAt(1_700_000_000_000 + observation * 1000, observation));
      });
    for (const part of [market(), market()]) {
      const { runner } = runnerOn(split, part);
      for (let turn = 1; turn <= 3; turn++) await runner.run(NEVER);
    }
    const figures = async (open: OpenDatabase) =>
      (await open.cycles.range({ order: 'OLDEST_FIRST', limit: 10 }))
        .map(readable)
        .map(({ quants, aux, leadPrice }) => ({ quants, aux, leadPrice }));
    expect(await figures(split)).toEqual(await figures(whole));
  });

  it('begins anew when a purge overtakes it, as a first one with the next number', async () => {
    const open = await database.open();
    const market = moving();
    const { runner, feed } = runnerOn(open, market);
    await runner.run(NEVER);
    market.answerWith(async (n) => {
      if (n === 2) expect(await purgeCycles(open)).toBe(1);
      return observed(frameAt(1_700_000_000_000 + n * 1000, n));
    });
    expect(turnOf(await runner.run(NEVER))).toBe(2);
    expect(market.observations).toBe(3);
    expect(readable(await open.cycles.latest())?.previousTurn).toBeNull();
    expect(await feed.span()).toEqual({ oldest: 2, latest: 2 });
  });

  it('begins anew when the database is put back while it runs, after what is left', async () => {
    const open = await database.open();
    const market = moving();
    const { runner, feed } = runnerOn(open, market);
    for (const turn of [1, 2, 3, 4]) expect(turnOf(await runner.run(NEVER))).toBe(turn);
    const rewinds: unknown[] = [];
    feed.onRewind((rewind) => rewinds.push(rewind));
    market.answerWith(async (n) => {
      if (n === 5) for (const turn of [3, 4]) await open.cycles.remove(turn);
      return observed(frameAt(1_700_000_000_000 + n * 1000, n));
    });
    expect(turnOf(await runner.run(NEVER))).toBe(3);
    expect(rewinds).toEqual([{ stands: 2, goesOnAfter: 2 }]);
    expect(readable(await open.cycles.latest())?.previousTurn).toBe(2);
    expect(await open.cycles.span()).toEqual({ oldest: 1, latest: 3 });
  });

  it('leaves the number to another process that took it, and goes on after it', async () => {
    const open = await database.open();
    const [a, b] = [runnerOn(open, moving()), runnerOn(open, moving())];
    expect(turnOf(await a.runner.run(NEVER))).toBe(1);
    expect(turnOf(await b.runner.run(NEVER))).toBe(2);
    expect(turnOf(await a.runner.run(NEVER))).toBe('TURN_TAKEN');
    expect(turnOf(await a.runner.run(NEVER))).toBe(3);
  });

  it('publishes a cycle that was stored although its save seemed to fail', async () => {
    const open = await database.open();
    let lost = true;
    const cycles: CycleStore = Object.create(open.cycles, {
      save: {
        value: async (cycle: Parameters<CycleStore['save']>[0]) => {
          const result = await open.cycles.save(cycle);
          if (!lost) return result;
          lost = false;
          throw new DatabaseUnavailableError('the answer was lost');
        },
      },
      hideBefore: { value: (turn: number) => open.cycles.hideBefore(turn) },
      latest: { value: () => open.cycles.latest() },
      idOf: { value: open.cycles.idOf.bind(open.cycles) },
      ids: { value: open.cycles.ids.bind(open.cycles) },
      confirmed: { value: open.cycles.confirmed.bind(open.cycles) },
      range: { value: (range: Parameters<CycleStore['range']>[0]) => open.cycles.range(range) },
    }) as CycleStore;
    const { runner, feed } = runnerOn(open, moving(), cycles);
    expect(turnOf(await runner.run(NEVER))).toBe('DATABASE_UNAVAILABLE');
    expect(feed.latestTurn).toBe(0);
    expect(turnOf(await runner.run(NEVER))).toBe(2);
    const abort = new AbortController();
    const seen: number[] = [];
    for await (const { turn } of feed.follow(0, abort.signal)) {
      seen.push(turn);
      if (turn === 2) abort.abort();
    }
    expect(seen).toEqual([1, 2]);
  });
});
