import { MongoClient } from 'mongodb';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { OpenDatabase } from '../../src/open-database.js';
import { FrameImport, type Survey } from '../../src/transfer/frame-import.js';
import { frameRowsOf } from '../../src/transfer/frame-reading.js';
import { useDatabase } from '../support/database.js';
import { exportedFrom, FrameFiles, importInto, variedHistory } from '../support/frame-files.js';

const database = useDatabase();
const files = new FrameFiles();

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
    survey = await new FrameImport({ onRow: () => undefined } as never).survey(
      files.given(files.rows),
    );
  });

  it('is known to be at whatever write it ends, goes on to the whole with the same file, or is taken back', async () => {
    const whole = await files.of('jsonl');
    const open = await database.open();
    let ended = 0;
    for (let writes = 1; ; writes++) {
      const dies = importInto(dyingAfter(writes, open)).write(
        'f.jsonl',
        survey,
        files.given(files.rows),
      );
      const isWhole = await dies.then(
        () => true,
        () => false,
      );
      if (isWhole) break;
      ended++;
      await expect(open.claim(origin)).rejects.toThrow('holds a part of f.jsonl, whose import was');
      await importInto(open).checkDatabase(survey);
      if (writes % 2 === 0) {
        await importInto(open).write('f.jsonl', survey, files.given(files.rows));
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
      .write('f.jsonl', survey, files.given(files.rows))
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
      .write('f.jsonl', survey, files.given(files.rows))
      .catch(() => undefined);
    const shorter = await importInto(open).survey(files.given(files.rows.slice(0, 50)));
    await expect(importInto(open).checkDatabase(shorter)).rejects.toThrow('of another file');
    const others = variedHistory().map((cycle) => ({
      ...cycle,
      completedAt: cycle.completedAt + 1,
    }));
    const file = files.written(await files.of('jsonl', others), 'jsonl');
    const other = await importInto(open).survey(frameRowsOf(file, 'jsonl'));
    await expect(
      importInto(open).write('g.jsonl', other, frameRowsOf(file, 'jsonl')),
    ).rejects.toThrow('turn 1 of another file is stored: take it back first');
  });
});
