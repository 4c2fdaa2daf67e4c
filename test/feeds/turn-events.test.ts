import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TurnBatches } from '../../src/feeds/turn-events.js';
import {
  MissingCycle,
  UnreadableCycle,
  type FollowedTurn,
} from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';

type Kind = 'STORED' | 'UNREADABLE' | 'MISSING' | 'PURGED';

/** Turns 1, 2, 3, … of these kinds. */
function feedOf(kinds: readonly Kind[]) {
  const turns = kinds.map((kind, index): FollowedTurn | null => {
    const turn = index + 1;
    if (kind === 'PURGED') return null;
    if (kind === 'UNREADABLE') return new UnreadableCycle(turn, 'damaged');
    return kind === 'MISSING' ? new MissingCycle(turn, turn + 1) : ({ turn } as FollowedTurn);
  });
  const next = (after: number) =>
    Promise.resolve(turns.find((each) => each !== null && each.turn > after) ?? null);
  return { next, turns: turns.filter((each) => each !== null) };
}

const kinds = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Kind>('STORED') },
    { weight: 1, arbitrary: fc.constantFrom<Kind>('UNREADABLE', 'MISSING', 'PURGED') },
  ),
  { maxLength: 60, size: 'max' },
);

it('lists of turns have each turn after the first one once, in order, and no damaged one among others', async () => {
  await fc.assert(
    fc.asyncProperty(
      kinds,
      fc.integer({ min: 1, max: 9 }),
      fc.nat(20),
      async (all, atMost, start) => {
        const { next, turns } = feedOf(all);
        const batches = new TurnBatches({ next }, atMost);
        const through = all.length;
        const sent: FollowedTurn[] = [];
        let at = start;
        while (at < through) {
          const event = await batches.after(at, through);
          if (event === null) break;
          const batch = (await event.root(UNPACED)) as readonly FollowedTurn[];
          expect(batch.length).toBeLessThanOrEqual(atMost);
          expect(batch.at(-1)?.turn).toBe(event.turn);
          if (batch.some((each) => each instanceof Error)) expect(batch).toHaveLength(1);
          sent.push(...batch);
          at = event.turn;
        }
        expect(sent).toEqual(turns.filter(({ turn }) => turn > start));
      },
    ),
  );
});

it('lists of turns are the same for all who have come to the same place, wherever they began', async () => {
  const { next } = feedOf(new Array<Kind>(40).fill('STORED'));
  const batches = new TurnBatches({ next }, 10);
  const keysFrom = async (start: number): Promise<string[]> => {
    const keys: string[] = [];
    for (let at = start; at < 40;) {
      const event = await batches.after(at, 40);
      keys.push(event?.key ?? '');
      at = event?.turn ?? 40;
    }
    return keys;
  };
  const [first, ...others] = await keysFrom(3);
  expect(first).toBe('4,5,6,7,8,9,10');
  expect((await keysFrom(7)).slice(1)).toEqual(others);
});

it('a list does not go past the turn that is caught up with', async () => {
  const { next } = feedOf(new Array<Kind>(40).fill('STORED'));
  expect((await new TurnBatches({ next }, 100).after(3, 8))?.turn).toBe(8);
});
