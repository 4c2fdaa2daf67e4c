import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/domain/strategy.js';
import { useDatabase } from '../support/database.js';
import type { Ended } from '../support/process.js';
import { cyclesAt, SPARSE } from '../support/sealed.js';
import { falsified, lines, storedPlace } from '../support/stored-place.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describe('recompute', () => {
  const cycles = cyclesAt(SPARSE);
  const wrong = cycles.map((cycle) => (cycle.turn === 2_049 ? falsified(cycle) : cycle));

  it('says what would change, and stores it only when it is told to', async () => {
    const place = await storedPlace(database, wrong);
    expect((await place.run('seal')).code).toBe(0);
    const asked = await place.run('recompute', '--json');
    expect([asked.code, asked.stderr]).toEqual([1, 'nothing is stored without --write\n']);
    expect(lines(asked)).toContainEqual({
      ...{ turn: 2_049, field: 'quants.USDT', stored: 0.25 },
      derived: cycles[5]?.quants.values[0],
    });
    expect(await place.run('recompute', '--json')).toEqual(asked);

    const written = await place.run('recompute', '--write', '--json');
    expect([written.code, written.stderr]).toEqual([0, '']);
    expect(lines(written).at(-1)).toMatchObject({ turns: SPARSE.length, isWritten: true });
    await place.open(async (open) => {
      expect(await open.cycles.byTurns(SPARSE)).toEqual(cycles);
      // What was sealed of them is not read any more.
      expect((await open.history.sealed.counting()).map(({ block }) => block)).toEqual([0, 2]);
    });
    expect(await place.run('recompute')).toMatchObject({ code: 0 });
    expect(await place.run('seal')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^block 1: /) as string,
    });
    expect(await place.run('verify')).toMatchObject({ code: 0 });
  });

  it('voids what was kept of the cycles, also where one before it was killed in the end', async () => {
    const place = await storedPlace(database, cycles);
    const settings = defaultSettings(['USDT', 'BTC', 'ETH']);
    const before = await place.open(async ({ controlStore, checkpointStore }) => {
      const control = await controlStore.control(settings);
      const instance = 'an instance that was stopped';
      await checkpointStore.write({ instance, control, cycles, contactAt: Date.now() });
      return control;
    });
    expect(await place.run('recompute', '--write')).toMatchObject({ code: 0 });
    const [after, left] = await place.open(async ({ controlStore, cycles: stored }) => [
      await controlStore.control(settings),
      await stored.count(),
    ]);
    expect([after, left]).toEqual([
      { ...before, cacheResets: before.cacheResets + 1 },
      SPARSE.length,
    ]);
    expect(existsSync(`${place.folder}/.data/last/${place.name}.bson`)).toBe(false);
  });

  it('goes on from a turn upon what is stored before it', async () => {
    const place = await storedPlace(database, wrong);
    const { code, stdout } = await place.run('recompute', '--from', '3001', '--json');
    expect([code, lines({ stdout } as Ended).at(-1)]).toEqual([
      0,
      { turns: 7, changed: 0, passed: 0, isWritten: false },
    ]);
  });

  it('writes nothing while a server runs the turns', async () => {
    const place = await storedPlace(database, wrong);
    const server = await place.serve();
    await turnReached(server, 6_147);
    const { code, stderr } = await place.run('recompute', '--write');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^a server runs the turns on this data/),
    ]);
    expect(await place.run('recompute')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/would change/) as string,
    });
  });
});
