import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary.js';

export const MINUTE = 60_000;

/** A folder with files of these contents; lists are rows. */
export function folderWith(
  files: Readonly<Record<string, string | Uint8Array | readonly string[]>>,
): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const isRows = Array.isArray(content);
    writeFileSync(path.join(folder, name), isRows ? content.join('\n') : (content as string));
  }
  return folder;
}

/** A candle of a minute as Binance's dumps have it. */
export function minuteCandle(openTime: number, price: string, unit: 'ms' | 'us' = 'ms'): string {
  const [open, close] = [openTime, openTime + MINUTE - 1];
  const times = unit === 'ms' ? [open, close] : [`${open}000`, `${close}999`];
  return `${times[0]},${price},${price},${price},${price},1.0,${times[1]},${price},1,0.5,1.0,0`;
}

/** A row of a `ticker/24hr` answer. */
export function tickerRow(symbol: string, lastPrice: unknown, closeTime: unknown): object {
  return {
    symbol,
    lastPrice,
    openPrice: lastPrice,
    bidPrice: lastPrice,
    askPrice: lastPrice,
    quoteVolume: '1.0',
    closeTime,
  };
}

/** The name of a snapshot by its moment. */
export function snapshotName(at: number): string {
  return `${new Date(at).toISOString().replaceAll(':', '').replace('.000', '')}.json`;
}
