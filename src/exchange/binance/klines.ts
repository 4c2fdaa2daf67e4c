import { plainDecimal } from '../../domain/decimal.js';
import { isPrice } from '../../domain/frame.js';
import type { MinuteClose, MinuteCloses, MinuteRange } from '../../market/close-source.js';
import { MalformedAnswerError } from './parse.js';

const MINUTE_MS = 60_000;
/** Where a kline has its parts. */
const OPEN_TIME = 0;
const CLOSE = 4;
/** How many faults of one answer are told. */
const MOST_FAULTS = 10;
const LONGEST_QUOTE = 40;

/** Reads `GET /api/v3/klines` in pieces: the close of each minute. A kline that makes no sense costs itself. */
export class KlinesReading {
  readonly #range: MinuteRange;
  readonly #closes = new Map<number, MinuteClose>();
  readonly #faults: string[] = [];
  #faultCount = 0;
  #row = 0;

  constructor(range: MinuteRange) {
    this.#range = range;
  }

  add(row: unknown): void {
    this.#row++;
    const read = this.#read(row);
    if (typeof read === 'object') {
      this.#closes.set(read.minute, read);
      return;
    }
    if (++this.#faultCount <= MOST_FAULTS) this.#faults.push(read);
  }

  /** @throws {MalformedAnswerError} if it was no list */
  done(isList: boolean): MinuteCloses {
    if (!isList) throw new MalformedAnswerError('klines: not a list');
    const closes = [...this.#closes.values()].sort((a, b) => a.minute - b.minute);
    return { closes, faultCount: this.#faultCount, faults: this.#faults };
  }

  /** @returns what is wrong with it, in words, where something is */
  #read(row: unknown): MinuteClose | string {
    if (!Array.isArray(row)) return `kline ${this.#row} is ${quote(row)}, not a list`;
    const parts = row as readonly unknown[];
    const minute = parts[OPEN_TIME];
    if (typeof minute !== 'number' || minute % MINUTE_MS !== 0) {
      return `kline ${this.#row} begins at ${quote(minute)}, which is no minute`;
    }
    const { from, to } = this.#range;
    const at = `kline of ${timeOf(minute)}`;
    if (!(minute >= from && minute < to)) return `${at} was not asked for`;
    if (this.#closes.has(minute)) return `${at} is there twice`;
    const close = Number(plainDecimal(parts[CLOSE]) ?? NaN);
    return isPrice(close) ? { minute, close } : `${at} closes at ${quote(parts[CLOSE])}`;
  }
}

function timeOf(moment: number): string {
  const isTime = Math.abs(moment) <= 8.64e15;
  return isTime ? new Date(moment).toISOString() : String(moment);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
