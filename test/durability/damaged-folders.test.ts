import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { Damage } from '../../src/history/damage.js';
import { BacklogError } from '../../src/durability/backlog.js';
import { CheckpointFile } from '../../src/data-dir/checkpoint-file.js';
import { chain } from '../support/cycles.js';
import { damage as anyDamage } from '../support/damage.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { temporaryFolder } from '../support/temporary.js';
import { URI, MADE, place, replayAll, knownBy, tried } from '../support/backlog-place.js';

const database = useDatabase();

describe('what stands in the place of a folder or a file', () => {
  it.each(['spool', 'spool/test', 'rejected', 'last'])(
    '%s as a file is moved out of the way',
    async (name) => {
      const dataDir = temporaryFolder();
      mkdirSync(path.dirname(path.join(dataDir, name)), { recursive: true });
      writeFileSync(path.join(dataDir, name), 'a file');
      const { open, rejected, file, cycles } = await place(database, dataDir);
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
    const { open, spoolFolder, rejected, file } = await place(database);
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
    const { open, spoolFolder, dataDir } = await place(database);
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
