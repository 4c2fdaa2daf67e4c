/** Cycles that somebody still had to get were removed for their age. */
export class HistoryRemovedError extends Error {
  override readonly name = 'HistoryRemovedError';
}
