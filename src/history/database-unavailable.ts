/** The database cannot be reached, or did not answer in time. Nothing is known of what was asked. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/**
 * What the database answers; while it is away, what there is instead, or what that throws.
 * Any other error passes.
 */
export async function unlessAway<Answer, Instead>(
  answer: Promise<Answer>,
  instead: (outage: DatabaseUnavailableError) => Instead | Promise<Instead>,
): Promise<Answer | Instead> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError)) throw error;
    return instead(error);
  }
}
