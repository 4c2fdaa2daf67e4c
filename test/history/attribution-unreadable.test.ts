import { describe, expect, it } from 'vitest';
import type { Asset } from '../../src/domain/asset.js';
import { UnreadableCycle } from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import {
  ALL,
  COUNT,
  defined,
  expectDefined,
  history,
  inMemory,
  moment,
  places,
  timeOf,
  valueAt,
} from '../support/attribution-place.js';

describe('the attribution of a range', () => {
  it('passes over what cannot be read, at its ends too', async () => {
    const lost = new Set([0, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, COUNT - 1]);
    const stored = history.map((cycle, at) =>
      lost.has(at) ? new UnreadableCycle(cycle.turn, 'a test') : cycle,
    );
    const left = places.filter((at) => !lost.has(at));
    const data = await inMemory(stored).read(ALL, UNPACED);
    expectDefined(
      data,
      defined(left, 'BNB', () => timeOf(1)),
      1e-9,
    );
  });

  it.each<[string, Asset | null]>([
    ['in what is asked for', 'BNB'],
    ['in the quant base of the newest turn that can be read', null],
  ])('passes over however many cannot be read at its ends: %s', async (_words, numeraire) => {
    const isLost = (at: number) => at < 60 || at >= 140;
    const stored = history.map((cycle, at) =>
      isLost(at) ? new UnreadableCycle(cycle.turn, 'a test') : cycle,
    );
    const times = new Map(history.map(({ turn, frame }) => [turn, frame.observedAt]));
    // Those before the range, at its begin, and at its end.
    for (const from of [{ at: timeOf(40) }, moment('start')]) {
      const data = await inMemory(stored, 1e9, times).read(
        { ...ALL, in: numeraire, from },
        UNPACED,
      );
      const begin = 'at' in from ? from.at : timeOf(0);
      const left = places.filter((at) => !isLost(at));
      expectDefined(
        data,
        defined(left, numeraire ?? 'USDT', () => begin),
        numeraire === null ? 1e-6 : 1e-9,
      );
    }
    // The last turn that can be read before the range is far before it.
    const late = { ...ALL, in: numeraire, from: { at: timeOf(190) } };
    const data = await inMemory(stored, 1e9, times).read(late, UNPACED);
    expect(data?.startValue).toBeCloseTo(valueAt(139, numeraire ?? 'USDT'), 6);
    expect(data?.endValue).toBe(data?.startValue);
  });
});
