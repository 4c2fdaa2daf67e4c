import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/domain/strategy.js';
import { FrameImport, ImportRefused } from '../../src/transfer/frame-import.js';
import { FileFault, frameRowsOf } from '../../src/transfer/frame-reading.js';
import { useDatabase } from '../support/database.js';
import { exportedFrom, FrameFiles, importInto, UNIVERSE } from '../support/frame-files.js';

const database = useDatabase();
const files = new FrameFiles();

/** What an import over nothing says of some rows. */
async function refused(values: readonly unknown[]): Promise<readonly string[]> {
  const frames = new FrameImport({ onRow: () => undefined } as never);
  const error: unknown = await frames
    .survey(files.given(values))
    .catch((reason: unknown) => reason);
  return error instanceof ImportRefused ? error.lines : [];
}

describe('an import of frames', () => {
  it.each(['jsonl', 'arrow', 'parquet'] as const)(
    'of %s has the same cycles in the database, and they are exported as the same bytes',
    async (format) => {
      const bytes = await files.of(format);
      const file = files.written(bytes, format);
      const open = await database.open();
      const frames = importInto(open);
      const survey = await frames.survey(frameRowsOf(file, format));
      expect(survey).toMatchObject({ turns: files.cycles.length, firstTurn: 1, isPart: false });
      await frames.checkDatabase(survey);
      await frames.write('frames', survey, frameRowsOf(file, format));
      expect((await exportedFrom(open, format)).equals(bytes)).toBe(true);
      expect(await open.imports.begun()).toBeNull();
      const { strategy, purgedThrough } = await open.controlStore.control(
        defaultSettings(UNIVERSE),
      );
      expect([strategy, purgedThrough]).toEqual([files.cycles.at(-1)?.config, 0]);
      expect((await open.controlStore.version(1))?.updatedAt).toBe(1);
      await expect(frames.checkDatabase(survey)).rejects.toThrow(
        'turns 1 to 160 are stored: name a database without cycles',
      );
    },
  );

  it('takes a part of a history, whose first turn builds upon one that it does not have', async () => {
    const frames = new FrameImport({ onRow: () => undefined } as never);
    const survey = await frames.survey(files.given(files.rows.slice(100)));
    expect(survey).toMatchObject({ firstTurn: 103, lastTurn: 160, isPart: true });
  });

  const changed = (at: number, change: Record<string, unknown>) =>
    files.rows.with(at, { ...files.rows[at], ...change });
  it.each<[string, () => readonly unknown[], string]>([
    ['another quant', () => changed(9, { quants: [0, 0, 0, 0, 0] }), 'row 10: quants.'],
    ['another luggage', () => changed(9, { luggage: 7 }), 'row 10: aux.luggage: is 7, and '],
    [
      'another price',
      () => {
        const [first, ...others] = files.rows[9]?.['tickers'] as { last: number }[];
        return changed(9, { tickers: [{ ...first, last: (first?.last ?? 0) * 1.01 }, ...others] });
      },
      'row 10: ',
    ],
    [
      'a price of nothing',
      () => {
        const [first, ...others] = files.rows[9]?.['tickers'] as object[];
        return changed(9, { tickers: [{ ...first, open: 0 }, ...others] });
      },
      'row 10: tickers[0].open: ',
    ],
    [
      'a pair out of order',
      () => {
        const tickers = files.rows[9]?.['tickers'] as object[];
        return changed(9, { tickers: tickers.toReversed() });
      },
      'row 10: tickers[1].symbol: ',
    ],
    [
      'a row twice',
      () => files.rows.toSpliced(9, 0, files.rows[9] as Record<string, unknown>),
      'row 11: turn: 10 does not come after 10',
    ],
    [
      'a row that is missing',
      () => files.rows.toSpliced(9, 1),
      'row 10: previousTurn: 10 is not the turn of the row before',
    ],
    [
      'an unknown field',
      () => changed(9, { profit: 1 }),
      'row 10: row: Unrecognized key: "profit"',
    ],
    ['a field that is missing', () => changed(9, { config: undefined }), 'row 10: config: '],
    [
      'no decimal',
      () => changed(9, { balances: [{ asset: 'A', free: 1, locked: '0' }] }),
      'row 10: balances[0].free: ',
    ],
    [
      'a time without its zone',
      () => changed(9, { observedAt: '2023-11-14T22:13:30' }),
      'row 10: observedAt: ',
    ],
    [
      'another exchange',
      () => changed(9, { source: 'https://other' }),
      'row 10: exchange, source, account: ',
    ],
    ['another formula', () => changed(9, { formulaVersion: 2 }), 'row 10: formulaVersion: '],
    ['a file of a later program', () => changed(9, { format: 2 }), 'row 10: format: '],
    ['no object', () => files.rows.with(9, 5 as never), 'row 10: row: '],
  ])('refuses %s, and says where', async (_, file, words) => {
    const lines = await refused(file().slice(0, 40));
    expect(lines[0]).toContain(words);
    // What follows may build upon it.
    expect(lines.slice(1).every((line) => /^row (11|12): (quants|aux)/.test(line))).toBe(true);
    expect(lines.length).toBeLessThan(3);
  });

  it('says many at once, and what is no JSON', async () => {
    const text = files.rows.map((row, at) => (at % 7 === 5 ? '{"turn":' : JSON.stringify(row)));
    const frames = new FrameImport({ onRow: () => undefined } as never);
    const read = frameRowsOf(files.written(text.join('\r\n'), 'jsonl'), 'jsonl');
    const error: unknown = await frames.survey(read).catch((reason: unknown) => reason);
    const { lines } = error as ImportRefused;
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([
      21,
      'row 6: is no JSON',
      'the rows after these were not read',
    ]);
  });

  it('holds no row that was read, and says what is wrong with the file', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const row = JSON.stringify('x'.repeat(200_000));
    const file = files.written(`${row}\n`.repeat(200), 'jsonl');
    collect();
    const before = process.memoryUsage().heapUsed;
    let held = Infinity;
    for await (const read of frameRowsOf(file, 'jsonl')) {
      if (read.row < 200) continue;
      collect();
      held = process.memoryUsage().heapUsed - before;
    }
    expect(held).toBeLessThan(10 * row.length);
    const readFolder = async () => {
      for await (const read of frameRowsOf(files.folder, 'jsonl')) expect(read).toBeUndefined();
    };
    await expect(readFolder()).rejects.toThrow('cannot be read as jsonl after row 0: EISDIR');
  });

  it.each(['arrow', 'parquet'] as const)(
    'says of a broken file of %s what it is',
    async (format) => {
      const bytes = await files.of(format);
      for (const broken of [bytes.subarray(0, bytes.length / 2), Buffer.from('no such file')]) {
        const frames = new FrameImport({ onRow: () => undefined } as never);
        const survey = frames.survey(frameRowsOf(files.written(broken, format), format));
        await expect(survey).rejects.toThrow(FileFault);
      }
    },
  );

  it('refuses a database that is bound to another origin, or has used its turns', async () => {
    const open = await database.open();
    const survey = await importInto(open).survey(files.given(files.rows.slice(0, 20)));
    await open.controlStore.markPurged(20);
    await open.claim({ exchange: 'BINANCE', source: 'https://test', account: 'PAPER' });
    await expect(importInto(open).checkDatabase(survey)).rejects.toThrow(
      /^turns up to 20 were used here before.*\nit is one for cycles of BINANCE, https:\/\/test, PAPER/,
    );
  });
});
