import type { Fault } from '../../src/exchange/served/faults.js';

export const INFO = '/api/v3/exchangeInfo';
export const TICKERS = '/api/v3/ticker/24hr';

/** Only what hangs is to run into the deadline, however busy the machine is. */
export const timeoutFor = ({ kind }: Fault): number => (kind === 'HANG' ? 2_000 : 60_000);
