/**
 * The best path between two assets: fewest legs, then the smallest sum of relative spreads, then the
 * symbol names in order of the legs. It is sought from the asset whose name sorts first, and the
 * other direction takes it in reverse.
 *
 * This is the rule for two paths of as many legs: by the sum of their spreads, added from the first
 * leg to the last, and by their place in the order of names.
 */
export function isBetter(
  spread: number,
  place: number,
  thanSpread: number,
  thanPlace: number,
): boolean {
  return spread < thanSpread || (spread === thanSpread && place < thanPlace);
}

/**
 * `(ask - bid) / ((ask + bid) / 2)`; infinite, meaning unknown, where bid or ask is not positive or
 * the ask is below the bid.
 */
export function relativeSpread(bid: number, ask: number): number {
  if (!(bid > 0) || !(ask > 0) || ask < bid) return Infinity;
  return (ask - bid) / ((ask + bid) / 2);
}
