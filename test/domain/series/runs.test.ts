import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOWHERE } from '../../../src/domain/series/buckets.js';
import { PackedRuns } from '../../../src/domain/series/packed-runs.js';
import { NO_RUN, Runs, type RunsOfTurns } from '../../../src/domain/series/runs.js';

/** Codes of turns; null for one that is in no bucket. */
type Codes = readonly (number | null)[];

/** @param first the number of the first turn */
function runsOf(codes: Codes, first: number): Runs {
  const runs = new Runs();
  runs.add(
    Float64Array.from(codes, (_, at) => first + at),
    Int32Array.from(codes, (code) => (code === null ? NOWHERE : 0)),
    Int32Array.from(codes, (code) => code ?? 3),
  );
  return runs;
}

const told = ({ firstTurn, count, list, lastCode }: RunsOfTurns) => {
  return { firstTurn, count, list: [...list], lastCode };
};

/** The runs of parts, appended to each other. */
function appended(parts: readonly Codes[], via: (runs: Runs) => RunsOfTurns): Runs {
  const all = new Runs();
  let first = 1;
  for (const codes of parts) {
    all.append(via(runsOf(codes, first)));
    first += codes.length;
  }
  return all;
}

const codes = fc.array(fc.constantFrom(NO_RUN, 1, 1, 2, 3, null), { maxLength: 12 });
const parts = fc.array(codes, { maxLength: 6 });
const asTheyAre = (runs: Runs): RunsOfTurns => runs;
/** Packed with what codes stand for, and unpacked to other codes than these were. */
const renamed = (runs: Runs): RunsOfTurns =>
  new PackedRuns(runs, (code) => `path ${code}`).unpacked((path) => 10 + Number(path.slice(5)));

describe('runs', () => {
  it('of parts that follow each other are those of the whole', () => {
    fc.assert(
      fc.property(parts, (some) => {
        expect(told(appended(some, asTheyAre))).toEqual(told(runsOf(some.flat(), 1)));
      }),
    );
  });

  it('that were packed are the same, with the codes of where they are used', () => {
    fc.assert(
      fc.property(parts, (some) => {
        const other = some
          .flat()
          .map((code) => (code === null || code === NO_RUN ? code : code + 10));
        expect(told(appended(some, renamed))).toEqual(told(runsOf(other, 1)));
      }),
    );
  });

  it.each([
    ['where the last one goes on', 1],
    ['where another one begins', 2],
  ])('past the ten thousandth are counted, %s', (_, next) => {
    const flapping = Array.from({ length: 10_001 }, (_, at) => (at % 2) + 1);
    const some = [flapping, [next, 2, 2, NO_RUN, 1], flapping];
    for (const [via, to] of [
      [asTheyAre, 0],
      [renamed, 10],
    ] as const) {
      const whole = runsOf(
        some.flat().map((code) => (code === NO_RUN ? code : code + to)),
        1,
      );
      expect(told(appended(some, via))).toEqual(told(whole));
    }
    expect(appended(some, asTheyAre).count).toBeGreaterThan(20_000);
  });
});
