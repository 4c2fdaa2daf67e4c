import { describe, expect, it } from 'vitest';
import { readExport } from '../../src/transfer/request.js';

describe('what is asked of an export', () => {
  it.each([
    [{}, 'cells: expected BASE/QUOTE'],
    [{ cells: 'BTC' }, 'cells: expected BASE/QUOTE'],
    [{ cells: 'A/B,A/B' }, 'cells: expected each once'],
    [{ cells: Array.from({ length: 101 }, (_, n) => `A/${n}`).join() }, 'cells: expected at most'],
    [{ cells: 'A/B', format: 'xls' }, 'format: expected csv, jsonl, arrow, parquet'],
    [{ cells: 'A/B', kind: 'OTHER' }, 'kind: expected ID_BENCHMARK, ID_DELTA'],
    [{ cells: 'A/B', from: 'yesterday' }, 'from: is no moment'],
    [{ cells: 'A/B', every: '5x' }, 'every: is no span'],
    [{ cells: 'A/B', of: 'MIN' }, 'of: expected with every'],
    [{ cells: 'A/B', every: '5m', of: 'MIN,MIN' }, 'of: expected each once'],
    [{ cells: 'A/B', every: '5m', of: 'MODE' }, 'of: expected LAST'],
    [{ cells: 'A/B', kind: 'QUANTID', price: 'MID' }, 'price: expected with ID_BENCHMARK'],
    [{ cells: 'A/B', feeBps: '5' }, 'feeBps: expected with the price TAKE'],
    [{ cells: 'A/B', price: 'TAKE', feeBps: '10001' }, 'feeBps: expected 0 to 10000'],
    [{ frames: 'true' }, 'format: expected jsonl, arrow or parquet with frames'],
    [{ frames: 'true', format: 'jsonl', cells: 'A/B' }, 'cells: expected without frames'],
    [{ frames: 'maybe' }, 'frames: expected true or false'],
  ])('%j: %s', (given, expected) => {
    const read = readExport(given);
    const faults = 'faults' in read ? read.faults : [];
    const said = faults.map(({ parameter, words }) => `${parameter}: ${words}`);
    expect(said).toContainEqual(expect.stringContaining(expected));
  });

  it('says all that is wrong at once', () => {
    const read = readExport({ cells: 'A', from: 'x', to: 'y', every: 'z' });
    expect('faults' in read && read.faults.map(({ parameter }) => parameter)).toEqual([
      'from',
      'to',
      'cells',
      'every',
    ]);
  });

  it('reads prices to trade at', () => {
    const read = readExport({ cells: 'A/B', price: 'take', feeBps: '7.5' });
    expect(read).toMatchObject({ request: { lines: [{ trade: { price: 'TAKE', feeBps: 7.5 } }] } });
  });
});
