import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/domain/series/line.js';
import { SECOND } from '../../src/domain/series/span.js';
import {
  cell,
  CROSS,
  CYCLES,
  DIRECT,
  ONLY_OTHERS,
  OTHERS,
  Place,
  PLENTY,
} from '../support/stretches-place.js';

const LINES: readonly Line[] = [
  ...[DIRECT, CROSS, cell('USDT', 'BTC'), cell('BTC', 'BTC')],
  ...[cell('BTC', 'USDT', 'ID_PCT'), cell('ETH', 'DOGE', 'ID_PCT')],
  ...[cell('ETH', 'BTC', 'QUANTID'), cell('BTC', ONLY_OTHERS, 'ID_DELTA')],
  { ...DIRECT, trade: { price: 'MID' } },
  { ...CROSS, trade: { price: 'TAKE', feeBps: 0 } },
  { ...CROSS, trade: { price: 'TAKE', feeBps: 10 } },
  { kind: 'ASSET', figure: 'PRICE', asset: 'BTC', in: null },
  { kind: 'ASSET', figure: 'PRICE', asset: 'BTC', in: 'ETH' },
  { kind: 'ASSET', figure: 'STRENGTH', asset: 'DOGE', in: null },
  { kind: 'WALLET', in: null },
  { kind: 'BALANCE', asset: 'USDT', in: 'BTC' },
  { kind: 'BALANCE', asset: 'BTC', in: null },
  { kind: 'STRATEGY', figure: 'SHIFT' },
  { kind: 'CONSISTENCY', figure: 'MAX_BPS' },
];

const step = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(500, SECOND, 1_500) },
  { weight: 2, arbitrary: fc.constantFrom(30_000, 100_000) },
  { weight: 1, arbitrary: fc.integer({ min: -60_000, max: 0 }) },
);
const turn = fc.record({
  step,
  skipped: fc.oneof({ weight: 15, arbitrary: fc.constant(0) }, fc.nat(3)),
  isReadable: fc.oneof({ weight: 15, arbitrary: fc.constant(true) }, fc.boolean()),
  isTimed: fc.boolean(),
  isOther: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.boolean()),
  isAnnounced: fc.oneof({ weight: 40, arbitrary: fc.constant(true) }, fc.boolean()),
});
const span = fc.constantFrom(SECOND, 2 * SECOND, 3 * SECOND, 7 * SECOND);
const offset = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 120_000 }));
const question = fc.record({
  lines: fc.subarray([...LINES], { minLength: 1, maxLength: 5 }),
  every: fc.oneof({ weight: 4, arbitrary: span }, fc.constant('turn' as const)),
  after: offset,
  before: offset,
});
const events = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ turns: fc.array(turn, { minLength: 1, maxLength: 60 }) }) },
    { weight: 6, arbitrary: fc.record({ question }) },
    { weight: 1, arbitrary: fc.record({ purged: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ takenBack: fc.nat(30) }) },
  ),
  { minLength: 6, maxLength: 24 },
);

async function happen(
  place: Place,
  event: typeof events extends fc.Arbitrary<(infer T)[]> ? T : never,
) {
  if ('turns' in event) {
    for (const [at, { step, isOther, isAnnounced, ...how }] of event.turns.entries()) {
      const stored = place.store(step, { ...how, from: isOther ? OTHERS : CYCLES });
      // Some are not announced themselves; before anybody reads, the last one is.
      if (isAnnounced || at === event.turns.length - 1) place.kept.add(stored);
    }
  } else if ('question' in event) {
    const { lines, every, after, before } = event.question;
    const from = { anchor: 'start', offsetMs: after } as const;
    const to = { anchor: 'now', offsetMs: -before } as const;
    await place.compare({ lines, every, from, to });
    await place.compare({ lines: lines.slice(-2), every });
    await place.compare({ lines: [DIRECT, ...lines], every, from, to });
  } else if ('purged' in event) {
    place.stored = place.stored.slice(event.purged);
    place.epoch += 'p';
  } else {
    place.stored = place.stored.slice(0, Math.max(0, place.stored.length - event.takenBack));
    place.epoch += 't';
  }
}

describe('stretches that are kept', () => {
  it('change no answer, whatever is asked, stored, purged and taken back, wherever the clock goes', async () => {
    const sizes = fc.constantFrom(5_000, 100_000, PLENTY);
    const property = fc.asyncProperty(
      events,
      sizes,
      fc.constantFrom(1, 7, 64),
      async (all, bytes, chunkSize) => {
        const place = new Place(bytes, chunkSize);
        for (const event of all) await happen(place, event);
        expect(place.kept.bytes).toBeLessThanOrEqual(bytes);
      },
    );
    await fc.assert(property, { numRuns: 80, seed: 18 });
  });
});
