/** The database cannot be reached, or did not answer in time. Nothing is known of what was asked. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}
