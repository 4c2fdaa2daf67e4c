import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { deriveAnew } from '../../src/domain/derivation.js';
import type { Cycle, CycleFigures } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import type { OpenDatabase } from '../../src/open-database.js';
import {
  FrameImport,
  ImportRefused,
  type ImportStore,
  type Survey,
} from '../../src/transfer/frame-import.js';
import { FileFault, frameRowsOf, type ReadRow } from '../../src/transfer/frame-reading.js';
import { useDatabase } from '../support/database.js';
import { exported, exporterOf } from '../support/exports.js';
import { historyOf, universeOf } from '../support/history.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary.js';

const UNIVERSE = universeOf(5);
const database = useDatabase();
const folder = makeTemporaryFolder();
afterAll(() => removeFolder(folder));

let cycles: readonly Cycle[];
let rows: readonly Record<string, unknown>[];
beforeAll(async () => {
  cycles = varied(historyOf(UNIVERSE, 160));
  rows = (await fileOf('jsonl'))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
});

/** With all that a cycle may have: changed settings, failed turns, balances that could not be read, times apart. */
function varied(plain: readonly Cycle[]): Cycle[] {
  let previous: CycleFigures | null = null;
  return plain
    .filter(({ turn }) => turn % 50 !== 0)
    .map((cycle) => {
      const version = 1 + Math.floor(cycle.turn / 100);
      const holdings =
        cycle.turn % 7 === 0 ? { ...cycle.holdings, unreadable: ['LDX'] } : cycle.holdings;
      const config = { ...defaultSettings(UNIVERSE), version, updatedAt: version };
      const intervalMs = cycle.turn > 120 ? null : cycle.intervalMs;
      previous = deriveAnew({ ...cycle, holdings, config, intervalMs }, previous);
      return previous.cycle;
    });
}

function fileOf(format: 'jsonl' | 'arrow' | 'parquet', stored: readonly Cycle[] = cycles) {
  return exported(exporterOf(stored, UNIVERSE).exporter, { frames: 'true', format });
}

function written(bytes: Buffer | string, ending: string): string {
  const file = `${folder}/frames.${ending}`;
  writeFileSync(file, bytes);
  return file;
}

/** Rows of a file as if they had been read. */
async function* given(values: readonly unknown[]): AsyncGenerator<ReadRow> {
  await Promise.resolve();
  const file = written(values.map((value) => JSON.stringify(value)).join('\n'), 'jsonl');
  yield* frameRowsOf(file, 'jsonl');
}

const importInto = (open: Pick<OpenDatabase, 'cycles'> & { imports: ImportStore }) =>
  new FrameImport({ store: open.imports, cycles: open.cycles, onRow: () => undefined });

/** What an import over nothing says of some rows. */
async function refused(values: readonly unknown[]): Promise<readonly string[]> {
  const frames = new FrameImport({ onRow: () => undefined } as never);
  const error: unknown = await frames.survey(given(values)).catch((reason: unknown) => reason);
  return error instanceof ImportRefused ? error.lines : [];
}

async function exportedFrom(open: OpenDatabase, format: 'jsonl' | 'arrow' | 'parquet') {
  const { exporter } = exporterOf([], UNIVERSE, {
    cycles: open.cycles,
    extent: { observed: () => open.ages.observedWithin(1, 1e6) },
    origin: () => open.imports.origin(),
  });
  return exported(exporter, { frames: 'true', format });
}

describe('an import of frames', () => {
  it.each(['jsonl', 'arrow', 'parquet'] as const)(
    'of %s has the same cycles in the database, and they are exported as the same bytes',
    async (format) => {
      const bytes = await fileOf(format);
      const file = written(bytes, format);
      const open = await database.open();
      const frames = importInto(open);
      const survey = await frames.survey(frameRowsOf(file, format));
      expect(survey).toMatchObject({ turns: cycles.length, firstTurn: 1, isPart: false });
      await frames.checkDatabase(survey);
      await frames.write('frames', survey, frameRowsOf(file, format));
      expect((await exportedFrom(open, format)).equals(bytes)).toBe(true);
      expect(await open.imports.begun()).toBeNull();
      const { strategy, purgedThrough } = await open.controlStore.control(
        defaultSettings(UNIVERSE),
      );
      expect([strategy, purgedThrough]).toEqual([cycles.at(-1)?.config, 0]);
      expect((await open.controlStore.version(1))?.updatedAt).toBe(1);
      await expect(frames.checkDatabase(survey)).rejects.toThrow(
        'turns 1 to 160 are stored: name a database without cycles',
      );
    },
  );

  it('takes a part of a history, whose first turn builds upon one that it does not have', async () => {
    const frames = new FrameImport({ onRow: () => undefined } as never);
    const survey = await frames.survey(given(rows.slice(100)));
    expect(survey).toMatchObject({ firstTurn: 103, lastTurn: 160, isPart: true });
  });

  const changed = (at: number, change: Record<string, unknown>) =>
    rows.with(at, { ...rows[at], ...change });
  it.each<[string, () => readonly unknown[], string]>([
    ['another quant', () => changed(9, { quants: [0, 0, 0, 0, 0] }), 'row 10: quants.'],
    ['another luggage', () => changed(9, { luggage: 7 }), 'row 10: aux.luggage: is 7, and '],
    [
      'another price',
      () => {
        const [first, ...others] = rows[9]?.['tickers'] as { last: number }[];
        return changed(9, { tickers: [{ ...first, last: (first?.last ?? 0) * 1.01 }, ...others] });
      },
      'row 10: ',
    ],
    [
      'a price of nothing',
      () => {
        const [first, ...others] = rows[9]?.['tickers'] as object[];
        return changed(9, { tickers: [{ ...first, open: 0 }, ...others] });
      },
      'row 10: tickers[0].open: ',
    ],
    [
      'a pair out of order',
      () => {
        const tickers = rows[9]?.['tickers'] as object[];
        return changed(9, { tickers: tickers.toReversed() });
      },
      'row 10: tickers[1].symbol: ',
    ],
    [
      'a row twice',
      () => rows.toSpliced(9, 0, rows[9] as Record<string, unknown>),
      'row 11: turn: 10 does not come after 10',
    ],
    [
      'a row that is missing',
      () => rows.toSpliced(9, 1),
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
    ['no object', () => rows.with(9, 5 as never), 'row 10: row: '],
  ])('refuses %s, and says where', async (_, file, words) => {
    const lines = await refused(file().slice(0, 40));
    expect(lines[0]).toContain(words);
    // What follows may build upon it.
    expect(lines.slice(1).every((line) => /^row (11|12): (quants|aux)/.test(line))).toBe(true);
    expect(lines.length).toBeLessThan(3);
  });

  it('says many at once, and what is no JSON', async () => {
    const text = rows.map((row, at) => (at % 7 === 5 ? '{"turn":' : JSON.stringify(row)));
    const frames = new FrameImport({ onRow: () => undefined } as never);
    const read = frameRowsOf(written(text.join('\r\n'), 'jsonl'), 'jsonl');
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
    const file = written(`${row}\n`.repeat(200), 'jsonl');
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
      for await (const read of frameRowsOf(folder, 'jsonl')) expect(read).toBeUndefined();
    };
    await expect(readFolder()).rejects.toThrow('cannot be read as jsonl after row 0: EISDIR');
  });

  it.each(['arrow', 'parquet'] as const)(
    'says of a broken file of %s what it is',
    async (format) => {
      const bytes = await fileOf(format);
      for (const broken of [bytes.subarray(0, bytes.length / 2), Buffer.from('no such file')]) {
        const frames = new FrameImport({ onRow: () => undefined } as never);
        const survey = frames.survey(frameRowsOf(written(broken, format), format));
        await expect(survey).rejects.toThrow(FileFault);
      }
    },
  );

  it('refuses a database that is bound to another origin, or has used its turns', async () => {
    const open = await database.open();
    const survey = await importInto(open).survey(given(rows.slice(0, 20)));
    await open.controlStore.markPurged(20);
    await open.claim({ exchange: 'BINANCE', source: 'https://test', account: 'PAPER' });
    await expect(importInto(open).checkDatabase(survey)).rejects.toThrow(
      /^turns up to 20 were used here before.*\nit is one for cycles of BINANCE, https:\/\/test, PAPER/,
    );
  });
});

/** Whatever is killed before its n-th write. */
function dyingAfter(writes: number, open: OpenDatabase) {
  let left = writes;
  const dying = <T extends object>(target: T, names: readonly string[]): T =>
    new Proxy(target, {
      get(_, name) {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          if (names.includes(String(name)) && left-- <= 0) throw new Error('killed');
          return Reflect.apply(member, target, given) as unknown;
        };
      },
    });
  return {
    cycles: dying(open.cycles, ['saveAll', 'removeThrough']),
    imports: dying(open.imports, ['begin', 'end', 'recordOrigin', 'putSettings', 'forgetOrigin']),
  };
}

describe('an import that is broken off', () => {
  const origin = { exchange: 'SIMULATED', source: 'https://test', account: 'PAPER' };
  let survey: Survey;
  beforeAll(async () => {
    survey = await new FrameImport({ onRow: () => undefined } as never).survey(given(rows));
  });

  it('is known to be at whatever write it ends, goes on to the whole with the same file, or is taken back', async () => {
    const whole = await fileOf('jsonl');
    const open = await database.open();
    let ended = 0;
    for (let writes = 1; ; writes++) {
      const dies = importInto(dyingAfter(writes, open)).write('f.jsonl', survey, given(rows));
      const isWhole = await dies.then(
        () => true,
        () => false,
      );
      if (isWhole) break;
      ended++;
      await expect(open.claim(origin)).rejects.toThrow('holds a part of f.jsonl, whose import was');
      await importInto(open).checkDatabase(survey);
      if (writes % 2 === 0) {
        await importInto(open).write('f.jsonl', survey, given(rows));
        expect((await exportedFrom(open, 'jsonl')).equals(whole)).toBe(true);
        await importInto(open).discard({ hadOrigin: false });
      } else {
        const mark = await open.imports.begun();
        if (!mark) throw new Error('there is no mark');
        await expect(importInto(dyingAfter(writes % 3, open)).discard(mark)).rejects.toThrow();
        await expect(open.imports.refuseUnfinished()).rejects.toThrow('was broken off');
        await importInto(open).discard(mark);
        expect([await open.cycles.span(), await open.imports.origin()]).toEqual([null, null]);
      }
      await open.claim(origin);
      await open.imports.forgetOrigin();
    }
    // The mark, the origin, two versions of settings, two parts of cycles, and not the end.
    expect(ended).toBe(6);
  });

  it('is taken back whole where its mark is damaged', async () => {
    const name = 'damaged_mark';
    const open = await database.open(name);
    await importInto(dyingAfter(5, open))
      .write('f.jsonl', survey, given(rows))
      .catch(() => undefined);
    expect((await open.cycles.span())?.latest).toBeGreaterThan(100);
    const client = await MongoClient.connect(database.engine.uri);
    onTestFinished(() => client.close());
    await client
      .db(name)
      .collection<{ _id: string }>('config')
      .updateOne(
        { _id: 'import' },
        { $set: { file: 7, lastTurn: 'x' }, $unset: { hadOrigin: '' } },
      );
    await expect(open.claim(origin)).rejects.toThrow('holds a part of a file, whose import was');
    const begun = await open.imports.begun();
    await importInto(open).discard(begun ?? { hadOrigin: false });
    expect([await open.cycles.span(), await open.imports.begun()]).toEqual([null, null]);
  });

  it('goes on with no other file', async () => {
    const open = await database.open();
    await importInto(dyingAfter(5, open))
      .write('f.jsonl', survey, given(rows))
      .catch(() => undefined);
    const shorter = await importInto(open).survey(given(rows.slice(0, 50)));
    await expect(importInto(open).checkDatabase(shorter)).rejects.toThrow('of another file');
    const others = varied(historyOf(UNIVERSE, 160)).map((cycle) => ({
      ...cycle,
      completedAt: cycle.completedAt + 1,
    }));
    const file = written(await fileOf('jsonl', others), 'jsonl');
    const other = await importInto(open).survey(frameRowsOf(file, 'jsonl'));
    await expect(
      importInto(open).write('g.jsonl', other, frameRowsOf(file, 'jsonl')),
    ).rejects.toThrow('turn 1 of another file is stored: take it back first');
  });
});
