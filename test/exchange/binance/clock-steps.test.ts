import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ExchangeCall } from '../../../src/market/market-port.js';
import {
  failureOf,
  ManualClock,
  marketOf,
  NOON,
  observationOf,
  observe,
  startExchange,
} from '../../support/exchange.js';
import { PATIENCE } from '../../support/patience.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Wall time that parts from measured time by so much has leapt. */
const LEAP_MS = 1_000;

type Step =
  | { readonly kind: 'PASS'; readonly ms: number }
  /** The machine sleeps: its monotonic clock stands still, the exchange's goes on. */
  | { readonly kind: 'SLEEP'; readonly ms: number }
  | { readonly kind: 'SET'; readonly ms: number };

const pass = fc.record({ kind: fc.constant('PASS'), ms: fc.integer({ min: 1, max: 2 * HOUR }) });
const sleep = fc.record({
  kind: fc.constant('SLEEP'),
  ms: fc.integer({ min: 5_000, max: 2 * DAY }),
});
const set = fc.record({
  kind: fc.constant('SET'),
  ms: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -40 * DAY, max: 40 * DAY })),
});
const steps = fc.array(fc.oneof(pass, sleep, set), { maxLength: 10 });

/** Our clock, and an exchange whose clock nobody sets. */
async function setUp() {
  const clock = new ManualClock();
  let asleep = 0;
  const truth = (): number => NOON + clock.monotonic() - new ManualClock().monotonic() + asleep;
  const exchange = await startExchange({ now: truth });
  const calls: ExchangeCall[] = [];
  const market = marketOf(exchange, { clock, onCall: (call) => calls.push(call) });
  /** How often the listing was read. */
  const reads = (): number => calls.filter(({ endpoint }) => endpoint === 'exchangeInfo').length;
  const take = ({ kind, ms }: Step): void => {
    if (kind === 'PASS') clock.advance(ms);
    else clock.set(ms);
    if (kind === 'SLEEP') asleep += ms;
  };
  return { clock, exchange, market, reads, truth, take };
}

describe('whatever our wall clock does', () => {
  it('the exchange’s clock is known at each observation, and how far ours is off', async () => {
    const { clock, market, truth, take } = await setUp();
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        for (const step of sequence) {
          take(step);
          const offset = market.status().clockOffsetMs;
          // What is said before the next measurement is true, or it is not said.
          if (offset !== null) expect(offset).toBe(truth() - clock.now());
          const { frame } = await observationOf(market);
          expect(frame.observedAt).toBe(truth());
          expect(market.status().clockOffsetMs).toBe(truth() - clock.now());
        }
      }),
      { numRuns: 25 },
    );
  });

  it('what the exchange lists is read again after a leap, and hourly, no more often', async () => {
    const { clock, market, reads, take } = await setUp();
    await observationOf(market);
    const ahead = (): number => clock.now() - clock.monotonic();
    let last = { at: clock.monotonic(), ahead: ahead() };
    let expected = 1;
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        for (const step of sequence) {
          take(step);
          await observationOf(market);
          const hasLeapt = Math.abs(ahead() - last.ahead) >= LEAP_MS;
          const isDue = hasLeapt || clock.monotonic() - last.at >= HOUR;
          if (isDue) last = { at: clock.monotonic(), ahead: ahead() };
          if (isDue) expected++;
          // It is read beside the turns.
          await vi.waitFor(() => expect(reads(), JSON.stringify(step)).toBe(expected), PATIENCE);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('a ban is kept for as long as it lasts, no less and no more', async () => {
    const { clock, exchange, market, truth } = await setUp();
    await observationOf(market);
    const slices = fc.array(
      fc.record({
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        setMs: fc.integer({ min: -3 * DAY, max: 3 * DAY }),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 60_000, max: 2 * DAY }),
        fc.integer({ min: -3 * DAY, max: 3 * DAY }),
        slices,
        async (banMs, setFirst, sequence) => {
          // The clock is set just before the ban is told, so that the two do not agree.
          clock.set(setFirst);
          exchange.faults.add({
            kind: 'STATUS',
            status: 418,
            body: 'JSON',
            bannedUntil: truth() + banMs,
          });
          expect(await failureOf(market)).toMatchObject({
            code: 'EXCHANGE_BANNED',
            retryInMs: banMs,
          });
          exchange.faults.clear();
          const calls = exchange.requests.length;
          let left = banMs;
          for (const { share, setMs } of sequence) {
            const ms = Math.floor(share * (left - 1));
            clock.advance(ms);
            left -= ms;
            clock.set(setMs);
            expect(await failureOf(market)).toMatchObject({ retryInMs: left });
            expect(market.status().bannedUntil).toBe(clock.now() + left);
          }
          expect(exchange.requests).toHaveLength(calls);
          clock.advance(left);
          expect(await observe(market)).toMatchObject({ ok: true });
          expect(market.status().bannedUntil).toBeNull();
        },
      ),
      { numRuns: 25 },
    );
  });
});
