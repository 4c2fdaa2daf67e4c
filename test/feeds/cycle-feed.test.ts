import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import { SharedRead } from '../../src/async/shared-read.js';
import { figures } from '../support/cycles.js';

const figuresOf = (turn: number) => figures(turn, null);

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
    saveAll: () => Promise.resolve(0),
    confirmed: (cycles) => Promise.resolve([...cycles]),
    idOf: ({ turn }) => String(turn),
    ids: () => Promise.resolve(new Map()),
    remove: () => Promise.resolve(),
    removeThrough: () => Promise.resolve(0),
    removeOldest: () => Promise.resolve(0),
    hideBefore: () => undefined,
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
            for await (const { turn } of feed.follow(Math.min(from, turns), abort.signal)) {
              seen.push(turn);
              for (let i = 0; i < (pauses[turn - 1] ?? 0); i++) await Promise.resolve();
              if (turn === turns) return;
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
    expect((await feed.load([30, 29]))[0]?.turn).toBe(30);
    expect(reads.byTurns).toBe(0);
    const found = await feed.load([1, 30, 2, 99]);
    expect(found.map((figures) => figures?.turn ?? null)).toEqual([1, 30, 2, null]);
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
    expect((await next).value?.turn).toBe(4);
    await follower.return();
  });

  it('reads what a crowd has missed once, in pages, however each of them goes on', async () => {
    const stored = new Map<number, Cycle>();
    const { store, reads } = storeOf(stored);
    const feed = new CycleFeed(store);
    for (let turn = 1; turn <= 100; turn++) stored.set(turn, figuresOf(turn).cycle);
    feed.announce(figuresOf(100));
    const crowd = Array.from({ length: 50 }, async (_, n) => {
      const turns: number[] = [];
      for (let last = n % 20; last < 100;) {
        const next = await feed.next(last);
        turns.push((last = next?.turn ?? Infinity));
        for (let pause = n % 7; pause > 0; pause--) await Promise.resolve();
      }
      expect(turns).toEqual(Array.from({ length: 100 - (n % 20) }, (_, at) => (n % 20) + 1 + at));
    });
    await Promise.all(crowd);
    expect(reads.range).toBeLessThan(20);
  });

  it('finds every stored turn after another, whatever is missing and whatever is added meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 80 })),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 80 }), fc.boolean())),
        async (turns, questions) => {
          const stored = new Map<number, Cycle>();
          const feed = new CycleFeed(storeOf(stored).store);
          const late = turns.splice(turns.length / 2).sort((a, b) => a - b);
          const newest = Math.max(0, ...turns);
          for (const turn of turns) stored.set(turn, figuresOf(turn).cycle);
          for (const [after, adds] of questions) {
            const added = adds
              ? late.find((turn) => turn > newest && !stored.has(turn))
              : undefined;
            if (added !== undefined) stored.set(added, figuresOf(added).cycle);
            const expected = [...stored.keys()].sort((a, b) => a - b).find((turn) => turn > after);
            expect((await feed.next(after))?.turn).toBe(expected);
          }
        },
      ),
    );
  });

  it('tells of a turn once, however often it is announced', () => {
    const feed = new CycleFeed(storeOf(new Map()).store);
    const told: number[] = [];
    feed.onTurn(({ turn }) => told.push(turn));
    for (const turn of [1, 2, 2, 1, 3]) feed.announce(figuresOf(turn));
    expect(told).toEqual([1, 2, 3]);
  });

  it('shows no turn that is stored and not announced: it may yet be lost', async () => {
    const stored = new Map([1, 2, 3].map((turn) => [turn, figuresOf(turn).cycle]));
    const { store } = storeOf(stored);
    const feed = new CycleFeed({ ...store, span: () => Promise.resolve({ oldest: 1, latest: 3 }) });
    feed.announce(figuresOf(2));
    expect((await feed.load([1, 2, 3])).map((figures) => figures?.turn ?? null)).toEqual([
      1,
      2,
      null,
    ]);
    expect(await feed.span()).toEqual({ oldest: 1, latest: 2 });
  });

  it('reads everything again after a reset of the caches by another instance', async () => {
    const { store, reads } = storeOf(new Map([[1, figuresOf(1).cycle]]));
    const feed = new CycleFeed(store);
    feed.announce(figuresOf(1));
    const control = { purgedThrough: 0, cacheResets: 1, visibleFrom: 1 };
    feed.apply(control);
    await feed.load([1]);
    expect(reads.byTurns).toBe(0);
    feed.apply({ ...control, cacheResets: 2 });
    await feed.load([1]);
    expect(reads.byTurns).toBe(1);
  });

  it('gives what was read, not what memory has of another cycle with its turn', () => {
    const feed = new CycleFeed(storeOf(new Map()).store);
    const known = figuresOf(1);
    feed.announce(known);
    expect(feed.figuresOf(known.cycle)).toBe(known);
    const other = { ...known.cycle, startedAt: known.cycle.startedAt + 1 };
    expect(feed.figuresOf(other).cycle).toBe(other);
  });
});

describe('a read that is shared', () => {
  it('gives everyone what was read after they asked, with at most one read waiting', async () => {
    let value = 0;
    let underWay = 0;
    const answers: (() => void)[] = [];
    const read = new SharedRead(async () => {
      expect(++underWay).toBe(1);
      const seen = value;
      await new Promise<void>((resolve) => answers.push(resolve));
      underWay--;
      if (seen === 2) throw new Error('away');
      return seen;
    });
    const first = [read.get(), read.get()];
    value = 1;
    const second = [read.get(), read.get()];
    answers.shift()?.();
    expect(await first[0]).toBe(0);
    await new Promise(setImmediate);
    value = 2;
    const third = read.get();
    answers.shift()?.();
    expect(await Promise.all([...first.slice(1), ...second])).toEqual([1, 1, 1]);
    await new Promise(setImmediate);
    value = 3;
    const fourth = read.get();
    answers.shift()?.();
    await expect(third).rejects.toThrow('away');
    await new Promise(setImmediate);
    answers.shift()?.();
    expect(await fourth).toBe(3);
    expect(answers).toEqual([]);
  });
});
