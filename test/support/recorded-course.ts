import { expect } from 'vitest';
import { RecordingError } from '../../src/exchange/replayed/recorded-data.js';
import { openRecording, type Recording } from '../../src/exchange/replayed/recording.js';
import { folderWith, MINUTE } from './recordings.js';

const START = Date.UTC(2024, 11, 31, 23, 58);
export const at = (minutes: number): number => START + minutes * MINUTE;
export const UNIVERSE = ['USDT', 'BTC', 'ETH'];

/** Each moment that can be played, with the last price of a symbol. */
export function course(recording: Recording, symbol = 'BTCUSDT') {
  const seen: [number, number][] = [];
  for (let moment = recording.next(null); moment !== null; moment = recording.next(moment)) {
    const [ticker] = recording.tickers(moment, [symbol]);
    seen.push([(moment - START) / MINUTE, Number(ticker?.lastPrice)]);
  }
  return seen;
}

export const faultOf = (files: Parameters<typeof folderWith>[0]): Promise<string> =>
  openRecording(folderWith(files), UNIVERSE).then(
    () => 'opened',
    (error: Error) => {
      expect(error).toBeInstanceOf(RecordingError);
      return error.message;
    },
  );
