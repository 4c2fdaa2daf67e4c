import path from 'node:path';
import type { TickerStatistics } from '../simulator/feed.js';
import { readJson, RecordingError, type RecordedData } from './recorded-data.js';

type Rows = ReadonlyMap<string, TickerStatistics>;

interface Snapshot {
  readonly file: string;
  readonly at: number;
}

/** How many snapshots stay in memory; a full one is some 2 MB of text. */
const KEPT = 2;

/**
 * Whole `ticker/24hr` answers, one a file. The moment of one is in its name
 * (`2024-07-29T172113Z.json`), else it is the latest close time in it. The symbols are those of
 * the first and the last one; the others are read when they are played.
 */
export function openSnapshots(folder: string, names: readonly string[]): RecordedData {
  const snapshots = names
    .map((name): Snapshot => {
      const file = path.join(folder, name);
      return { file, at: momentInName(name) ?? latestCloseTime(file) };
    })
    .sort((a, b) => a.at - b.at);
  const cache = new Map<string, Rows>();
  const rowsOf = ({ file }: Snapshot): Rows => {
    const rows = cache.get(file) ?? readRows(file);
    cache.delete(file);
    cache.set(file, rows);
    for (const oldest of cache.keys()) {
      if (cache.size <= KEPT) break;
      cache.delete(oldest);
    }
    return rows;
  };
  const [first, last] = [snapshots[0] as Snapshot, snapshots.at(-1) as Snapshot];
  return {
    symbols: [...new Set([...rowsOf(first).keys(), ...rowsOf(last).keys()])],
    moments: () => [...new Set(snapshots.map(({ at }) => at))],
    ticker(symbol, at) {
      const known = snapshots.findLast((snapshot) => snapshot.at <= at);
      return (known && rowsOf(known).get(symbol)) ?? null;
    },
  };
}

function momentInName(name: string): number | null {
  const match = /(\d{4}-\d\d-\d\d)T(\d\d)[-:]?(\d\d)[-:]?(\d\d)(\.\d{1,3})?Z/.exec(name);
  if (!match) return null;
  const [, date, hours, minutes, seconds, fraction = ''] = match;
  const at = Date.parse(`${date}T${hours}:${minutes}:${seconds}${fraction}Z`);
  return Number.isNaN(at) ? null : at;
}

function latestCloseTime(file: string): number {
  let latest = -Infinity;
  for (const { closeTime } of readRows(file).values()) latest = Math.max(latest, closeTime);
  if (Number.isSafeInteger(latest)) return latest;
  throw new RecordingError(`${file}: no time in its name, and no close time in it`);
}

function readRows(file: string): Rows {
  const rows = readJson(file);
  if (!Array.isArray(rows)) throw new RecordingError(`${file}: expected a list of tickers`);
  return new Map(
    (rows as readonly TickerStatistics[])
      .filter((row) => typeof row?.symbol === 'string')
      .map((row) => [row.symbol, row]),
  );
}
