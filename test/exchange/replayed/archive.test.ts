import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingError } from '../../../src/exchange/replayed/recorded-data.js';
import { openRecording, type Recording } from '../../../src/exchange/replayed/recording.js';
import { folderWith, minuteCandle } from '../../support/recordings.js';
import { zipOf } from '../../support/zip.js';
import { at, UNIVERSE, course, faultOf } from '../../support/recorded-course.js';

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
