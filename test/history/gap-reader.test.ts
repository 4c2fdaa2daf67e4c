import { describe, expect, it } from 'vitest';
import { buildExtent, buildGaps } from '../../src/app/series.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import type { Cycle } from '../../src/domain/cycle.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import type { Gap } from '../../src/history/gap-reader.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { cyclesAt, sealedPlace, SPARSE } from '../support/sealed.js';

const database = useDatabase();

const iso = (turn: number): string => new Date(START + turn * 1_000).toISOString();
const named = (gaps: readonly Gap[]) => gaps.map((gap) => [gap.afterTurn, gap.beforeTurn]);

interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly longerThan?: number;
  readonly turns?: number;
  readonly gaps?: number;
}

async function readers(open: OpenDatabase) {
  const feed = new CycleFeed(open.cycles);
  const latest = await open.cycles.latest();
  if (latest) feed.announce(feed.figuresOf(latest));
  const parts = { ...open, feed, clock: () => START };
  const gaps = buildGaps(parts);
  return {
    extent: buildExtent(parts),
    find: ({
      from = 'start',
      to = 'now',
      longerThan,
      turns = 9_999,
      gaps: most = 99,
    }: Asked = {}) =>
      gaps.read(
        {
          from: parseMoment(from) as Moment,
          to: parseMoment(to) as Moment,
          longerThan: longerThan ?? null,
        },
        { turns, gaps: most },
        UNPACED,
      ),
  };
}

async function stored(cycles: readonly Cycle[]) {
  const open = await database.open();
  await open.cycles.saveAll(cycles);
  return { open, ...(await readers(open)) };
}

/** The same cycle, observed at another time. */
function movedTo(cycle: Cycle, observedAt: number): Cycle {
  return { ...cycle, frame: { ...cycle.frame, observedAt } };
}

describe('gaps', () => {
  it('are neighbours more than three intervals apart, the same from documents and from blocks', async () => {
    const place = await sealedPlace(database);
    const { find } = await readers(place.open);
    const far = SPARSE.slice(1)
      .map((turn, at) => [SPARSE[at] as number, turn] as const)
      .filter(([before, turn]) => turn - before > 3);
    const before = await find();
    expect(named(before)).toEqual(far);
    expect(before[0]).toMatchObject({
      from: START + 3_000,
      to: START + 2_047_000,
      isBackwards: false,
      reasons: [],
    });
    await place.sealAll();
    expect((await place.open.history.sealed.counting()).length).toBe(3);
    expect(await find()).toEqual(before);
  });

  it('are judged by the hundred turns before where no interval is stored', async () => {
    const turns = Array.from({ length: 50 }, (_, n) => 1 + n).concat(52, 57, 58);
    const { find } = await stored(cyclesAt(turns).map((each) => ({ ...each, intervalMs: null })));
    expect(named(await find())).toEqual([[52, 57]]);
    expect(named(await find({ from: iso(55) }))).toEqual([[52, 57]]);
  });

  it('are those that the range touches, also where no turn lies in it', async () => {
    const { find } = await stored(cyclesAt([1, 2, 3, 10, 11, 20, 21]));
    expect(named(await find({ from: iso(4), to: iso(6) }))).toEqual([[3, 10]]);
    expect(named(await find({ from: iso(10), to: iso(12) }))).toEqual([[11, 20]]);
    expect(named(await find({ from: iso(9), to: iso(12) }))).toHaveLength(2);
    expect(await find({ from: iso(10), to: iso(11) })).toEqual([]);
    expect(await find({ from: iso(1), to: iso(3) })).toEqual([]);
    expect(named(await find({ longerThan: 7_000 }))).toEqual([[11, 20]]);
  });

  it('say that the time of observation goes back', async () => {
    const cycles = cyclesAt([1, 2, 3, 4]).map((cycle) =>
      cycle.turn < 3 ? cycle : movedTo(cycle, START + cycle.turn * 1_000 - 5_000),
    );
    const { find } = await stored(cycles);
    const [gap, ...others] = await find();
    expect(others).toEqual([]);
    expect(gap).toMatchObject({ afterTurn: 2, beforeTurn: 3, isBackwards: true });
    expect(gap?.reasons).toEqual([
      {
        code: 'CLOCK_STEPPED_BACK',
        message: 'the time of observation went back by 4000 ms',
        count: 1,
      },
    ]);
  });

  it('name the skips between them, stored or not yet, the most frequent first', async () => {
    const { open, find } = await stored(cyclesAt([1, 2, 9, 10, 20]));
    const skip = (code: string, afterTurn: number) =>
      open.skips.add({ at: START, code, message: `because of ${code}` }, afterTurn);
    for (const code of ['A', 'B', 'B', 'A', 'B']) skip(code, 2);
    skip('C', 1);
    skip('D', 9);
    await open.skips.close();
    const save = open.skips.following.bind(open.skips);
    expect((await save(2, 2)).map(({ count }) => count)).toEqual([1, 2, 1, 1]);
    // What was added last waits to be stored.
    skip('E', 10);
    const gaps = await find();
    expect(gaps.map(({ reasons }) => reasons)).toEqual([
      [
        { code: 'B', message: 'because of B', count: 3 },
        { code: 'A', message: 'because of A', count: 2 },
      ],
      [{ code: 'E', message: 'because of E', count: 1 }],
    ]);
  });

  it('are refused where they are too many, with a length that leaves few enough', async () => {
    const { find } = await stored(cyclesAt([1, 10, 20, 31, 43, 56]));
    await expect(find({ gaps: 2 })).rejects.toMatchObject({
      argument: 'longerThan',
      words: 'leaves 5 gaps, more than 2: 11s fits',
      limit: null,
    });
    expect(named(await find({ gaps: 2, longerThan: 11_000 }))).toEqual([
      [31, 43],
      [43, 56],
    ]);
    await expect(find({ turns: 55 })).rejects.toMatchObject({
      limit: { name: 'turns', allowed: 55, found: 56 },
    });
  });

  it('there are none in an empty database', async () => {
    const { find, extent } = await stored([]);
    expect(await find()).toEqual([]);
    expect(await extent.read()).toMatchObject({
      ...{ oldestTurn: null, latestTurn: null, firstAt: null, lastAt: null },
      ...{ cycles: 0, sealedCycles: 0, sealedThrough: null },
    });
  });
});

describe('the extent of history', () => {
  it('counts each turn once, sealed or not', async () => {
    const place = await sealedPlace(database);
    const { extent } = await readers(place.open);
    const before = await extent.read();
    expect(before).toMatchObject({
      ...{ oldestTurn: 1, latestTurn: 6_146, cycles: SPARSE.length },
      ...{ firstAt: START + 1_000, lastAt: START + 6_146_000 },
      ...{ sealedCycles: 0, sealedThrough: null },
    });
    expect(before.documentBytes).toBeGreaterThan(0);
    await place.sealAll();
    const after = await extent.read();
    expect(after).toMatchObject({
      ...{ cycles: SPARSE.length, sealedCycles: SPARSE.length - 2, sealedThrough: 6_143 },
    });
    expect(after.blockBytes).toBeGreaterThan(0);
  });

  it('is sealed through the last block before one that is not', async () => {
    const place = await sealedPlace(database);
    const { extent } = await readers(place.open);
    await place.sealAll();
    const [, second] = await place.open.history.sealed.counting();
    if (!second) throw new Error('too few');
    await place.open.history.removal.these([second]);
    expect(await extent.read()).toMatchObject({
      ...{ cycles: SPARSE.length, sealedThrough: 2_048, sealedCycles: SPARSE.length - 6 },
    });
  });

  it('shows no turn before the oldest that is shown', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    place.open.cycles.hideBefore(3);
    const { extent } = await readers(place.open);
    expect(await extent.read()).toMatchObject({ oldestTurn: 3, cycles: SPARSE.length - 2 });
  });
});
