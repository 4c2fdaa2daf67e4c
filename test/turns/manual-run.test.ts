import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Metronome } from '../../src/turns/metronome.js';
import type { TurnRunner } from '../../src/turns/turn-runner.js';
import { keptLogger } from '../support/logs.js';
import {
  after,
  completed,
  INTERVAL,
  metronomeOver,
  ScriptedRunner,
} from '../support/scripted-runner.js';

describe('a manual run', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs one turn for any number of callers at the same instant', async () => {
    const { runner, metronome } = metronomeOver(async (n) => {
      await after(50);
      return completed(n);
    });
    metronome.start();
    await vi.advanceTimersByTimeAsync(5_000);
    const runs = Promise.all(Array.from({ length: 100 }, () => metronome.runNow()));
    await vi.advanceTimersByTimeAsync(100);
    for (const run of await runs) {
      expect(run).toMatchObject({ ok: true, ran: true, figures: { cycle: { turn: 2 } } });
    }
    expect(runner.starts).toEqual([0, 5_000]);
    await vi.advanceTimersByTimeAsync(INTERVAL);
    expect(runner.starts).toEqual([0, 5_000, 5_000 + INTERVAL]);
  });

  it('gives the last turn to a manual run within a second of it', async () => {
    const { runner, metronome } = metronomeOver((n) => completed(n));
    metronome.start();
    await vi.advanceTimersByTimeAsync(900);
    expect(await metronome.runNow()).toMatchObject({ ok: true, ran: false });
    await vi.advanceTimersByTimeAsync(200);
    expect(await metronome.runNow()).toMatchObject({ ok: true, ran: true });
    expect(runner.starts).toEqual([0, 1_100]);
  });

  it('counts that second by itself, whatever a wall clock says that is set back', async () => {
    const runner = new ScriptedRunner((n) => completed(n));
    let set = 0;
    const metronome = new Metronome({
      runner: runner as unknown as TurnRunner,
      clock: { now: () => Date.now() + set, monotonic: () => Date.now() },
      log: keptLogger(),
      intervalMs: 60_000,
    });
    metronome.start();
    await vi.advanceTimersByTimeAsync(500);
    set = -3_600_000;
    expect(await metronome.runNow()).toMatchObject({ ok: true, ran: false });
    await vi.advanceTimersByTimeAsync(600);
    expect(await metronome.runNow()).toMatchObject({ ok: true, ran: true });
  });

  it('gives no turn to a manual run that it was told to forget', async () => {
    const { runner, metronome } = metronomeOver((n) => completed(n));
    metronome.start();
    await vi.advanceTimersByTimeAsync(10);
    metronome.forgetLast();
    const figures = { cycle: { turn: 2 } };
    expect(await metronome.runNow()).toMatchObject({ ok: true, ran: true, figures });
    expect(runner.starts).toEqual([0, 10]);
  });
});
