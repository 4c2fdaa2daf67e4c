import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { CycleFeed } from '../../src/pipeline/cycle-feed.js';
import type { CycleStore } from '../../src/pipeline/ports.js';
import { frameAt } from '../support/scripted-market.js';

const UNIVERSE = ['USDT', 'BTC', 'ETH'];

function figuresOf(turn: number): CycleFigures {
  return composeCycle({
    turn,
    startedAt: turn,
    completedAt: turn,
    exchange: 'SIMULATED',
    universe: UNIVERSE,
    frame: frameAt(1_700_000_000_000 + turn, turn),
    holdings: { source: 'PAPER', balances: [] },
    config: { ...defaultSettings(UNIVERSE), version: 1, updatedAt: 0 },
    staleAfterMs: 1,
    previous: null,
  });
}

/** What is stored, with every read counted. */
function storeOf(stored: Map<number, Cycle>) {
  const reads = { byTurns: 0, range: 0 };
  const store: CycleStore = {
    latest: () => Promise.resolve([...stored.values()].at(-1) ?? null),
    byTurns: (turns) => {
      reads.byTurns++;
      return Promise.resolve(turns.flatMap((turn) => stored.get(turn) ?? []));
    },
    range: ({ afterTurn = 0, limit }) => {
      reads.range++;
      const turns = [...stored.keys()].filter((turn) => turn > afterTurn).sort((a, b) => a - b);
      return Promise.resolve(turns.slice(0, limit).map((turn) => stored.get(turn) as Cycle));
    },
    count: () => Promise.resolve(0),
    span: () => Promise.resolve(null),
    save: () => Promise.resolve('SAVED' as const),
    remove: () => Promise.resolve(),
    removeThrough: () => Promise.resolve(0),
  };
  return { store, reads };
}

describe('the cycle feed', () => {
  it('gives a follower every turn once and in order, however slow it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 }),
        async (turns, from, pauses) => {
          const stored = new Map<number, Cycle>();
          const feed = new CycleFeed(storeOf(stored).store);
          const abort = new AbortController();
          const seen: number[] = [];
          const following = (async () => {
            for await (const { cycle } of feed.follow(Math.min(from, turns), abort.signal)) {
              seen.push(cycle.turn);
              for (let i = 0; i < (pauses[cycle.turn - 1] ?? 0); i++) await Promise.resolve();
              if (cycle.turn === turns) return;
            }
          })();
          for (let turn = 1; turn <= turns; turn++) {
            const figures = figuresOf(turn);
            stored.set(turn, figures.cycle);
            feed.announce(figures);
            if (turn % 3 === 0) await Promise.resolve();
          }
          if (from >= turns) abort.abort();
          await following;
          const first = Math.min(from, turns) + 1;
          expect(seen).toEqual(Array.from({ length: turns - first + 1 }, (_, i) => first + i));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('ends a follower that waits when its signal is aborted', async () => {
    const feed = new CycleFeed(storeOf(new Map()).store);
    const abort = new AbortController();
    const next = feed.follow(0, abort.signal).next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('answers for the newest turns from memory, and for older ones with one read', async () => {
    const stored = new Map<number, Cycle>();
    const { store, reads } = storeOf(stored);
    const feed = new CycleFeed(store);
    for (let turn = 1; turn <= 30; turn++) {
      const figures = figuresOf(turn);
      stored.set(turn, figures.cycle);
      feed.announce(figures);
    }
    expect((await feed.load([30, 29]))[0]?.cycle.turn).toBe(30);
    expect(reads.byTurns).toBe(0);
    const found = await feed.load([1, 30, 2, 99]);
    expect(found.map((figures) => figures?.cycle.turn ?? null)).toEqual([1, 30, 2, null]);
    expect(reads.byTurns).toBe(1);
  });

  it('goes on after turns that were purged while a follower was behind', async () => {
    const stored = new Map<number, Cycle>();
    const feed = new CycleFeed(storeOf(stored).store);
    for (const turn of [1, 2, 3]) feed.announce(figuresOf(turn));
    feed.forget();
    const abort = new AbortController();
    const follower = feed.follow(0, abort.signal);
    const next = follower.next();
    const figures = figuresOf(4);
    stored.set(4, figures.cycle);
    feed.announce(figures);
    expect((await next).value?.cycle.turn).toBe(4);
    await follower.return();
  });
});
