import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../../src/exchange/replayed/recording.js';
import { folderWith, snapshotName, tickerRow } from '../../support/recordings.js';
import { at, UNIVERSE, course, faultOf } from '../../support/recorded-course.js';

describe('a snapshot', () => {
  const closeTime = at(0);
  const json = (...rows: readonly unknown[]): string => JSON.stringify(rows);
  const opened = (content: string | Uint8Array) =>
    openRecording(folderWith({ [snapshotName(at(0))]: content }), UNIVERSE);

  it.each<[string, string | Uint8Array, number]>([
    ['with prices as JSON numbers', json(tickerRow('BTCUSDT', 7.91e-6, closeTime)), 7.91e-6],
    ['in scientific notation', json(tickerRow('BTCUSDT', '7.91E-06', closeTime)), 7.91e-6],
    ['with its time as text', json(tickerRow('BTCUSDT', '2', String(closeTime))), 2],
    ['with its time in microseconds', json(tickerRow('BTCUSDT', '2', closeTime * 1000)), 2],
    ['with a byte-order mark', `\uFEFF${json(tickerRow('BTCUSDT', '2', closeTime))}\r\n`, 2],
    ['as UTF-16', Buffer.from(`\uFEFF${json(tickerRow('BTCUSDT', '2', closeTime))}`, 'utf16le'), 2],
  ])('is read %s', async (_name, content, price) => {
    const recording = await opened(content);
    expect(course(recording)).toEqual([[0, price]]);
    expect(recording.tickers(at(0))[0]).toMatchObject({ closeTime });
    expect(recording.warnings).toEqual([]);
  });

  const good = tickerRow('ETHUSDT', '3000', closeTime);
  it.each<[string, unknown, RegExp]>([
    ['a price that is none', tickerRow('BTCUSDT', 'abc', closeTime), /lastPrice: .*"abc"/],
    ['a price that is null', tickerRow('BTCUSDT', null, closeTime), /lastPrice: .*null/],
    ['a list for a price', tickerRow('BTCUSDT', [1], closeTime), /lastPrice: .*\[1\]/],
    ['a negative price', tickerRow('BTCUSDT', -5, closeTime), /lastPrice: .*at least 0/],
    ['no time', tickerRow('BTCUSDT', '1', undefined), /closeTime: expected milli.*nothing/],
    ['a time that is none', tickerRow('BTCUSDT', '1', 'NaN'), /closeTime: .*"NaN"/],
    ['a row that is no ticker', 7, /row 2 is no ticker: symbol/],
    ['a row that is null', null, /row 2 is no ticker: symbol/],
  ])(
    'is played without a row that cannot be read, which is told: %s',
    async (_name, row, words) => {
      const recording = await opened(json(good, row));
      expect(recording.tickers(at(0)).map(({ symbol }) => symbol)).toEqual(['ETHUSDT']);
      expect(recording.warnings).toEqual([expect.stringMatching(words)]);
      expect(recording.warnings.join()).toContain(snapshotName(at(0)));
      expect(recording.warnings.join()).toContain('row 2');
    },
  );

  it('is played with a book that is not known where it cannot be read', async () => {
    const row = { ...tickerRow('BTCUSDT', '1', closeTime), bidPrice: '?', askPrice: null };
    const recording = await opened(json(row));
    expect(recording.tickers(at(0))[0]).toMatchObject({
      bidPrice: '0.00000000',
      askPrice: '0.00000000',
    });
    expect(recording.warnings).toEqual([expect.stringMatching(/BTCUSDT\) bidPrice: .*"\?"/)]);
  });

  it('counts a row that stands twice once, and neither of two that differ', async () => {
    const row = tickerRow('BTCUSDT', '1', closeTime);
    expect(course(await opened(json(row, row)))).toEqual([[0, 1]]);
    const differing = await opened(json(good, row, tickerRow('BTCUSDT', '2', closeTime)));
    expect(differing.tickers(at(0)).map(({ symbol }) => symbol)).toEqual(['ETHUSDT']);
    expect(differing.warnings).toEqual([expect.stringMatching(/row 3 has BTCUSDT a second time/)]);
  });
});

describe('a folder of snapshots', () => {
  const good = (minute: number) =>
    JSON.stringify([tickerRow('BTCUSDT', String(minute + 1), at(minute))]);
  const unusable: Readonly<Record<string, [string, RegExp]>> = {
    'an empty file': ['', /empty/],
    'a file of spaces': [' \n', /empty/],
    'an empty list': ['[]', /no ticker in it/],
    'a cut file': [good(1).slice(0, 60), /cut off/],
    'an object': ['{"symbols":[]}', /expected a list/],
    'no JSON': ['[{"symbol":NaN}]', /JSON/],
    'tickers of other pairs': [
      JSON.stringify([tickerRow('XRPEUR', '1', at(1))]),
      /no ticker of a pair of ASSETS/,
    ],
    'rows that cannot be read': [
      JSON.stringify([tickerRow('BTCUSDT', null, at(1))]),
      /no ticker in it: row 1 \(BTCUSDT\) lastPrice/,
    ],
  };

  it.each(Object.entries(unusable))(
    'leaves out %s once, by name, and plays the rest',
    async (_name, [content, reason]) => {
      for (const place of [0, 1, 2]) {
        const files = Object.fromEntries(
          [0, 1, 2].map((n) => [snapshotName(at(n)), n === place ? content : good(n)]),
        );
        const recording = await openRecording(folderWith(files), UNIVERSE);
        expect(course(recording)).toEqual(
          [0, 1, 2].filter((n) => n !== place).map((n) => [n, n + 1]),
        );
        expect(recording.warnings).toHaveLength(1);
        expect(recording.warnings[0]).toMatch(reason);
        expect(recording.warnings[0]).toContain(`replay: ${snapshotName(at(place))}: `);
      }
    },
  );

  it('that is too large to be read at the start is left out of later, once, by name', async () => {
    const large = `[${' '.repeat(34_000_000)}${good(0).slice(1)}`;
    const names = [0, 1, 2, 3, 4, 5].map((n) => snapshotName(at(n)));
    const folder = folderWith({
      [names[0] as string]: large,
      [names[1] as string]: '[{"symbol":NaN}]',
      [names[2] as string]: good(2),
      [names[3] as string]: good(3),
      [names[4] as string]: good(4),
      [names[5] as string]: good(5),
    });
    const told: string[] = [];
    const recording = await openRecording(folder, UNIVERSE, (words) => told.push(words));
    expect(recording.warnings).toEqual([]);
    rmSync(path.join(folder, names[3] as string));
    writeFileSync(path.join(folder, names[4] as string), good(4).slice(0, 30));
    appendFileSync(path.join(folder, names[2] as string), '\n\n');
    const first = course(recording);
    expect(first).toEqual([
      [0, 1],
      [2, 3],
      [5, 6],
    ]);
    expect(course(recording)).toEqual(first);
    expect(told).toEqual([
      expect.stringContaining(names[1] as string),
      expect.stringMatching(new RegExp(`${names[3]}: ENOENT`)),
      expect.stringMatching(new RegExp(`${names[4]}: .*JSON`)),
    ]);
    expect(told.join()).not.toContain(folder);
  });

  it('is refused with the reasons where nothing can be played', async () => {
    const fault = await faultOf({ [snapshotName(at(0))]: '', [snapshotName(at(1))]: '[' });
    expect(fault).toMatch(/2358\d\dZ\.json: empty\n.*2359\d\dZ\.json: cut off/);
  });

  it('plays one of two of the same moment, and tells the other', async () => {
    const dashed = '2024-12-31T23-58-00Z.json';
    const recording = await openRecording(
      folderWith({ [snapshotName(at(0))]: good(0), [dashed]: good(8) }),
      UNIVERSE,
    );
    expect(course(recording)).toEqual([[0, 1]]);
    expect(recording.warnings).toEqual([expect.stringContaining(dashed)]);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{"symbols":[', /exchangeInfo\.json: .*JSON/],
    ['a list', '[]', /exchangeInfo\.json: exchangeInfo: no list of symbols/],
    ['no symbol that can be read', '{"symbols":[7]}', /exchangeInfo\.json: .*no readable symbol/],
    ['nothing', '', /exchangeInfo\.json: /],
  ])('is refused with an exchangeInfo.json that is damaged: %s', async (_name, text, message) => {
    expect(await faultOf({ [snapshotName(at(0))]: good(0), 'exchangeInfo.json': text })).toMatch(
      message,
    );
  });
});
