import fc from 'fast-check';
import { it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { World } from '../support/history-world.js';
import { sealedPlace } from '../support/sealed.js';

const database = useDatabase();

type Step = (world: World) => Promise<void>;

/** A turn by its place among those that there are. */
const turnAt = (world: World, part: number): number =>
  world.model.cycles.at(Math.floor(part * world.model.cycles.length))?.turn ?? 1;

const part = fc.double({ min: 0, max: 0.999, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()).map(
      ([count, jump]): Step =>
        (world) =>
          world.save(count, jump),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>((world) => world.seal()) },
  {
    weight: 3,
    arbitrary: fc.option(fc.integer({ min: 0, max: 9 })).map(
      (ended): Step =>
        (world) =>
          world.age(ended),
    ),
  },
  {
    weight: 1,
    arbitrary: part.map(
      (place): Step =>
        (world) =>
          world.purge(turnAt(world, place)),
    ),
  },
  {
    weight: 1,
    arbitrary: part.map(
      (place): Step =>
        (world) =>
          world.retain(turnAt(world, place / 2)),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.restart()) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.keep()) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.restore()) },
);

it('whatever is saved, sealed, removed of documents, purged and put back, every read is that of a plain list', async () => {
  const begin: Step[] = [
    (world) => world.save(6, false),
    (world) => world.save(5, true),
    (world) => world.save(4, true),
    (world) => world.save(2, true),
  ];
  const runs = fc.array(step, { minLength: 6, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(runs, async (steps) => {
      const world = new World(await sealedPlace(database, []), database);
      for (const each of [...begin, ...steps]) await each(world);
      await world.check();
      // Whatever came before, in the end all that can be is sealed, and removed of documents.
      for (const each of [(w: World) => w.seal(), (w: World) => w.age(null)]) await each(world);
      await world.check();
    }),
    { endOnFailure: true, numRuns: Number(process.env['RUNS'] ?? 12) },
  );
});
