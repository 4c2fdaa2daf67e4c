import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LookBack } from '../../../src/domain/alerts/look-back.js';
import { SECOND } from '../../../src/domain/series/span.js';
import { aStep } from '../../support/judged.js';

describe('a look back', () => {
  it('tells the last turn that was observed a span before, and at most two, or says that it cannot', () => {
    const within = 10 * SECOND;
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 1, maxLength: 2_000 }), (steps) => {
        const lookBack = new LookBack(within);
        const times: number[] = [];
        for (const step of steps) {
          const now = (times.at(-1) ?? 0) + step;
          const last = times.findLastIndex((time) => time <= now - within);
          const isNear = last >= 0 && now - (times[last] as number) <= 2 * within;
          if (lookBack.canTell(now)) expect(lookBack.markAt(now)).toBe(isNear ? last : NaN);
          // It remembers all that may be asked for while the clock does not go back by more than the span.
          else expect(now).toBeLessThan(Math.max(...times) - within);
          lookBack.add(now, times.push(now) - 1);
        }
      }),
    );
  });

  it('tells the same when it is given the turns from some moment on alone', () => {
    const within = 10 * SECOND;
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 2, maxLength: 300 }), fc.nat(), (steps, seed) => {
        const times: number[] = [];
        for (const step of steps) times.push((times.at(-1) ?? 0) + step);
        const begin = seed % times.length;
        const since = LookBack.sinceFor(within, times[begin] as number);
        const first = times.findIndex((time) => time >= since);
        const [whole, part] = [new LookBack(within), new LookBack(within, since)];
        times.forEach((time, turn) => {
          if (turn >= begin && whole.canTell(time) && part.canTell(time)) {
            expect(part.markAt(time)).toBe(whole.markAt(time));
          }
          if (turn >= begin && time >= (times[begin] as number) && whole.canTell(time)) {
            const goneBack = Math.max(...times.slice(begin, turn + 1)) - time;
            if (goneBack <= within) expect(part.canTell(time)).toBe(true);
          }
          whole.add(time, turn);
          if (turn >= first) part.add(time, turn);
        });
      }),
    );
  });

  it('remembers no more than it needs: a million turns later it says that it cannot tell of the first', () => {
    const lookBack = new LookBack(10 * SECOND);
    for (let turn = 0; turn < 1_000_000; turn++) lookBack.add(turn * SECOND, turn);
    expect(lookBack.canTell(20 * SECOND)).toBe(false);
    expect(lookBack.markAt(1_000_000 * SECOND)).toBe(999_990);
  });
});
