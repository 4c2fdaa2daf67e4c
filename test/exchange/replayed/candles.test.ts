import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../../src/exchange/replayed/recording.js';
import { folderWith, minuteCandle } from '../../support/recordings.js';
import { at, UNIVERSE, course, faultOf } from '../../support/recorded-course.js';

describe('a row of candles', () => {
  const row = minuteCandle(at(0), '7.91');
  const cells = row.split(',');
  const withCell = (index: number, text: string): string => cells.with(index, text).join(',');

  it.each<[string, string, number]>([
    ['in scientific notation', withCell(4, '7.91e-06'), 7.91e-6],
    ['with a sign in the exponent', withCell(4, '7.91E+3'), 7910],
    ['with times in scientific notation', withCell(0, '1.73568948e12'), 7.91],
    ['with whole numbers that have a point', `${withCell(8, '10.0')}`, 7.91],
    ['with every cell in quotes', cells.map((cell) => `"${cell}"`).join(','), 7.91],
    ['with spaces around cells', cells.join(' , '), 7.91],
    ['in microseconds', minuteCandle(at(0), '7.91', 'us'), 7.91],
  ])('is read %s', async (_name, text, price) => {
    const recording = await openRecording(folderWith({ 'BTCUSDT.csv': text }), UNIVERSE);
    expect(course(recording)).toEqual([[1, price]]);
  });

  it.each<[string, string, RegExp]>([
    ['no number', withCell(2, 'ten'), /row 1 is no candle: high: expected a number.*"ten"/],
    ['an empty cell', withCell(4, ''), /close: expected a number.*found ""/],
    ['not a number', withCell(4, 'NaN'), /close: expected a number/],
    ['a negative price', withCell(1, '-5'), /open: expected a number of at least 0.*"-5"/],
    ['a volume that is none', withCell(7, 'x'), /quote volume: expected a number/],
    ['a time in seconds', withCell(0, '1735689480'), /open time: expected milliseconds or micros/],
    ['a date', withCell(6, '2024-12-31 23:58'), /close time: expected milliseconds or micros/],
    ['an end before its start', withCell(6, String(at(-1))), /close time: expected a time not/],
    ['a candle of a week', withCell(6, String(at(7 * 1440) - 1)), /close time: .* day or less/],
    ['other columns', '1,2,3', /expected 12 columns, separated by commas, found 3/],
    ['semicolons', cells.join(';'), /BTCUSDT\.csv: no candles|expected 12 columns/],
  ])('is refused with file, row and field: %s', async (_name, text, message) => {
    const fault = await faultOf({ 'BTCUSDT.csv': text });
    expect(fault).toMatch(message);
    expect(fault).toContain('BTCUSDT.csv');
  });
});

describe('a file of candles', () => {
  const rows = [minuteCandle(at(0), '1'), minuteCandle(at(1), '2'), minuteCandle(at(2), '3')];
  const header = '\uFEFFopen_time,open,high,low,close,volume,close_time,quote_volume,count';
  const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

  it.each<[string, string | Uint8Array]>([
    ['with a byte-order mark', `\uFEFF${rows.join('\n')}`],
    ['with a byte-order mark and a header', [header, ...rows].join('\n')],
    ['with carriage returns', `${rows.join('\r\n')}\r\n`],
    ['with carriage returns alone', rows.join('\r')],
    ['with empty lines at its end', `${rows.join('\n')}\n\n \n\n`],
    ['as UTF-16', utf16(rows.join('\r\n'))],
    ['as UTF-16, the other way round', utf16(rows.join('\n')).swap16()],
  ])('is read %s', async (_name, content) => {
    const recording = await openRecording(folderWith({ 'BTCUSDT.csv': content }), UNIVERSE);
    expect(course(recording)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('is refused where a line has no end', async () => {
    const fault = await faultOf({ 'BTCUSDT.csv': '0'.repeat(100_000) });
    expect(fault).toMatch(/BTCUSDT\.csv: row 1 has over 10000 characters/);
  });

  it('is refused together with all others that are wrong, and only what is played is read', async () => {
    const fault = await faultOf({
      'BTCUSDT.csv': [rows[1] ?? '', rows[0] ?? ''],
      'ETHUSDT.csv': 'a,b',
      'ETHBTC.csv': rows,
      'XRPUSDT.csv': 'nonsense',
    });
    expect(fault.split('\n')).toEqual([
      expect.stringMatching(/BTCUSDT\.csv: row 2 is not later than the row before \(open time\)$/),
      expect.stringMatching(/ETHUSDT\.csv: no candles$/),
    ]);
  });

  it('is refused where it is a folder', async () => {
    const folder = folderWith({ 'ETHUSDT.csv': rows });
    mkdirSync(path.join(folder, 'BTCUSDT.csv'));
    await expect(openRecording(folder, UNIVERSE)).rejects.toThrow(/BTCUSDT\.csv: EISDIR/);
  });
});
