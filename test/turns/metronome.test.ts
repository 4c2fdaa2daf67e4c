import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  after,
  completed,
  failed,
  INTERVAL,
  metronomeOver,
  skipped,
} from '../support/scripted-runner.js';
import { TurnTally } from '../../src/turns/turn-tally.js';

describe('the metronome', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('begins a turn at once and then every interval, whatever a turn takes', async () => {
    const { runner, metronome } = metronomeOver(async (n) => {
      await after(1_000);
      return completed(n);
    });
    metronome.start();
    await vi.advanceTimersByTimeAsync(3 * INTERVAL + 10);
    expect(runner.starts).toEqual([0, INTERVAL, 2 * INTERVAL, 3 * INTERVAL]);
  });

  it('keeps its beat where the event loop was held as a turn was due', async () => {
    const { runner, metronome } = metronomeOver((n) => completed(n));
    metronome.start();
    // Just before each turn something holds the loop for 20 ms: timers fire late by as much.
    for (let n = 1; n <= 3; n++) {
      await vi.advanceTimersByTimeAsync(n * INTERVAL - 1 - Date.now());
      vi.setSystemTime(Date.now() + 20);
      await vi.advanceTimersByTimeAsync(100);
    }
    await metronome.stop(0);
    expect(runner.starts).toHaveLength(4);
    for (const [n, start] of runner.starts.entries()) {
      expect(start - n * INTERVAL).toBeLessThanOrEqual(21);
    }
  });

  it('makes the next turn late when one outlasts the interval, never two at once', async () => {
    const { runner, metronome } = metronomeOver(async (n) => {
      await after(n === 1 ? 20_000 : 10);
      return completed(n);
    });
    metronome.start();
    await vi.advanceTimersByTimeAsync(30_000);
    // A timer takes at least a millisecond.
    expect(runner.starts).toEqual([0, 20_001, 28_001]);
    expect(runner.mostAtOnce).toBe(1);
  });

  it('says which turns begin late and why, not those that a failure put off', async () => {
    const { metronome, reports } = metronomeOver(async (n) => {
      if (n === 1) await after(20_000);
      return n === 3 ? failed('EXCHANGE_BANNED', 120_000) : completed(n);
    });
    metronome.start();
    await vi.advanceTimersByTimeAsync(200_000);
    const tally = new TurnTally();
    for (const report of reports) tally.add(report);
    expect(reports.slice(0, 4).map(({ late }) => late?.message ?? null)).toEqual([
      null,
      'it began 12.0 s after it was due: the turn before took 20.0 s',
      null,
      null,
    ]);
    expect(tally.late).toBe(1);
    expect(tally.lastLate).toMatchObject({ code: 'LATE', at: 20_001 });
    expect(tally.of('FAILED')).toBe(1);
    expect(tally.of('COMPLETED')).toBe(reports.length - 1);
  });

  it('doubles the pauses after failures up to 30 s, and is back at its pace after a success', async () => {
    const { runner, metronome } = metronomeOver((n) => (n < 6 ? failed('X') : completed(n)));
    metronome.start();
    await vi.advanceTimersByTimeAsync(200_000);
    const pauses = runner.starts.slice(1).map((at, i) => at - (runner.starts[i] as number));
    expect(pauses.slice(0, 7)).toEqual([8_000, 16_000, 30_000, 30_000, 30_000, 8_000, 8_000]);
  });

  it('waits until the time that the exchange named', async () => {
    const { runner, metronome } = metronomeOver((n) =>
      n === 1 ? failed('EXCHANGE_BANNED', 120_000) : completed(n),
    );
    metronome.start();
    await vi.advanceTimersByTimeAsync(1);
    expect(metronome.status()).toMatchObject({
      nextTurnAt: 120_000,
      lastFailure: { code: 'EXCHANGE_BANNED', retryAt: 120_000 },
    });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(runner.starts).toEqual([0, 120_000]);
  });

  it('stays alive after a fault that nobody foresaw', async () => {
    const { runner, metronome } = metronomeOver((n) => {
      if (n === 1) throw new TypeError('a bug');
      return completed(n);
    });
    metronome.start();
    await vi.advanceTimersByTimeAsync(INTERVAL);
    expect(runner.starts).toEqual([0, INTERVAL]);
    expect(metronome.status().lastFailure).toMatchObject({ code: 'INTERNAL' });
    expect(metronome.status().lastFailure?.message).not.toContain('bug');
  });

  it('ends with the recording, and says so', async () => {
    const { runner, metronome } = metronomeOver((n) =>
      n === 1
        ? completed(n)
        : { kind: 'ENDED', failure: { at: 0, code: 'REPLAY_ENDED', message: 'it is over' } },
    );
    metronome.start();
    await vi.advanceTimersByTimeAsync(10 * INTERVAL);
    expect(runner.starts).toHaveLength(2);
    expect(metronome.status()).toMatchObject({ nextTurnAt: null, warnings: ['it is over'] });
  });

  it('runs a turn at once that was skipped for want of the database, once that is back', async () => {
    const { runner, metronome } = metronomeOver((n) =>
      n === 1 ? skipped('DATABASE_UNAVAILABLE') : completed(n),
    );
    metronome.start();
    await vi.advanceTimersByTimeAsync(100);
    metronome.databaseIsBack();
    metronome.databaseIsBack();
    await vi.advanceTimersByTimeAsync(100);
    // It is back again, and no turn waits for that.
    metronome.databaseIsBack();
    await vi.advanceTimersByTimeAsync(INTERVAL);
    expect(runner.starts.slice(0, 2)).toEqual([0, 100]);
    expect(runner.starts).toHaveLength(3);
  });

  it.each([
    ['was skipped for another reason', skipped('ACCOUNT_UNREADABLE')],
    ['failed', failed('EXCHANGE_TIMEOUT')],
    ['completed', completed(1)],
  ])(
    'keeps the pace after a turn that %s, whenever the database is back',
    async (_words, first) => {
      const { runner, metronome } = metronomeOver((n) => (n === 1 ? first : completed(n)));
      metronome.start();
      await vi.advanceTimersByTimeAsync(100);
      metronome.databaseIsBack();
      await vi.advanceTimersByTimeAsync(INTERVAL);
      expect(runner.starts).toEqual([0, INTERVAL]);
    },
  );

  it('starts no second turn beside one that is under way when the database is back', async () => {
    const { runner, metronome } = metronomeOver(async (n) => {
      if (n === 2) await after(3_000);
      return n === 1 ? skipped('DATABASE_UNAVAILABLE') : completed(n);
    });
    metronome.start();
    await vi.advanceTimersByTimeAsync(INTERVAL + 100);
    metronome.databaseIsBack();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runner.starts).toEqual([0, INTERVAL]);
  });

  it('starts none once it is stopped, also where the database is back then', async () => {
    const { runner, metronome } = metronomeOver(() => skipped('DATABASE_UNAVAILABLE'));
    metronome.start();
    await vi.advanceTimersByTimeAsync(100);
    await metronome.stop(0);
    metronome.databaseIsBack();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runner.starts).toEqual([0]);
  });

  it('finishes the turn under way when it is stopped, and starts no other', async () => {
    const aborted: boolean[] = [];
    const { runner, metronome } = metronomeOver(async (n, signal) => {
      await after(3_000);
      aborted.push(signal.aborted);
      return completed(n);
    });
    metronome.start();
    await vi.advanceTimersByTimeAsync(1_000);
    const stopped = metronome.stop(5_000);
    await vi.advanceTimersByTimeAsync(60_000);
    await stopped;
    expect(runner.starts).toEqual([0]);
    expect(aborted).toEqual([false]);
  });

  it('ends the reading of a hanging exchange once the grace is over', async () => {
    const { metronome } = metronomeOver(
      (_n, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(failed('EXCHANGE_TIMEOUT')));
        }),
    );
    metronome.start();
    await vi.advanceTimersByTimeAsync(10);
    const stopped = metronome.stop(5_000);
    await vi.advanceTimersByTimeAsync(5_000);
    await stopped;
    expect(metronome.status().nextTurnAt).toBeNull();
  });
});
