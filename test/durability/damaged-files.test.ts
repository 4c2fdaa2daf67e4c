import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { Damage } from '../../src/history/damage.js';
import { Backlog, BacklogError } from '../../src/durability/backlog.js';
import { Replay } from '../../src/durability/replay.js';
import { CyclesWithBacklog } from '../../src/durability/cycles-with-backlog.js';
import { CheckpointFile } from '../../src/data-dir/checkpoint-file.js';
import { BacklogFolder } from '../../src/data-dir/backlog-folder.js';
import { chain, START } from '../support/cycles.js';
import { damage as anyDamage } from '../support/damage.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { makeTemporaryFolder, removeFolder, temporaryFolder } from '../support/temporary.js';

const database = useDatabase();
const URI = 'mongodb://127.0.0.1/somewhere';
const MADE = chain(9);
/** Turns 1 to 3 are in the database, 4 to 9 are kept aside. */
const STORED = 3;

const checksum = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 32);
const nameOf = (turn: number, bytes: Uint8Array): string =>
  `${String(turn).padStart(12, '0')}-${checksum(bytes)}.bson`;

/** A database and a DATA_DIR in which cycles are kept aside; `open` is a process that starts. */
async function place(dataDir = temporaryFolder(), name?: string) {
  const { cycles, config } = await database.open(name);
  const spoolFolder = path.join(dataDir, 'spool', 'test');
  const lost: number[] = [];
  const open = async () => {
    const damage = new Damage(keptLogger());
    const last = new CheckpointFile({ dataDir, databaseName: 'test', uri: URI, damage });
    const log = keptLogger();
    const backlog = new Backlog({
      store: new BacklogFolder(dataDir, 'test', damage),
      log,
      leftCycles: () => last.cycles(),
    });
    await backlog.open();
    const replay = new Replay({
      backlog,
      cycles,
      log,
      markLost: (turn) => Promise.resolve(void lost.push(turn)),
    });
    return { backlog, replay, damage, last, all: new CyclesWithBacklog(cycles, backlog, damage) };
  };
  const rejected = (): string[] => {
    const folder = path.join(dataDir, 'rejected', 'test');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  await cycles.saveAll(MADE.slice(0, STORED));
  const { backlog } = await open();
  for (let at = STORED; at < MADE.length; at++) {
    await backlog.append({ cycle: MADE[at] as Cycle, after: MADE[at - 1] as Cycle });
  }
  const file = (turn: number): string => {
    const name = readdirSync(spoolFolder).find((each) => Number(each.slice(0, 12)) === turn);
    if (name === undefined) throw new Error(`turn ${turn} is not kept`);
    return path.join(spoolFolder, name);
  };
  return { dataDir, spoolFolder, cycles, config, open, rejected, file, lost };
}

/** Another content, in a file whose name says that it is whole. */
function replace(file: string, bytes: Uint8Array): void {
  const turn = Number(path.basename(file).slice(0, 12));
  rmSync(file);
  writeFileSync(path.join(path.dirname(file), nameOf(turn, bytes)), bytes);
}

async function replayAll(replay: Replay): Promise<string> {
  for (;;) {
    const outcome = await replay.run(0, 1_000);
    if (outcome !== 'MORE') return outcome;
  }
}

const record = (file: string): Record<string, unknown> => BSON.deserialize(readFileSync(file));
const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);

/** What a process knows that has just completed some cycles. */
function knownBy(instance: string, cycles: readonly Cycle[]) {
  const strategy = { ...defaultSettings(['USDT', 'BTC', 'ETH']), version: 1, updatedAt: START };
  const control = {
    strategy,
    purgedThrough: 0,
    cacheResets: 0,
    visibleFrom: 1,
    droppedThrough: 0,
  };
  return { instance, contactAt: Date.now(), control, cycles };
}

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
    const { open, file, rejected, cycles, lost } = await place();
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
    const { open, file, lost } = await place();
    writeFileSync(file(9), 'x');
    const { replay } = await open();
    expect(await replayAll(replay)).toBe('EMPTY');
    expect([replay.lostThrough, lost]).toEqual([9, [9]]);
  });

  it('keeps those after it from nothing where a process ends between the two', async () => {
    const { open, file, cycles } = await place();
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
    const { open, file, cycles } = await place();
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
            const { open, file, cycles, rejected, lost } = await place(folder);
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

describe('what stands in the place of a folder or a file', () => {
  it.each(['spool', 'spool/test', 'rejected', 'last'])(
    '%s as a file is moved out of the way',
    async (name) => {
      const dataDir = temporaryFolder();
      mkdirSync(path.dirname(path.join(dataDir, name)), { recursive: true });
      writeFileSync(path.join(dataDir, name), 'a file');
      const { open, rejected, file, cycles } = await place(dataDir);
      writeFileSync(file(6), 'x');
      const { replay, last } = await open();
      expect(await replayAll(replay)).toBe('EMPTY');
      expect(rejected()).toHaveLength(1);
      expect(
        (await cycles.range({ order: 'NEWEST_FIRST', limit: 1 })).map(({ turn }) => turn),
      ).toEqual([9]);
      const known = knownBy('this', MADE.slice(-2));
      await last.write(known);
      expect(await last.read()).toEqual(known);
      if (name !== 'spool/test') {
        expect(readFileSync(path.join(dataDir, `${name}.not-a-folder`), 'utf8')).toBe('a file');
      }
    },
  );

  it('files of other names are set aside and named, and what was being written is removed', async () => {
    const { open, spoolFolder, rejected, file } = await place();
    const half = path.basename(file(9));
    writeFileSync(path.join(spoolFolder, `${half}.123456`), 'half');
    writeFileSync(path.join(spoolFolder, 'cycle-10.json'), '{}');
    mkdirSync(path.join(spoolFolder, '000000000010'));
    const { backlog, damage } = await open();
    expect(backlog.turns).toEqual([4, 5, 6, 7, 8, 9]);
    expect(rejected().sort()).toEqual(['000000000010', 'cycle-10.json']);
    expect(damage.warnings).toHaveLength(2);
  });

  it('a cycle is refused, not lost, where the disk takes none', async () => {
    const { open, spoolFolder, dataDir } = await place();
    const { backlog } = await open();
    rmSync(spoolFolder, { recursive: true });
    rmSync(dataDir, { recursive: true });
    writeFileSync(dataDir, 'no folder at all');
    const [cycle] = chain(10).slice(-1);
    await expect(backlog.append({ cycle: cycle as Cycle, after: null })).rejects.toThrow(
      BacklogError,
    );
    rmSync(dataDir);
  });
});

describe('the last cycles that a process has left', () => {
  const KNOWN = knownBy('before', MADE.slice(0, 2));

  function lastOf(dataDir: string) {
    const damage = new Damage(keptLogger());
    const last = new CheckpointFile({ dataDir, databaseName: 'test', uri: URI, damage });
    return { damage, last, file: path.join(dataDir, 'last', 'test.bson') };
  }

  const whole = (bytes: Uint8Array): Buffer =>
    Buffer.concat([createHash('sha256').update(bytes).digest(), bytes]);

  it.each<[string, (file: string) => void]>([
    ['is no BSON', (file) => writeFileSync(file, whole(Buffer.from('no')))],
    ['is empty', (file) => writeFileSync(file, '')],
    ['is of another shape', (file) => writeFileSync(file, whole(BSON.serialize({ cycles: [] })))],
    [
      'is a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ])('are of no use where the file %s: it is set aside and named', async (_words, change) => {
    const dataDir = temporaryFolder();
    const { last, damage, file } = lastOf(dataDir);
    await last.write(KNOWN);
    change(file);
    expect(await last.read()).toBeNull();
    expect(readdirSync(path.join(dataDir, 'rejected', 'test'))).toEqual(['test.bson']);
    expect(damage.warnings.join()).toContain(file);
    await last.write(KNOWN);
    expect(await last.read()).toEqual(KNOWN);
  });

  it('are as they were left or not at all, whatever has happened to the file', async () => {
    const dataDir = temporaryFolder();
    const { last, file } = lastOf(dataDir);
    await fc.assert(
      fc.asyncProperty(anyDamage, fc.nat(), async ({ apply }, bit) => {
        await last.write(KNOWN);
        const bytes = readFileSync(file);
        const changed = tried(() => apply(BSON.deserialize(bytes.subarray(32))));
        if (changed) {
          writeFileSync(file, whole(BSON.serialize(changed, { ignoreUndefined: true })));
          const read = await last.read();
          if (read) expect(read.cycles).toEqual(KNOWN.cycles);
        }
        bytes[bit % bytes.length]! ^= 1 << (bit % 8);
        writeFileSync(file, bytes);
        expect(await last.read()).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});

function tried<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}
