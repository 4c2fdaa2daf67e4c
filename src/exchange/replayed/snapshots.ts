import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { isPrice, MAX_TICKER_AGE_MS } from '../../domain/frame.js';
import type { TickerStatistics } from '../served/feed.js';
import { RecordingError, type RecordedData, type Warn } from './recorded-data.js';
import { readSnapshot } from './snapshot-file.js';
import type { ScannedSnapshots, Snapshot } from './snapshot-folder.js';
import type { SnapshotRows } from './snapshot-rows.js';

/** How many snapshots stay in memory; a full one is some 2 MB of text. */
const KEPT = 2;

/**
 * Whole `ticker/24hr` answers, one a file, played as what was known from their moments on. One that
 * turns out to be of no use, or to be gone, is left out once it is reached, and told by name.
 */
export class Snapshots implements RecordedData {
  readonly warnings: readonly string[];
  readonly #symbols: ReadonlySet<string>;
  readonly #folder: string;
  readonly #atEnd: ReadonlySet<string>;
  #warn: Warn;
  #snapshots: readonly Snapshot[];
  readonly #read = new LRUCache<string, SnapshotRows>({ max: KEPT });
  /** The files of whose single rows has been told. */
  readonly #told = new Set<string>();

  /** @param symbols those that are played: what is wrong with others does not matter */
  constructor(scanned: ScannedSnapshots, symbols: ReadonlySet<string>, warn: Warn) {
    this.#symbols = symbols;
    this.#snapshots = scanned.snapshots;
    this.#folder = scanned.folder;
    this.#atEnd = new Set(
      scanned.snapshots.slice(-2).flatMap(({ file, at }) => tradedIn(scanned.read.get(file), at)),
    );
    const warnings = scanned.faults.map((fault) => this.#leftOut(fault));
    this.#warn = (words) => void warnings.push(words);
    for (const { file } of scanned.snapshots) {
      const rows = scanned.read.get(file);
      if (rows) this.#take(file, () => rows);
    }
    this.warnings = warnings;
    this.#warn = warn;
  }

  get moments(): readonly number[] {
    return this.#snapshots.map(({ at }) => at);
  }

  holds(moment: number): boolean {
    const snapshot = this.#snapshots.find(({ at }) => at === moment);
    return snapshot !== undefined && this.#rowsOf(snapshot) !== null;
  }

  ticker(symbol: string, at: number): TickerStatistics | null {
    for (;;) {
      const known = this.#snapshots.findLast((snapshot) => snapshot.at <= at);
      if (!known) return null;
      const rows = this.#rowsOf(known);
      if (rows) return rows.tickers.get(symbol) ?? null;
    }
  }

  /** One that is not in the last two snapshots either has left; of one moment alone it is missing. */
  lists(symbol: string): boolean {
    return this.#atEnd.has(symbol);
  }

  nameOf(moment: number): string {
    const snapshot = this.#snapshots.find(({ at }) => at === moment);
    return snapshot ? path.basename(snapshot.file) : new Date(moment).toISOString();
  }

  #rowsOf({ file }: Snapshot): SnapshotRows | null {
    return this.#read.get(file) ?? this.#take(file, () => readSnapshot(file));
  }

  /** Keeps what a file holds of the symbols that are played; one that holds nothing is left out. */
  #take(file: string, read: () => SnapshotRows): SnapshotRows | null {
    try {
      const rows = this.#played(file, read());
      this.#read.set(file, rows);
      return rows;
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.#warn(this.#leftOut(error.message));
      this.#snapshots = this.#snapshots.filter((snapshot) => snapshot.file !== file);
      return null;
    }
  }

  #played(file: string, { tickers, faults }: SnapshotRows): SnapshotRows {
    const isPlayed = ([symbol]: readonly [string, unknown]): boolean => this.#symbols.has(symbol);
    const rows = {
      tickers: new Map([...tickers].filter(isPlayed)),
      faults: new Map([...faults].filter(isPlayed)),
    };
    const unnamed = faults.get('');
    const told = [...rows.faults.values(), ...(unnamed === undefined ? [] : [unnamed])];
    const words = `${told[0]}${told.length > 1 ? `, and ${told.length - 1} more` : ''}`;
    if (rows.tickers.size === 0) {
      const why = told.length > 0 ? `: ${words}` : '';
      throw new RecordingError(`${file}: no ticker of a pair of ASSETS in it${why}`);
    }
    if (told.length > 0 && !this.#told.has(file)) this.#warn(`${path.basename(file)}: ${words}`);
    this.#told.add(file);
    return rows;
  }

  /** Files are named without their folder: whoever may see the status need not know where it is. */
  #leftOut(fault: string): string {
    return `Left out of the replay: ${fault.replaceAll(this.#folder + path.sep, '')}`;
  }
}

function tradedIn(rows: SnapshotRows | undefined, at: number): string[] {
  return [...(rows?.tickers.values() ?? [])]
    .filter(
      ({ lastPrice, closeTime }) =>
        isPrice(Number(lastPrice)) && at - closeTime <= MAX_TICKER_AGE_MS,
    )
    .map(({ symbol }) => symbol);
}
