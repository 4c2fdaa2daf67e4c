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

/** Whether bid and ask are known: both are positive, and the ask is not below the bid. */
export function isKnownBook(bid: number, ask: number): boolean {
  return bid > 0 && ask > 0 && ask >= bid;
}

/** `(ask - bid) / ((ask + bid) / 2)`; infinite where bid and ask are unknown. */
export function relativeSpread(bid: number, ask: number): number {
  if (!isKnownBook(bid, ask)) return Infinity;
  return (ask - bid) / ((ask + bid) / 2);
}
