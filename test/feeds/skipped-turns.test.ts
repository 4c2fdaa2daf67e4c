import { expect, it } from 'vitest';
import { SkippedTurns } from '../../src/feeds/skipped-turns.js';

it('a skipped turn is told once, though the instance that skipped it hears of it again', async () => {
  const skipped = new SkippedTurns();
  const stopped = new AbortController();
  const told = skipped.follow(stopped.signal);
  const first = told.next();
  const skip = (at: number) => ({ at, code: 'TOO_FEW_SYMBOLS', message: 'none has a price' });
  skipped.add(skip(1));
  skipped.add(skip(1));
  skipped.add(skip(2));
  expect([(await first).value, (await told.next()).value]).toEqual([skip(1), skip(2)]);
  const third = told.next();
  stopped.abort();
  expect((await third).done).toBe(true);
});
