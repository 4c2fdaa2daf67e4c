import path from 'node:path';

/** What the name of a file with candles tells. */
export interface CandleFileName {
  readonly symbol: string;
}

/** A symbol as exchanges write them: no part of a date, and no mark of a second copy. */
const SYMBOL = /^[\p{L}\p{N}_.]{1,40}$/u;
/** As Binance's archive names its files: `BTCUSDT-1m-2024-12`, and `-2024-12-31` for a day. */
const ARCHIVED =
  /^(?<symbol>[\p{L}\p{N}_.]{1,40})-\d{1,3}(?:s|m|h|d|w|mo|M)(?:-\d{4}-\d\d(?:-\d\d)?)?$/u;

/** Reads `SYMBOL.csv` and the archive's names, of a file or within a zip; null for any other. */
export function candleFileName(name: string): CandleFileName | null {
  const stem = path.posix.basename(name).replace(/\.[^.]*$/, '');
  const symbol = ARCHIVED.exec(stem)?.groups?.['symbol'] ?? (SYMBOL.test(stem) ? stem : null);
  return symbol === null ? null : { symbol };
}

const MOMENT = /(\d{4}-\d\d-\d\d)T(\d\d)[-:]?(\d\d)[-:]?(\d\d)(\.\d{1,3})?Z/;

/** The moment in the name of a snapshot (`2024-07-29T172113Z.json`): milliseconds since 1970. */
export function momentInName(name: string): number | null {
  const match = MOMENT.exec(name);
  if (!match) return null;
  const [, date, hours, minutes, seconds, fraction = ''] = match;
  const at = Date.parse(`${date}T${hours}:${minutes}:${seconds}${fraction}Z`);
  return Number.isNaN(at) ? null : at;
}
