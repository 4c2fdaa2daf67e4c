import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { BacklogFolder } from '../../src/data-dir/backlog-folder.js';
import { damage as anyDamage } from '../support/damage.js';
import { useDatabase } from '../support/database.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary.js';
import { MADE, STORED, place, replayAll, knownBy, tried } from '../support/backlog-place.js';

const database = useDatabase();

const checksum = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 32);
const nameOf = (turn: number, bytes: Uint8Array): string =>
  `${String(turn).padStart(12, '0')}-${checksum(bytes)}.bson`;

/** Another content, in a file whose name says that it is whole. */
function replace(file: string, bytes: Uint8Array): void {
  const turn = Number(path.basename(file).slice(0, 12));
  rmSync(file);
  writeFileSync(path.join(path.dirname(file), nameOf(turn, bytes)), bytes);
}

const record = (file: string): Record<string, unknown> => BSON.deserialize(readFileSync(file));
const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);

describe('a kept cycle that this program does not understand', () => {
  it.each<[string, (file: string) => void]>([
    ['is no BSON', (file) => replace(file, Buffer.from('not at all'))],
    ['is empty', (file) => replace(file, Buffer.alloc(0))],
    ['is cut off', (file) => writeFileSync(file, cut(readFileSync(file)))],
    ['is BSON of something else', (file) => replace(file, BSON.serialize({ a: 1 }))],
    [
      'holds its cycle under another name',
      (file) => replace(file, BSON.serialize({ entry: record(file)['cycle'] })),
    ],
    [
      'says nothing of what it follows',
      (file) => replace(file, BSON.serialize({ cycle: record(file)['cycle'] })),
    ],
    [
      'is of a later version',
      (file) => {
        const { cycle, after } = record(file) as { cycle: object; after: object };
        replace(file, BSON.serialize({ cycle: { ...cycle, schemaVersion: 3 }, after }));
      },
    ],
    [
      'lacks a field',
      (file) => {
        const { cycle, after } = record(file) as { cycle: { tickers?: object }; after: object };
        delete cycle.tickers;
        replace(file, BSON.serialize({ cycle, after }));
      },
    ],
    [
      'has one bit flipped',
      (file) => {
        const bytes = readFileSync(file);
        bytes[100]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    [
      'is of another turn',
      (file) => {
        const folder = path.dirname(file);
        const [seventh = ''] = readdirSync(folder).filter((name) => /^0*7-/.test(name));
        replace(file, readFileSync(path.join(folder, seventh)));
      },
    ],
    [
      'is a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
        writeFileSync(path.join(file, 'something'), 'in it');
      },
    ],
  ])('because it %s is set aside and named, and all others are stored', async (_words, change) => {
    const { open, file, rejected, cycles, lost } = await place(database);
    change(file(6));
    const { backlog, replay, all, damage } = await open();
    // While it is not stored: the others answer, and this one is named.
    const range = await all.range({ order: 'OLDEST_FIRST', limit: 100 });
    expect(range.map((each) => (each instanceof Error ? each.turn : each))).toEqual(
      MADE.map((cycle) => (cycle.turn === 6 ? 6 : cycle)),
    );
    expect(damage.warnings.join()).toContain('turn 6');
    expect(await replayAll(replay)).toBe('EMPTY');
    expect(await cycles.range({ order: 'OLDEST_FIRST', limit: 100 })).toEqual(
      MADE.filter(({ turn }) => turn !== 6),
    );
    expect(rejected()).toHaveLength(1);
    expect([...backlog.warnings, ...damage.warnings].join()).toContain(
      path.join('rejected', 'test'),
    );
    expect(lost).toEqual([6]);
  });

  it('leaves its number free for none, also where it is the last', async () => {
    const { open, file, lost } = await place(database);
    writeFileSync(file(9), 'x');
    const { replay } = await open();
    expect(await replayAll(replay)).toBe('EMPTY');
    expect([replay.lostThrough, lost]).toEqual([9, [9]]);
  });

  it('keeps those after it from nothing where a process ends between the two', async () => {
    const { open, file, cycles } = await place(database);
    for (const turn of [4, 5]) writeFileSync(file(turn), 'x');
    const files = await open();
    // As if the process had ended once the damaged ones were set aside.
    const folder = new BacklogFolder(
      path.dirname(path.dirname(path.dirname(file(6)))),
      'test',
      files.damage,
    );
    await folder.turns();
    for (const turn of [4, 5]) await folder.reject(turn, 'damaged');
    expect(await replayAll((await open()).replay)).toBe('EMPTY');
    expect(
      (await cycles.range({ order: 'OLDEST_FIRST', limit: 9 })).map(({ turn }) => turn),
    ).toEqual([1, 2, 3, 6, 7, 8, 9]);
  });

  it('is found in the last cycles that the process before has left, and nothing is lost', async () => {
    const { open, file, cycles } = await place(database);
    const { last } = await open();
    await last.write(knownBy('before', MADE.slice(7, 9)));
    for (const turn of [8, 9]) writeFileSync(file(turn), 'x');
    const { backlog, replay } = await open();
    expect(await backlog.read(9)).toEqual(MADE[8]);
    expect(await replayAll(replay)).toBe('EMPTY');
    expect(await cycles.range({ order: 'OLDEST_FIRST', limit: 100 })).toEqual(MADE);
    expect(backlog.warnings).toEqual([]);
  });

  it('costs only itself, whatever has happened to any of the files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.integer({ min: STORED + 1, max: MADE.length }), anyDamage, fc.boolean()),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        async (damages) => {
          const folder = makeTemporaryFolder();
          try {
            const { open, file, cycles, rejected, lost } = await place(database, folder);
            const harmed = new Set<number>();
            for (const [turn, { apply, isHarmless }, isInCycle] of damages) {
              const before = record(file(turn));
              const after = tried(() =>
                isInCycle ? { ...before, cycle: apply(before['cycle'] as never) } : apply(before),
              );
              if (!after) continue;
              if (!isHarmless) harmed.add(turn);
              replace(file(turn), BSON.serialize(after, { ignoreUndefined: true }));
            }
            const { replay } = await open();
            const outcome = await replayAll(replay);
            const stored = await cycles.range({ order: 'OLDEST_FIRST', limit: 100 });
            // What is stored is what was pushed, and what is not stored is kept for people.
            for (const cycle of stored) expect(cycle).toEqual(MADE[cycle.turn - 1]);
            const missing = MADE.map(({ turn }) => turn).filter(
              (turn) => !stored.some((each) => each.turn === turn),
            );
            expect(rejected()).toHaveLength(missing.length);
            // One that still parses may say that it follows another history: then nobody knows.
            if (outcome === 'EMPTY') {
              expect([...harmed]).toEqual(expect.arrayContaining(missing));
              expect(lost.sort()).toEqual(missing);
            }
          } finally {
            removeFolder(folder);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
