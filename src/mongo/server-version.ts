import type { Database } from './connect.js';

/** How long the question may take before the database counts as away, milliseconds. */
const PROBE_MS = 1_000;

/** The server's version, or null while it does not answer. */
export async function serverVersion({ connection, isAway }: Database): Promise<string | null> {
  if (isAway) return null;
  const asked = connection.db?.admin().command({ buildInfo: 1 }, { timeoutMS: PROBE_MS });
  try {
    const info = await asked;
    return typeof info?.['version'] === 'string' ? info['version'] : null;
  } catch {
    return null;
  }
}
