import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  BLOCK_TURNS,
  ObservedBlocks,
  type SealedTimes,
  type StoredTurn,
} from '../../src/mongo/observed-blocks.js';
import { useDatabase } from '../support/database.js';
import { definition, keysOf, leapingTimes, timesOf } from '../support/ranges.js';
import { ageAll, cyclesAt, sealedPlace } from '../support/sealed.js';

const database = useDatabase();

/** Turns that are sealed or not, in order. */
interface Part {
  readonly turns: number;
  readonly is: 'SEALED' | 'ONLY_COPY' | 'OPEN';
}

const parts: fc.Arbitrary<Part[]> = fc.array(
  fc.record({
    turns: fc.integer({ min: 1, max: 300 }),
    is: fc.constantFrom('SEALED', 'ONLY_COPY', 'OPEN'),
  }),
  { minLength: 1, maxLength: 8 },
);

/** The seals, and the turns whose documents were removed. */
function sealedIn(times: readonly number[], all: readonly Part[]) {
  const sealed: SealedTimes[] = [];
  const removed = new Set<number>();
  let first = 1;
  for (const { turns, is } of all) {
    const last = first + turns - 1;
    // The newest cycle is in no block yet.
    if (last >= times.length) break;
    const of = times.slice(first - 1, last);
    const observed = { earliest: Math.min(...of), latest: Math.max(...of) };
    const lastId = is === 'SEALED' ? String(last) : null;
    if (is !== 'OPEN') sealed.push({ first, last, turns, ...observed, lastId });
    if (is === 'ONLY_COPY') for (let turn = first; turn <= last; turn++) removed.add(turn);
    first = last + 1;
  }
  return { sealed, removed };
}

it('a range passes over what is sealed, wherever the seals lie, also of what may be put back', async () => {
  await fc.assert(
    fc.asyncProperty(leapingTimes, parts, fc.nat(), fc.nat(), async (times, all, a, b) => {
      const [from = 0, to = 0] = [a, b].map((n) => times[n % times.length]);
      const { sealed, removed } = sealedIn(times, all);
      const stored = times.map((_, n) => n + 1).filter((turn) => !removed.has(turn));
      const cycle = (turn: number | undefined): Promise<StoredTurn | null> =>
        Promise.resolve(turn === undefined ? null : { turn, id: String(turn) });
      let looks = 0;
      const blocks = new ObservedBlocks({
        oldest: () => cycle(stored[0]),
        newest: (before = Infinity) => cycle(stored.findLast((turn) => turn < before)),
        at: (turn) => cycle(stored.find((each) => each === turn)),
        times(asked) {
          looks++;
          return Promise.resolve(timesOf(times, asked, (turn) => !removed.has(turn)));
        },
        sealed: () => Promise.resolve(sealed),
      });
      const whole = { order: 'OLDEST_FIRST', limit: Infinity } as const;
      for (const range of [{ from, to }, { from: to, to: from }, { from }, { to }, {}]) {
        const found = await blocks.candidates(range.from ?? -Infinity, range.to ?? Infinity);
        const missed = definition(times, { ...range, ...whole }).filter(
          (turn) => !found.some(({ first, last }) => turn >= first && turn <= last),
        );
        expect(missed).toEqual([]);
        const isInOrder = found.every(
          ({ first }, n) => n === 0 || first > (found[n - 1]?.last ?? 0),
        );
        expect(isInOrder).toBe(true);
      }
      const before = looks;
      await blocks.candidates(from, to);
      expect(looks).toBe(before);
    }),
    { numRuns: 500 },
  );
});

it('the first range after a start looks at no turn of a sealed block but where the range ends', async () => {
  const turns = Array.from({ length: 2_080 }, (_, n) => 3 * n + 1);
  const cycles = cyclesAt(turns);
  const place = await sealedPlace(database, cycles);
  await place.sealAll();
  const timeOf = (n: number) => cycles[n]?.frame.observedAt ?? NaN;
  const range = {
    from: timeOf(900),
    to: timeOf(1_000),
    order: 'NEWEST_FIRST',
    limit: 5,
  } as const;
  const expected = [999, 998, 997, 996, 995].map((n) => turns[n]);
  const { client } = place.db;
  const keys = () => keysOf({ client });
  const turnsOf = async () =>
    (await (await database.open(place.db.databaseName)).cycles.range(range)).map(
      ({ turn }) => turn,
    );

  const before = await keys();
  expect(await turnsOf()).toEqual(expected);
  // One block of the three, and what is not sealed.
  expect((await keys()) - before).toBeLessThan(2_048 / 3 + 10 * BLOCK_TURNS);

  const { cycles: store } = place.open;
  await store.range(range);
  const known = await keys();
  expect((await store.range(range)).map(({ turn }) => turn)).toEqual(expected);
  expect((await keys()) - known).toBeLessThan(6 * BLOCK_TURNS);

  await ageAll(place);
  expect(await turnsOf()).toEqual(expected);
});
