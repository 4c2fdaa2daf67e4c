import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import type { CycleFeed } from '../../src/feeds/cycle-feed.js';
import type { MetronomeStatus } from '../../src/turns/metronome.js';
import { TurnWatch } from '../../src/turns/turn-watch.js';
import { keptLogger } from '../support/logs.js';

const INTERVAL = 8_000;
const HOUR = 3_600_000;

function watchOver(given: Partial<MetronomeStatus> = {}, latest: Cycle | null = null) {
  let ahead = 1_700_000_000_000;
  const monotonic = (): number => Date.now();
  const clock = { monotonic, now: () => monotonic() + ahead };
  const lease = { isHeld: true, wasAlone: false, releases: 0 };
  let status: MetronomeStatus = {
    nextTurnAt: null,
    lastFailure: null,
    isFollowing: false,
    hindrance: null,
    hasEnded: false,
    warnings: [],
    ...given,
  };
  let isSilent = false;
  let turn: Parameters<CycleFeed['onTurn']>[0] = () => undefined;
  const lines: string[] = [];
  const watch = new TurnWatch({
    feed: { onTurn: (listener) => (turn = listener) },
    metronome: { status: () => status },
    lease: {
      get isHeld() {
        return lease.isHeld;
      },
      get wasAlone() {
        return lease.wasAlone;
      },
      release() {
        lease.isHeld = false;
        lease.releases++;
        return Promise.resolve();
      },
    },
    clock,
    log: keptLogger((line) => lines.push(line)),
    intervalMs: INTERVAL,
    isSilent: () => isSilent,
  });
  watch.start(latest);
  return {
    watch,
    lease,
    lines,
    clock,
    complete(this: void, tookMs = 500) {
      const cycle = { startedAt: clock.now() - tookMs, completedAt: clock.now() };
      turn({ cycle } as Parameters<typeof turn>[0]);
    },
    set: (byMs: number) => (ahead += byMs),
    is: (change: Partial<MetronomeStatus>) => (status = { ...status, ...change }),
    silence: () => (isSilent = true),
  };
}

describe('turns that stand still', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 5_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are said to after three intervals, with the reason, and no more after the next turn', () => {
    const { watch, complete, is, lines } = watchOver();
    complete();
    vi.advanceTimersByTime(3 * INTERVAL);
    expect(watch.standstill).toBeNull();
    is({ hindrance: 'the turn under way began 24 s ago' });
    vi.advanceTimersByTime(1_000);
    const words = 'the last cycle was completed 25 s ago: the turn under way began 24 s ago';
    expect(watch.standstill).toBe(words);
    expect(watch.age).toBe(words);
    vi.advanceTimersByTime(10_000);
    expect(lines.filter((line) => line.includes('turns stand still'))).toHaveLength(1);
    complete();
    expect(watch.standstill).toBeNull();
    expect(watch.age).toBeNull();
  });

  it('are said to in an instance that has seen none at all, and in one that only follows', () => {
    const { watch, lease, is } = watchOver();
    lease.isHeld = false;
    is({ isFollowing: true, hindrance: 'another instance is to run the turns' });
    vi.advanceTimersByTime(3 * INTERVAL + 1_000);
    expect(watch.standstill).toBe(
      'no cycle was completed in 25 s: another instance is to run the turns',
    );
    expect(lease.releases).toBe(0);
  });

  it('are neither made up nor hidden by a wall clock that is set', () => {
    const { watch, complete, set, clock } = watchOver();
    complete();
    for (const byMs of [-HOUR, 40 * 24 * HOUR, -24 * HOUR]) {
      set(byMs);
      vi.advanceTimersByTime(2_000);
      expect(watch.age).toBeNull();
      const nextIn = watch.nextTurnAt - clock.now();
      expect(nextIn).toBeGreaterThan(0);
      expect(nextIn).toBeLessThanOrEqual(INTERVAL);
    }
    set(-HOUR);
    vi.advanceTimersByTime(3 * INTERVAL);
    expect(watch.age).toMatch(/30 s ago/);
  });

  it('are told of the newest stored cycle at a start, which has three intervals of its own', () => {
    const old = { startedAt: 0, completedAt: 1_700_000_000_000 - HOUR } as Cycle;
    const { watch } = watchOver({}, old);
    expect(watch.age).toMatch(/^the last cycle was completed 3605 s ago/);
    expect(watch.standstill).toBeNull();
    // One that was completed by a clock that was ahead.
    const ahead = { startedAt: 0, completedAt: 1_700_000_000_000 + HOUR } as Cycle;
    expect(watchOver({}, ahead).watch.age).toBeNull();
  });

  it('are left to another instance after a minute, where one waits', () => {
    const { lease } = watchOver();
    vi.advanceTimersByTime(59_000);
    expect(lease.releases).toBe(0);
    vi.advanceTimersByTime(3_000);
    expect(lease.releases).toBe(1);
    // Whoever gets it again has a minute of its own.
    lease.isHeld = true;
    vi.advanceTimersByTime(59_000);
    expect(lease.releases).toBe(1);
  });

  it('stay where no other could run them: alone, banned by the exchange, at a recording’s end', () => {
    const alone = watchOver();
    alone.lease.wasAlone = true;
    const banned = watchOver();
    banned.silence();
    const over = watchOver({ hasEnded: true });
    vi.advanceTimersByTime(HOUR);
    for (const { lease } of [alone, banned, over]) expect(lease.releases).toBe(0);
  });

  it('are not left while turns complete', () => {
    const { lease, complete } = watchOver();
    for (let turn = 0; turn < 100; turn++) {
      complete();
      vi.advanceTimersByTime(INTERVAL);
    }
    expect(lease.releases).toBe(0);
  });
});
