import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { MINUTE } from '../../src/domain/series/span.js';
import { AttributionReader } from '../../src/history/attribution-reader.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { historyOf, universeOf } from '../support/history.js';

const NOW = parseMoment('now') as Moment;
const COUNT = 60;
const ASSETS = ['USDT', 'BTC', 'ETH', 'BNB'];
/** From here on another asset is in the universe, in the place of the last one. */
const CHANGED = 40;

/** What is held differs from turn to turn, in other assets too; in the middle by another account. */
const history = historyOf(universeOf(5), COUNT).map((cycle, at): Cycle => {
  const held = ASSETS.filter((_, asset) => (at >> asset) % 3 !== 0);
  const balances = held.map((asset, n) => ({
    asset,
    free: String(1 + ((at + n) % 4)),
    locked: '0',
  }));
  const holdings = { source: at === 25 ? 'ACCOUNT' : 'PAPER', balances } as const;
  const universe = at < CHANGED ? cycle.universe : [...cycle.universe.slice(0, -1), 'OTHER'];
  return { ...cycle, universe, holdings };
});
const timeOf = (at: number): number => (history[at] as Cycle).frame.observedAt;

/** Turns that come in one by one, or cannot be read any more; read with what is kept, and without. */
function growing(bytes: number) {
  const stored: StoredCycle[] = history.slice(0, 10);
  let epoch = 0;
  const read: [number, number][] = [];
  const store = new CyclesInMemory(stored, 7);
  const parts = { cycles: store, extent: store, clock: () => 0, epoch: () => `${epoch}` };
  const place = {
    kept: new AttributionReader({
      ...{ ...parts, bytes },
      chunks: {
        async *chunks(first, last) {
          read.push([first, last]);
          for await (const chunk of store.chunks(first, last)) {
            yield chunk;
            place.afterChunk();
          }
        },
      },
    }),
    anew: new AttributionReader({ ...parts, chunks: store, bytes: 0 }),
    /** Which turns were read, by each reading of what is kept. */
    read,
    afterChunk: (): void => undefined,
    add(count: number) {
      stored.push(...history.slice(stored.length, stored.length + count));
    },
    /** @param isKnown whether that is known */
    lose(at: number, isKnown = true) {
      const lost = stored[at];
      if (lost) stored[at] = new UnreadableCycle(lost.turn, 'a test');
      if (isKnown) epoch++;
    },
  };
  return place;
}

const answerOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.catch((error: unknown) => {
    if (error instanceof SeriesFault) return { argument: error.argument, message: error.message };
    throw error;
  });

it('what is kept of the steps changes no answer, whatever is asked, comes in, or is lost', async () => {
  const asked = fc.record({
    in: fc.constantFrom('USDT', 'USDT', null, 'OTHER', universeOf(5).at(-1) as string),
    from: fc.oneof(fc.nat(9), fc.nat(COUNT - 1)),
    span: fc.oneof(
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.nat(COUNT) },
    ),
    every: fc.constantFrom(null, MINUTE, 'turn' as const),
  });
  const event = fc.oneof(
    { weight: 4, arbitrary: asked.map((ask) => ({ ask })) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }).map((add) => ({ add })) },
    { weight: 1, arbitrary: fc.nat(COUNT - 1).map((lose) => ({ lose })) },
  );
  const rooms = fc.constantFrom(1, 2_000, 5_000, 1e6);
  await fc.assert(
    fc.asyncProperty(
      rooms,
      fc.array(event, { minLength: 10, maxLength: 40 }),
      async (bytes, events) => {
        const place = growing(bytes);
        for (const done of events) {
          if ('add' in done) place.add(done.add);
          else if ('lose' in done) place.lose(done.lose);
          else {
            const { in: numeraire, from, span, every } = done.ask;
            const to = span === null ? NOW : { at: timeOf(Math.min(from + span, COUNT - 1)) + 1 };
            const begin = { at: timeOf(from) };
            const request = { in: numeraire, from: begin, to, every };
            const [kept, anew] = await Promise.all([
              answerOf(place.kept.read(request, UNPACED)),
              answerOf(place.anew.read(request, UNPACED)),
            ]);
            expect(kept).toEqual(anew);
          }
        }
      },
    ),
  );
});

/** Asks for the wallet's gain from a turn on, or until another, and compares it with what is read anew. */
async function ask(
  { kept, anew }: ReturnType<typeof growing>,
  from: number,
  to: Moment = NOW,
): Promise<void> {
  const request = { in: 'USDT', from: { at: timeOf(from) }, to, every: null };
  const answer = await kept.read(request, UNPACED);
  expect(answer).toEqual(await anew.read(request, UNPACED));
}

it('an answer that follows the newest turn has that one read, and the one before it', async () => {
  const place = growing(1e6);
  await ask(place, 2);
  expect(place.read).toEqual([[3, 10]]);
  await Promise.all([ask(place, 2), ask(place, 5), ask(place, 5, { at: timeOf(8) })]);
  expect(place.read.splice(0)).toEqual([[3, 10]]);
  place.add(3);
  await Promise.all([ask(place, 2), ask(place, 2)]);
  await ask(place, 4);
  // Two asked at once; what each of them read counts once.
  expect(place.read.splice(0)).toEqual([
    [10, 13],
    [10, 13],
  ]);
  await ask(place, 0, { at: timeOf(5) });
  await ask(place, 2);
  // What is asked of the past displaces nothing.
  expect(place.read.splice(0)).toEqual([[1, 5]]);
  await ask(place, 0);
  await ask(place, 1);
  expect(place.read.splice(0)).toEqual([[1, 13]]);
  place.lose(7);
  await ask(place, 2);
  expect(place.read).toEqual([[3, 13]]);
});

it('steps from a turn that is gone, and those that were read before a loss, are not gone on from', async () => {
  const place = growing(1e6);
  await ask(place, 2);
  place.lose(9, false);
  place.add(1);
  await ask(place, 2);
  place.add(3);
  place.lose(0);
  place.afterChunk = () => {
    place.afterChunk = () => undefined;
    place.lose(4);
  };
  await place.kept.read({ in: 'USDT', from: { at: timeOf(2) }, to: NOW, every: null }, UNPACED);
  await ask(place, 2);
});

it('of ranges that are read in whole at once, one is kept; a reading that ends early holds up no other', async () => {
  const place = growing(1e6);
  const read = (numeraire: string) =>
    place.kept.read({ in: numeraire, from: { at: timeOf(2) }, to: NOW, every: null }, UNPACED);
  await Promise.all([read('USDT'), read('BNB')]);
  place.read.length = 0;
  await read('USDT');
  expect(place.read).toEqual([]);
  const faulty = place.afterChunk;
  place.afterChunk = () => {
    throw new Error('a test');
  };
  await expect(read('BTC')).rejects.toThrow('a test');
  place.afterChunk = faulty;
  place.read.length = 0;
  await read('BNB');
  await read('BNB');
  expect(place.read).toEqual([[3, 10]]);
});
