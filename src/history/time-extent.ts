/** From when to when there are stored cycles. */
export interface TimeExtent {
  /** The smallest and the largest stored `observedAt`, milliseconds since 1970; null without a cycle. */
  observed(): Promise<{ readonly first: number; readonly last: number } | null>;
}
