import type { Frame } from '../domain/frame.js';

/**
 * Says so when too little of the market is valid to make a turn: fewer than half of the last stored
 * turn's symbols that are still listed as trading, or none at all. What has left is no shortage.
 */
export function symbolShortage(
  frame: Frame,
  before: Frame | null,
  listed: readonly string[],
): string | null {
  if (frame.tickers.length === 0) return 'no symbol of the universe has a valid price';
  const trading = new Set(listed);
  const expected = (before?.tickers ?? []).filter(({ symbol }) => trading.has(symbol));
  const valid = new Set(frame.tickers.map(({ symbol }) => symbol));
  const count = expected.filter(({ symbol }) => valid.has(symbol)).length;
  if (2 * count >= expected.length) return null;
  return `only ${count} of the last turn's ${expected.length} symbols are valid`;
}
