import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { AGGREGATES } from '../../src/domain/series/aggregate.js';
import { figureOfLine, lengthOfWindow, type WindowLine } from '../../src/domain/series/line.js';
import type { FigureOfWindow } from '../../src/domain/window/window-figures.js';
import type { SeriesLineData } from '../../src/history/series-data.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { WindowReader } from '../../src/history/window-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { definedAggregates } from '../support/defined-series.js';
import { nulls } from '../support/nulls.js';
import {
  cells,
  COUNT,
  CYCLES,
  moment,
  place,
  whole,
  window,
} from '../support/window-series-place.js';

const volatilities = (over: number, numeraire: string | null = 'BTC'): readonly WindowLine[] =>
  ['ETH', 'USDT', 'BTC'].map((asset) => {
    const { lag: _, ...own } = window(over, 0, numeraire);
    return { kind: 'ASSET', figure: 'VOLATILITY', asset, ...own };
  });

/** What the cycle of each turn says; null where it cannot be asked. */
async function saidByCycles(stored: readonly StoredCycle[], line: WindowLine, numeraire = 'BTC') {
  const store = new CyclesInMemory(stored, 32);
  const windows = new WindowReader({ cycles: store, chunks: store, epoch: () => 'one' });
  const said: (FigureOfWindow | null)[] = [];
  for (const cycle of stored) {
    const own = line.kind === 'WINDOW' ? [line.base, line.quote] : [line.asset];
    const isIn =
      !(cycle instanceof Error) &&
      [...own, numeraire].every((each) => cycle.universe.includes(each));
    if (!isIn) {
      said.push(null);
      continue;
    }
    const request = { cycle, numeraire, ...lengthOfWindow(line) };
    const [figure] = await windows.figures(request, [figureOfLine(line)], { prices: 1e9 }, UNPACED);
    said.push(figure ?? null);
  }
  return said;
}

const valuesOf = (said: readonly (FigureOfWindow | null)[]) =>
  said.map((figure) => (figure === null || Number.isNaN(figure.value) ? null : figure.value));

/** Turns whose clock goes back, that cannot be read, are stale, or have another universe. */
const courses = fc
  .array(
    fc.record({
      turn: fc.nat(COUNT - 1),
      back: fc.constantFrom(0, 0, 2_000, 12_000, 40_000),
      isUnreadable: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      isStale: fc.boolean(),
      lacks: fc.option(fc.constantFrom('ETH', 'BTC'), { freq: 2 }),
    }),
    { maxLength: 6 },
  )
  .map((odd) => {
    const stored: StoredCycle[] = [...CYCLES];
    for (const { turn, back, isUnreadable, isStale, lacks } of odd) {
      const cycle = CYCLES[turn] as Cycle;
      const { frame, universe } = cycle;
      stored[turn] = isUnreadable
        ? new UnreadableCycle(turn + 1, 'damaged')
        : {
            ...cycle,
            staleAfterMs: isStale ? -1 : 60_000,
            universe: lacks === null ? universe : universe.filter((each) => each !== lacks),
            frame: { ...frame, observedAt: frame.observedAt - back },
          };
    }
    return stored;
  });

describe('a series over windows', () => {
  it('has at each turn what the cycle says, to the last bit, with why there is none', async () => {
    const reasons = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        courses,
        fc.constantFrom(3, 5, 8),
        fc.constantFrom(0, 1, 3),
        fc.integer({ min: 1, max: 40 }),
        async (stored, over, lag, chunkSize) => {
          const { read } = place(stored, chunkSize);
          for (const lines of [cells(over, lag), volatilities(over)]) {
            const data = await read(lines);
            const turns = [...data.firstTurns];
            for (const [at, line] of lines.entries()) {
              const said = await saidByCycles(stored, line);
              const own = turns.map((turn) => said[turn - 1] ?? null);
              const found = await whole(data.lines[at] as SeriesLineData);
              expect(nulls(found.values('LAST'))).toEqual(valuesOf(own));
              expect([...found.staleCounts]).toEqual(
                own.map((figure) =>
                  Number(figure !== null && !Number.isNaN(figure.value) && figure.staleCount > 0),
                ),
              );
              const reasonAt = (turn: number) =>
                found.nulls.find(({ fromTurn, toTurn }) => turn >= fromTurn && turn <= toTurn)
                  ?.reason;
              turns.forEach((turn, index) => {
                const figure = own[index] ?? null;
                const cycle = stored[turn - 1];
                const reason =
                  cycle instanceof Error
                    ? 'UNREADABLE'
                    : figure === null
                      ? 'NOT_IN_UNIVERSE'
                      : !Number.isNaN(figure.value)
                        ? undefined
                        : figure.count < 3
                          ? 'TOO_FEW_RETURNS'
                          : 'NO_VALUE';
                expect(reasonAt(turn)).toBe(reason);
                reasons.add(String(reason));
              });
              expect(found.pathCount).toBeNull();
            }
          }
        },
      ),
      { numRuns: 12 },
    );
    expect([...reasons].sort()).toEqual(
      ['NOT_IN_UNIVERSE', 'NO_VALUE', 'TOO_FEW_RETURNS', 'UNREADABLE', 'undefined'].sort(),
    );
  });

  it('has in buckets what their turns come to', async () => {
    await fc.assert(
      fc.asyncProperty(courses, fc.constantFrom(2_000, 15_000, 60_000), async (stored, every) => {
        const { read } = place(stored);
        const lines = cells(4, 1);
        const data = await read(lines, { every, from: moment('start+31s') });
        for (const [at, line] of lines.entries()) {
          const said = await saidByCycles(stored, line);
          const found = data.lines[at] as SeriesLineData;
          const own = [...data.starts].map((start) =>
            stored.flatMap((cycle, place) => {
              if (cycle instanceof Error) return [];
              const { observedAt } = cycle.frame;
              if (observedAt < start || observedAt >= start + every) return [];
              const [value] = valuesOf([said[place] ?? null]);
              return value === null || value === undefined ? [] : [value];
            }),
          );
          // The last values are there before anything else is worked out.
          expect(nulls(found.values('LAST'))).toEqual(own.map((each) => each.at(-1) ?? null));
          await whole(found);
          for (const of of AGGREGATES) {
            expect(nulls(found.values(of))).toEqual(
              own.map((each) => definedAggregates[of]?.(each)),
            );
          }
        }
      }),
      { numRuns: 10 },
    );
  });
});
