import { expect, it } from 'vitest';
import type { TurnPlan } from '../../src/alerts/judged-rules.js';
import { LookBacks, type EarlierValues } from '../../src/alerts/look-backs.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { ETH_USDT } from '../support/alert-place.js';

const BEAT = 1_000;

/** One line, which is the number of its turn, looked back on by so much. */
function planOf(within: number): TurnPlan {
  return {
    lines: [ETH_USDT],
    lookedBack: [{ key: `${within}`, line: 0, within }],
    watches: [],
  };
}

it('what is looked back on again, after a turn at which nobody did, has no gap', async () => {
  const stored: EarlierValues = {
    async *read(_lines, _since, beforeTurn) {
      const turns = Float64Array.from({ length: beforeTurn - 1 }, (_, at) => at + 1);
      yield await Promise.resolve({
        observedAt: turns.map((turn) => turn * BEAT),
        values: [turns],
      });
    },
  };
  const lookBacks = new LookBacks(stored);
  const [near, far] = [planOf(BEAT), planOf(2 * BEAT)];
  const earlier: number[] = [];
  for (const [at, plan] of [near, near, far, near, near].entries()) {
    const turn = at + 1;
    const observedAt = turn * BEAT;
    await lookBacks.prepare(plan, { turn, observedAt }, UNPACED);
    earlier.push(...lookBacks.earlier(plan, observedAt));
    lookBacks.add(plan, observedAt, [turn]);
  }
  expect(earlier).toEqual([NaN, 1, 1, 3, 4]);
});
