import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../../src/exchange/replayed/recording.js';
import { at, candle } from '../../support/noon-candles.js';
import { folderWith } from '../../support/recordings.js';

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

const FTX = '../shared/data/klines/2022-11-08_1m';
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
