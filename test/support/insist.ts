import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { until } from './until.js';

/** Tries until the database takes it; whatever else goes wrong is a fault. */
export async function insist<T>(attempt: () => Promise<T>): Promise<T> {
  const tried = await until(
    'the database to take it',
    () =>
      attempt().then(
        (result) => ({ result }),
        (error: unknown) => {
          if (error instanceof DatabaseUnavailableError) return error;
          throw error;
        },
      ),
    (outcome) => 'result' in outcome,
  );
  return (tried as { result: T }).result;
}
