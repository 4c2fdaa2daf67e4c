import path from 'node:path';
import { momentInName } from './file-names.js';
import { RecordingError, recordingError } from './recorded-data.js';
import { checkEnds, readSnapshot } from './snapshot-file.js';
import type { SnapshotRows } from './snapshot-rows.js';

/** A file that can be played, as far as is known. */
export interface Snapshot {
  readonly file: string;
  readonly at: number;
}

/** What the start knows of a folder of snapshots. */
export interface ScannedSnapshots {
  readonly folder: string;
  /** By their moments, each its own; at least one. */
  readonly snapshots: readonly Snapshot[];
  /** What has been read of them, by file. */
  readonly read: ReadonlyMap<string, SnapshotRows>;
  /** Why other files are left out, with the path of each. */
  readonly faults: readonly string[];
}

/** How much of a folder is read whole at the start, bytes: a second of time, some 15 full snapshots. */
const READ_AT_START = 2 ** 25;

/**
 * Looks at every file: whether it begins and ends as a list, and as far as that is quickly done
 * whether it can be read, which the first and the last two always are.
 * @throws {RecordingError} if none can be used, with the reasons
 */
export function scanSnapshots(folder: string, names: readonly string[]): ScannedSnapshots {
  const read = new Map<string, SnapshotRows>();
  const faults: string[] = [];
  let allowance = READ_AT_START;
  const found: Snapshot[] = [];
  for (const file of names.map((name) => path.join(folder, name))) {
    attempt(faults, () => {
      allowance -= checkEnds(file);
      const moment = momentInName(path.basename(file));
      const rows = allowance > 0 || moment === null ? readSnapshot(file) : null;
      if (rows && allowance > 0) read.set(file, rows);
      found.push({ file, at: moment ?? latestCloseTime(rows as SnapshotRows) });
    });
  }
  const snapshots = oneOfEachMoment(found, faults);
  for (const index of [0, -1, -2]) {
    while (snapshots.length >= Math.max(1, -index)) {
      const { file } = snapshots.at(index) as Snapshot;
      if (read.has(file) || attempt(faults, () => read.set(file, readSnapshot(file)))) break;
      snapshots.splice(index, 1);
    }
  }
  if (snapshots.length === 0) throw recordingError(faults);
  return { folder, snapshots, read, faults };
}

/** Whether it went well; what cannot be read is noted. */
function attempt(faults: string[], work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    faults.push(error.message);
    return false;
  }
}

function latestCloseTime({ tickers }: SnapshotRows): number {
  let latest = -Infinity;
  for (const { closeTime } of tickers.values()) latest = Math.max(latest, closeTime);
  return latest;
}

/** In the order of moments; of two of one moment the one whose name comes last. */
function oneOfEachMoment(found: readonly Snapshot[], faults: string[]): Snapshot[] {
  const byMoment = new Map<number, Snapshot>();
  for (const snapshot of found) {
    const other = byMoment.get(snapshot.at);
    if (other) faults.push(`${other.file}: of the same moment as ${path.basename(snapshot.file)}`);
    byMoment.set(snapshot.at, snapshot);
  }
  return [...byMoment.values()].sort((a, b) => a.at - b.at);
}
