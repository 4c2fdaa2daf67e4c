import { describe, expect, it } from 'vitest';
import { inTime, until } from './until.js';

const never = new Promise<never>(() => undefined);

describe('a wait', () => {
  it('ends with the first answer that is as expected', async () => {
    let asked = 0;
    const count = () => ++asked;
    expect(await until('the third', count, (n) => n >= 3)).toBe(3);
    expect(
      await until(
        'the fourth',
        () => Promise.resolve(count()),
        (n) => n >= 4,
      ),
    ).toBe(4);
  });

  it('that is too long says what it was for, and what the last answer was', async () => {
    const stand = () => ({ status: { latestTurn: 2 } });
    await expect(until('turn 3 to be stored', stand, () => false, 50)).rejects.toThrow(
      /^waited 50 ms for turn 3 to be stored: the last answer was \{ status: \{ latestTurn: 2 \} \}$/,
    );
  });

  it('is no longer where one is not answered at all', async () => {
    await expect(until('an answer', () => never, Boolean, 50)).rejects.toThrow(
      /^waited 50 ms for an answer: there was no answer$/,
    );
  });

  it('fails at once with what went wrong while asking', async () => {
    const ask = () => Promise.reject(new Error('no status'));
    await expect(until('a status', ask, Boolean)).rejects.toThrow(/^no status$/);
  });

  it('for a single promise has words too', async () => {
    expect(await inTime('a value', Promise.resolve(7))).toBe(7);
    await expect(inTime('a message', never, () => 'the last one was a ping', 50)).rejects.toThrow(
      /^waited 50 ms for a message: the last one was a ping$/,
    );
  });
});
