const HOUR_MS = 3_600_000;

/** The stretches of time that are chosen by one press, back from the newest turn. */
export const RANGES = ['15m', '1h', '24h', '7d', '30d', 'all'] as const;
export type RangeName = (typeof RANGES)[number];

/** How long each is, milliseconds; `all` is as long as the history. */
export const RANGE_MS: Readonly<Record<RangeName, number>> = {
  '15m': HOUR_MS / 4,
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  all: Infinity,
};
