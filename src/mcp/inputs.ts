import { z } from 'zod';

export const asset = z
  .string()
  .min(1)
  .max(32)
  .describe('An asset of the universe, as the exchange spells it, for example BTC');

export const turn = z
  .int()
  .min(1)
  .max(999_999_999)
  .optional()
  .describe('A stored turn: 1, 2, 3, …; without it, the newest');

export const moment = z.string().min(3).max(40);

export const span = z
  .string()
  .max(12)
  .regex(/^[1-9]\d{0,8}[smhdw]$/, 'a whole number and one of s, m, h, d, w, for example 15m');

export const price = z
  .enum(['LAST', 'MID', 'TAKE'])
  .describe(
    'LAST: the last traded price. MID: between bid and ask. TAKE: what selling one base brings now, less feeBps',
  );

export const feeBps = z
  .number()
  .min(0)
  .max(10_000)
  .describe('With TAKE: the fee on each leg, basis points, 0 to 10000');

export const matrixKind = z
  .enum(['ID_BENCHMARK', 'ID_DELTA', 'ID_PERCENT', 'ID_PCT', 'QUANTID'])
  .describe(
    'ID_BENCHMARK: the rate, quote per base. ID_DELTA: its change in 24 h, quote per base. ID_PERCENT: the same in percent. ' +
      'ID_PCT: how that changed since the turn before, percentage points. QUANTID: the normalised move, -1 to 1',
  );

/** For what moments may look like: they are checked where they are resolved. */
export const MOMENT_WORDS = 'RFC 3339 UTC, now, start, now-7d, start+1d';
