import type { StoredCycle } from '../history/stored-cycle.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import { readCycle, unreadableCycle } from './cycle-reading.js';
import { parsed, parsedAnyhow } from './raw-documents.js';

/** What is damaged so that it cannot even be parsed costs only itself. */
export function readBytes(bytes: Uint8Array): StoredCycle | null {
  const document = parsed(bytes);
  return document
    ? readCycle(document)
    : unreadableCycle(parsedAnyhow(bytes), 'it holds text that is not UTF-8');
}

/** The cycles of documents as they are stored. */
export async function readAll(
  documents: readonly Uint8Array[],
  pace: Pace = firstPace(),
): Promise<StoredCycle[]> {
  const cycles: StoredCycle[] = [];
  for (const bytes of documents) {
    if (pace.isSpent) await pace.next();
    const cycle = readBytes(bytes);
    if (cycle) cycles.push(cycle);
  }
  return cycles;
}
