import { MongoServerError } from 'mongodb';

export const NAMESPACE_EXISTS = 48;
export const DUPLICATE_KEY = 11000;

/**
 * Runs an operation; that the database answers with this code is as good as that it was done.
 * @returns whether it was done now
 */
export async function ignoring(code: number, operation: Promise<unknown>): Promise<boolean> {
  try {
    await operation;
    return true;
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== code) throw error;
    return false;
  }
}
