import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingError } from '../../../src/exchange/replayed/recorded-data.js';
import { openRecording, type Recording } from '../../../src/exchange/replayed/recording.js';
import {
  folderWith,
  MINUTE,
  minuteCandle,
  snapshotName,
  tickerRow,
} from '../../support/recordings.js';
import { zipOf } from '../../support/zip.js';

const START = Date.UTC(2024, 11, 31, 23, 58);
const at = (minutes: number): number => START + minutes * MINUTE;
const UNIVERSE = ['USDT', 'BTC', 'ETH'];

/** Each moment that can be played, with the last price of a symbol. */
function course(recording: Recording, symbol = 'BTCUSDT') {
  const seen: [number, number][] = [];
  for (let moment = recording.next(null); moment !== null; moment = recording.next(moment)) {
    const [ticker] = recording.tickers(moment, [symbol]);
    seen.push([(moment - START) / MINUTE, Number(ticker?.lastPrice)]);
  }
  return seen;
}

const faultOf = (files: Parameters<typeof folderWith>[0]): Promise<string> =>
  openRecording(folderWith(files), UNIVERSE).then(
    () => 'opened',
    (error: Error) => {
      expect(error).toBeInstanceOf(RecordingError);
      return error.message;
    },
  );

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

describe('candles as the archive names them', () => {
  const december = [minuteCandle(at(0), '93000.00'), minuteCandle(at(1), '93010.00')];
  const january = [minuteCandle(at(2), '93020.00', 'us'), minuteCandle(at(3), '93030.00', 'us')];
  const whole: [number, number][] = [
    [1, 93000],
    [2, 93010],
    [3, 93020],
    [4, 93030],
  ];
  const zip = (name: string, rows: readonly string[]) => zipOf([{ name, text: rows.join('\n') }]);

  it.each<[string, Parameters<typeof folderWith>[0]]>([
    [
      'months',
      { 'BTCUSDT-1m-2024-12.csv': december, 'BTCUSDT-1m-2025-01.csv': ['open,high', ...january] },
    ],
    [
      'zips with their checksums',
      {
        'BTCUSDT-1m-2024-12.zip': zip('BTCUSDT-1m-2024-12.csv', december),
        'BTCUSDT-1m-2024-12.zip.CHECKSUM': 'abc  BTCUSDT-1m-2024-12.zip',
        'BTCUSDT-1m-2025-01.zip': zip('BTCUSDT-1m-2025-01.csv', january),
      },
    ],
    [
      'a month and a day of it that overlap and agree',
      {
        'BTCUSDT-1m-2024-12.csv': [...december, january[0] ?? ''],
        'BTCUSDT-1m-2025-01-01.csv': january,
        'BTCUSDT-1m-2024-12.zip': zip('BTCUSDT-1m-2024-12.csv', december),
      },
    ],
    [
      'one zip with files of several symbols, and of a Mac',
      {
        'all.ZIP': zipOf([
          { name: 'data/BTCUSDT-1m-2025-01.csv', text: january.join('\n') },
          { name: 'data/BTCUSDT-1m-2024-12.csv', text: december.join('\r\n') },
          { name: '__MACOSX/data/._BTCUSDT-1m-2024-12.csv', text: 'Mac OS X' },
          { name: 'ETHBTC.csv', text: [...december, ...january].join('\n') },
          { name: 'README.txt', text: 'hello' },
        ]),
      },
    ],
    [
      'a zip whose one file has another name',
      { 'BTCUSDT-1m-2024-12.zip': zip('data - copy.csv', [...december, ...january]) },
    ],
    ['names without a date', { 'BTCUSDT-1m.csv': december, 'BTCUSDT.csv': january }],
  ])('are joined: %s', async (_name, files) => {
    const recording = await openRecording(folderWith(files), UNIVERSE);
    expect(course(recording)).toEqual(whole);
    expect(recording.warnings).toEqual([]);
  });

  it('are joined whatever the order, and each counts once', async () => {
    const count = 30;
    const all = Array.from({ length: count }, (_, n) => minuteCandle(at(n), String(n + 1)));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(count - 1), fc.integer({ min: 1, max: count })), {
          minLength: 1,
          maxLength: 6,
        }),
        async (spans) => {
          const covered = new Set<number>();
          const files: Record<string, string[]> = {};
          spans.forEach(([from, length], index) => {
            const rows = all.slice(from, from + length);
            rows.forEach((_, offset) => covered.add(from + offset));
            files[`BTCUSDT-1m-2024-0${index + 1}.csv`] = rows;
          });
          const recording = await openRecording(folderWith(files), UNIVERSE);
          expect(course(recording)).toEqual(
            [...covered].sort((a, b) => a - b).map((n) => [n + 1, n + 1]),
          );
          const last = recording.moments.at(-1) as number;
          expect(recording.tickers(last)[0]?.count).toBe(covered.size);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each<[string, Parameters<typeof folderWith>[0], RegExp]>([
    [
      'files that contradict',
      {
        'BTCUSDT-1m-2024-12.csv': december,
        'BTCUSDT-1m-2024-12-31.csv': [minuteCandle(at(1), '94000')],
      },
      /BTCUSDT: the candle of 2024-12-31T23:59:00\.000Z differs \(open\) between BTCUSDT-1m-2024-12\.csv and BTCUSDT-1m-2024-12-31\.csv/,
    ],
    [
      'two intervals',
      {
        'BTCUSDT-1m-2024-12.csv': december,
        'BTCUSDT-1h-2025-01.csv': minuteCandle(at(2), '1').replace(
          String(at(3) - 1),
          String(at(62) - 1),
        ),
      },
      /different lengths.*60 s \(BTCUSDT-1m-2024-12\.csv\), 3600 s \(BTCUSDT-1h-2025-01\.csv\)/,
    ],
    ['a file that is no zip', { 'BTCUSDT-1m-2024-12.zip': 'no zip' }, /2024-12\.zip: /],
    [
      'a zip that was cut off',
      { 'BTCUSDT-1m-2024-12.zip': zip('BTCUSDT-1m-2024-12.csv', december).subarray(0, 90) },
      /2024-12\.zip: /,
    ],
    [
      'an encrypted zip',
      {
        'BTCUSDT-1m-2024-12.zip': zipOf([
          { name: 'BTCUSDT-1m-2024-12.csv', text: december.join('\n'), encrypted: true },
        ]),
      },
      /2024-12\.zip: BTCUSDT-1m-2024-12\.csv: it is encrypted/,
    ],
    [
      'a zip that unpacks to more than it says',
      {
        'BTCUSDT-1m-2024-12.zip': zipOf([
          { name: 'BTCUSDT-1m-2024-12.csv', text: '\n'.repeat(1_000_000), claimedSize: 1_000 },
        ]),
      },
      /2024-12\.zip: BTCUSDT-1m-2024-12\.csv: too many bytes/,
    ],
    [
      'a zip of nothing but zeros',
      {
        'BTCUSDT-1m-2024-12.zip': zipOf([
          { name: 'BTCUSDT-1m-2024-12.csv', text: '\0'.repeat(50_000_000) },
        ]),
      },
      /row 1 has over 10000 characters/,
    ],
    [
      'trades in place of candles',
      { 'BTCUSDT-trades-2024-12.csv': '1,2,3' },
      /none of its 0 symbols is a pair of ASSETS/,
    ],
  ])('are refused, with the files: %s', async (_name, files, message) => {
    expect(await faultOf(files)).toMatch(message);
  });

  it('that are damaged anywhere are refused, or read as they were', async () => {
    const whole = zip('BTCUSDT-1m-2024-12.csv', december);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.option(fc.nat(whole.length)),
        async (changes, length) => {
          const damaged = Buffer.from(whole.subarray(0, length ?? whole.length));
          for (const [index, change] of changes) {
            if (index < damaged.length) damaged[index] = (damaged[index] as number) ^ change;
          }
          const folder = folderWith({ 'BTCUSDT-1m-2024-12.zip': damaged });
          const opened = await openRecording(folder, UNIVERSE).catch((error: unknown) => error);
          if (opened instanceof RecordingError) expect(opened.message).toContain(folder);
          else {
            expect(course(opened as Recording)).toEqual([
              [1, 93000],
              [2, 93010],
            ]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('that lack a day or longer are played, and the gap is told', async () => {
    const later = at(3 * 1440);
    const folder = folderWith({
      'BTCUSDT-1m-2024-12.csv': december,
      'BTCUSDT-1m-2025-01.csv': minuteCandle(later, '95000'),
    });
    const recording = await openRecording(folder, UNIVERSE);
    expect(course(recording)).toHaveLength(3);
    expect(recording.warnings).toEqual([
      'The recording has no candles of BTCUSDT from 2025-01-01T00:00:00.000Z to 2025-01-03T23:58:00.000Z.',
    ]);
  });

  it('of other intervals play by their ends', async () => {
    const hour = (n: number) =>
      minuteCandle(at(60 * n), String(n + 1)).replace(
        String(at(60 * n + 1) - 1),
        String(at(60 * (n + 1)) - 1),
      );
    const folder = folderWith({ 'BTCUSDT-1h-2025-01.csv': [hour(0), hour(1)] });
    expect(course(await openRecording(folder, UNIVERSE))).toEqual([
      [60, 1],
      [120, 2],
    ]);
  });

  it('leave files of other names alone, and tell them', async () => {
    const folder = folderWith({
      'BTCUSDT-1m-2024-12.csv': december,
      'BTCUSDT-1m-2024-12 (1).csv': 'a copy',
      'BTCUSDT-trades-2024-12.zip': zip('BTCUSDT-trades-2024-12.csv', ['1,2']),
    });
    const { warnings } = await openRecording(folder, UNIVERSE);
    expect(warnings).toEqual([
      expect.stringMatching(/^Not read, .*2024-12 \(1\)\.csv.*BTCUSDT-trades-2024-12\.csv$/),
    ]);
  });
});

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
