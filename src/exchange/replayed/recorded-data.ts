import { readFileSync } from 'node:fs';
import type { TickerStatistics } from '../served/feed.js';
import { decodeText } from './text.js';

/** A folder cannot be replayed; the message names the file, and the row where there is one. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** Is told in words what an operator should know, while a recording plays. */
export type Warn = (words: string) => void;

/** The data of a recording: what was known of which symbol at which moment. */
export interface RecordedData {
  /** What an operator should know of it from the start, in words. */
  readonly warnings: readonly string[];
  /** The moments at which something new was known, ascending: milliseconds since 1970. */
  readonly moments: readonly number[];
  /** Whether what was new at a moment can be played; if not, it is no longer one of the moments. */
  holds(moment: number): boolean;
  /** What was known of a symbol at a moment; null if nothing was. */
  ticker(symbol: string, at: number): TickerStatistics | null;
  /** Whether a symbol without a valid price at a moment counts as one that was traded then. */
  lists(symbol: string, at: number): boolean;
  /** Names a moment for people: by its file, where it has one of its own. */
  nameOf(moment: number): string;
}

/** The most faults that are told at once. */
const MOST_FAULTS = 10;

/** One error for all that is wrong with a folder, a line for each fault. */
export function recordingError(faults: readonly string[]): RecordingError {
  const told = faults.slice(0, MOST_FAULTS);
  if (faults.length > told.length) told.push(`and ${faults.length - told.length} more`);
  return new RecordingError(told.join('\n'));
}

/** @throws {RecordingError} naming the file if it cannot be read or is no JSON. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(decodeText(readFileSync(file)));
  } catch (error) {
    throw new RecordingError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
