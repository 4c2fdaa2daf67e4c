import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ReplayPlayer } from '../../../src/exchange/replayed/player.js';
import { openRecording } from '../../../src/exchange/replayed/recording.js';
import {
  ReplayedSource,
  type ReplayedSourceOptions,
} from '../../../src/exchange/replayed/source.js';
import type { ExchangeCall } from '../../../src/market/market-port.js';
import { keptLogger } from '../../support/logs.js';
import { ManualClock } from '../../support/exchange.js';
import { temporaryFolder } from '../../support/temporary.js';

const MINUTE = 60_000;
const START = Date.UTC(2022, 10, 8, 12);
const at = (minutes: number): number => START + minutes * MINUTE;

/** One candle as Binance's dumps have it; `close` is a price. */
function candle(minute: number, open: string, close: string): string {
  const high = Math.max(Number(open), Number(close));
  const low = Math.min(Number(open), Number(close));
  return `${at(minute)},${open},${high},${low},${close},2,${at(minute + 1) - 1},100.5,7,1,50,0`;
}

function folderWith(files: Readonly<Record<string, string | readonly string[]>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : content.join('\n');
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const snapshot = (symbol: string, lastPrice: string, closeTime: number): string =>
  JSON.stringify([
    {
      symbol,
      lastPrice,
      openPrice: '1.0',
      bidPrice: lastPrice,
      askPrice: lastPrice,
      quoteVolume: '1.0',
      closeTime,
    },
  ]);

describe('a recording of candles', () => {
  const rows = [candle(0, '10.0', '11.0'), candle(1, '11.0', '9.0'), candle(2, '9.0', '12.50')];

  it('knows at the end of each candle what has been closed since the first', async () => {
    const folder = folderWith({ 'BTCUSDT.csv': rows });
    const recording = await openRecording(folder, ['BTC', 'USDT']);
    expect(recording.moments).toEqual([at(1), at(2), at(3)]);
    expect(recording.tickers(at(2) - 1)[0]).toMatchObject({ lastPrice: '11' });
    expect(recording.tickers(at(3))[0]).toEqual({
      symbol: 'BTCUSDT',
      openPrice: '10',
      highPrice: '12.5',
      lowPrice: '9',
      lastPrice: '12.5',
      bidPrice: '0.00000000',
      askPrice: '0.00000000',
      volume: '6.00000000',
      quoteVolume: '301.50000000',
      openTime: at(0),
      closeTime: at(3) - 1,
      count: 21,
    });
    expect(recording.tickers(at(0))).toEqual([]);
  });

  it('looks back 24 h, and no further', async () => {
    const day = 1440;
    const long = Array.from({ length: day + 2 }, (_, minute) =>
      candle(minute, `${minute + 1}`, '5'),
    );
    const recording = await openRecording(folderWith({ 'BTCUSDT.csv': long }), ['BTC', 'USDT']);
    expect(recording.tickers(at(day))[0]).toMatchObject({ openPrice: '1', openTime: at(0) });
    expect(recording.tickers(at(day + 2))[0]).toMatchObject({ openPrice: '3', openTime: at(2) });
  });

  it('plays the time in which every pair of the universe has candles', async () => {
    const folder = folderWith({
      'BTCUSDT.csv': rows,
      'ETHUSDT.csv': [candle(1, '1', '2'), candle(2, '2', '3'), candle(3, '3', '4')],
      'XRPUSDT.csv': [candle(9, '1', '2')],
    });
    expect((await openRecording(folder, ['BTC', 'ETH', 'USDT'])).moments).toEqual([at(2), at(3)]);
  });

  it.each<[string, (row: string) => string]>([
    ['with numbered rows under a header', (row) => `0,${row}`],
    ['in microseconds', (row) => row.replaceAll(/\b16\d{11}\b/g, '$&000')],
  ])('is read %s', async (_name, format) => {
    const header = ',Kline open time,Open price,"Unused field, ignore"';
    const folder = folderWith({ 'BTCUSDT.csv': [header, ...rows.map(format)] });
    expect((await openRecording(folder, ['BTC', 'USDT'])).moments).toEqual([at(1), at(2), at(3)]);
  });

  it.each([
    ['too few columns', [...rows, '1,2,3'], /BTCUSDT\.csv: row 4 is no candle/],
    ['no number', [rows[0]?.replace('10.0', 'ten') ?? ''], /row 1/],
    ['rows out of order', [rows[1] ?? '', rows[0] ?? ''], /row 2 is not later/],
    ['nothing', [''], /no candles/],
  ])('is refused with the file and the row: %s', async (_name, content, message) => {
    const folder = folderWith({ 'BTCUSDT.csv': content });
    await expect(openRecording(folder, ['BTC', 'USDT'])).rejects.toThrow(message);
  });
});

describe('a recording of snapshots', () => {
  it('takes moments from file names, else from the latest close time', async () => {
    const folder = folderWith({
      '2024-07-29T172113Z.json': snapshot('BTCUSDT', '3.0', 1),
      '2024-07-29T17-20-00.500Z.json': snapshot('BTCUSDT', '2.0', 1),
      'first.json': snapshot('BTCUSDT', '1.0', Date.UTC(2024, 6, 29, 17)),
    });
    const recording = await openRecording(folder, ['BTC', 'USDT']);
    const moments = [
      Date.UTC(2024, 6, 29, 17),
      Date.UTC(2024, 6, 29, 17, 20, 0, 500),
      Date.UTC(2024, 6, 29, 17, 21, 13),
    ];
    expect(recording.moments).toEqual(moments);
    const prices = moments.map((moment) => recording.tickers(moment)[0]?.lastPrice);
    expect(prices).toEqual(['1.0', '2.0', '3.0']);
    expect(recording.tickers((moments[2] ?? 0) - 1)[0]?.lastPrice).toBe('2.0');
  });

  it.each([
    ['no JSON', { 'a.json': '[{' }, /a\.json/],
    ['no list', { 'a.json': '{}' }, /a\.json: expected a list/],
    ['no ticker', { 'a.json': '[]' }, /a\.json: no ticker in it/],
    ['nothing', {}, /found neither/],
    ['both kinds', { 'a.json': '[]', 'B.csv': '' }, /found both/],
    ['other pairs only', { 'a.json': snapshot('ETHBTC', '1', 1) }, /none of its 1 symbols/],
  ])('is refused with a reason: %s', async (_name, files, message) => {
    await expect(openRecording(folderWith(files), ['BTC', 'USDT'])).rejects.toThrow(message);
  });
});

describe('the listing of a recording', () => {
  const moment = Date.UTC(2024, 0);

  it('comes from its exchangeInfo.json', async () => {
    const listing = { symbol: 'XY', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' };
    const folder = folderWith({
      'a.json': snapshot('XY', '1', moment),
      'exchangeInfo.json': JSON.stringify({ symbols: [listing] }),
    });
    expect((await openRecording(folder, ['BTC', 'USDT'])).listings).toEqual([listing]);
  });

  it('is guessed from names without one, and what is ambiguous is refused', async () => {
    const rows = ['BTCUSDT', 'ABC', 'ETHBTC'].map(
      (symbol) => JSON.parse(snapshot(symbol, '1', moment)) as object[],
    );
    const folder = folderWith({ 'a.json': JSON.stringify(rows.flat()) });
    const recording = await openRecording(folder, ['BTC', 'USDT', 'A', 'BC', 'AB', 'C']);
    expect(recording.listings).toEqual([
      { symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' },
    ]);
    expect(recording.warnings.join()).toMatch(/more than one way: ABC/);
  });
});

describe('playing', () => {
  const folder = () =>
    folderWith({
      'BTCUSDT.csv': [0, 1, 2, 3].map((minute) => candle(minute, '1', `${minute + 1}`)),
    });
  const open = () => openRecording(folder(), ['BTC', 'USDT']);

  it('goes at the recording’s pace, times a factor, and stands still at the end', async () => {
    const clock = new ManualClock();
    const player = new ReplayPlayer(await open(), 10, clock, null);
    clock.advance(99_999);
    player.advance(null);
    expect(player.now()).toBe(at(1));
    clock.advance(3_000);
    expect(player.now()).toBe(at(1));
    player.release();
    expect(player.now()).toBe(at(1) + 30_000);
    expect(player.advance(player.now())).toBe(true);
    player.release();
    clock.advance(60_000);
    expect(player.now()).toBe(at(4));
    expect(player.advance(at(4))).toBe(false);
  });

  it('goes on after the last stored frame', async () => {
    const player = new ReplayPlayer(await open(), 1, new ManualClock(), at(2) + 17_000);
    expect(player.now()).toBe(at(2) + 17_001);
  });

  it('steps to the first moment after the last stored frame', async () => {
    const player = new ReplayPlayer(await open(), 'step', new ManualClock(), null);
    const seen = [null, at(1), at(2), at(2), at(3), at(4)].map((after) => [
      player.advance(after),
      player.now(),
    ]);
    expect(seen).toEqual([
      [true, at(1)],
      [true, at(2)],
      [true, at(3)],
      [true, at(3)],
      [true, at(4)],
      [false, at(4)],
    ]);
  });

  it('is observed through the exchange’s own API, until it is over', async () => {
    const seen = await observedToTheEnd({ speed: 'step' }, at(1));
    expect(seen).toEqual([[at(2), 2], [at(3), 3], [at(4), 4], 'REPLAY_ENDED']);
  });

  it('is read as of one moment, however long reading takes', async () => {
    const clock = new ManualClock();
    const onCall = ({ endpoint }: ExchangeCall): void => {
      if (endpoint === 'ticker/24hr') clock.advance(10 * MINUTE);
    };
    const seen = await observedToTheEnd({ speed: 1, clock, onCall }, null);
    expect(seen).toEqual([[at(1), 1], [at(4), 4], 'REPLAY_ENDED']);
  });

  /** When each turn was, and the price that it saw; then why there are no more. */
  async function observedToTheEnd(
    options: Pick<ReplayedSourceOptions, 'speed'> & Partial<ReplayedSourceOptions>,
    from: number | null,
  ): Promise<unknown[]> {
    const source = new ReplayedSource({
      path: folder(),
      universe: ['BTC', 'USDT'],
      paperWallet: [],
      clock: new ManualClock(),
      log: keptLogger(),
      ...options,
    });
    onTestFinished(() => source.stop());
    await source.start({ after: from });
    const { signal } = new AbortController();
    const seen: unknown[] = [];
    for (let after = from; ;) {
      const result = await source.observe({ after, signal });
      if (!result.ok) return [...seen, result.failure.code];
      after = result.observation.frame.observedAt;
      seen.push([after, result.observation.frame.tickers[0]?.last]);
    }
  }
});

const FTX = '../../shared/data/klines/2022-11-08_1m';
describe.skipIf(!existsSync(FTX))('the FTX crash (where ../shared/data is there)', () => {
  const universe = ['USDT', 'BTC', 'ETH', 'BNB', 'DOGE', 'BRL', 'EUR', 'BUSD'];

  it('has 996 moments of 25 pairs', async () => {
    const recording = await openRecording(FTX, universe);
    expect(recording.listings).toHaveLength(25);
    expect(recording.moments).toHaveLength(996);
    expect(recording.warnings).toEqual([]);
    for (const moment of [recording.moments[0] as number, recording.moments[500] as number]) {
      expect(recording.tickers(moment)).toHaveLength(25);
    }
  });
});
