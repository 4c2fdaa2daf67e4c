import { describe, expect, it } from 'vitest';
import { isReadable, UnreadableCycle } from '../../src/history/stored-cycle.js';
import { Recompute } from '../../src/history/recompute.js';
import { useDatabase } from '../support/database.js';
import {
  ageAll,
  agingOf,
  cyclesAt,
  sealedPlace,
  SPARSE,
  type SealedPlace,
} from '../support/sealed.js';
import {
  documents,
  manifest,
  NEWEST,
  parts,
  storedCycles,
  turnsOfDocuments,
  UNCHECKED,
} from '../support/sealed-collections.js';

const database = useDatabase();

async function sealedAndAged(): Promise<SealedPlace> {
  const place = await sealedPlace(database);
  await place.sealAll();
  await ageAll(place);
  expect(await turnsOfDocuments(place)).toEqual(NEWEST);
  return place;
}

describe('a block that is the only copy', () => {
  it('and is damaged costs its own turns, each of which is there and says so', async () => {
    for (const part of ['turns', 'records', 'volumes', 'pair.0']) {
      const place = await sealedAndAged();
      await parts(place).deleteOne({ _id: new RegExp(`^0000001/.*/${part}$`) as never });
      const inBlock = (turn: number) => turn > 2_048 && turn <= 4_096;
      const open = await database.open(place.db.databaseName);
      const found = await open.cycles.byTurns(SPARSE);
      for (const cycle of found) expect(isReadable(cycle)).toBe(!inBlock(cycle.turn));
      expect(found.map(({ turn }) => turn).sort((a, b) => a - b)).toEqual(SPARSE);
      const [bad] = found.filter((cycle) => cycle instanceof UnreadableCycle);
      expect(bad?.message).toMatch(
        /^the cycle of turn \d+ cannot be read: of the sealed block 1, its only copy/,
      );
      const words = 'block 1 is damaged: part';
      expect(open.damage.warnings.join()).toContain(words);
      expect(open.damage.warnings.join()).toContain(
        'It is the only copy of the cycles of turns 2049 to 4096',
      );
      const flaws = await place.flaws();
      expect(flaws.map(({ code, block }) => [code, block])).toEqual([['BLOCK_DAMAGED', 1]]);
      // Neither sealing nor anything else takes away what is left of it.
      const left = await parts(place).countDocuments();
      const sealer = place.sealing({ aging: agingOf(place) });
      for (let round = 0; round < 6; round++) await sealer.run();
      expect(await parts(place).countDocuments()).toBe(left);
      const turns: number[] = [];
      for await (const chunk of place.open.chunks.chunks(1, Infinity)) {
        const records = await chunk.records();
        chunk.turns.forEach((turn, at) => {
          if (inBlock(turn)) expect(records[at]).toBeNull();
          if (SPARSE.includes(turn)) turns.push(turn);
        });
      }
      expect(turns).toEqual(SPARSE);
      expect(place.open.damage.warnings.join()).toContain(words);
    }
  });

  it('is not taken away for its damage where older documents stand', async () => {
    const place = await sealedPlace(database);
    await documents(place).updateOne({ turn: 2 }, { $set: { leadPrice: 7 } }, UNCHECKED);
    await place.sealAll();
    await ageAll(place);
    await parts(place).deleteOne({ _id: /^0000001.*volumes/ as never });
    const left = await parts(place).countDocuments();
    const sealer = place.sealing();
    for (let round = 0; round < 6; round++) await sealer.run();
    expect(await parts(place).countDocuments()).toBe(left);
    expect((await place.open.cycles.byTurns([1, 3_000, 4_100])).map(isReadable)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('answers still where its line of the manifest was changed, which verification names', async () => {
    const place = await sealedAndAged();
    const all = await storedCycles(database, place);
    await manifest(place).updateOne({ block: 1, isOnlyCopy: true }, { $set: { firstTurn: 2_500 } });
    expect(await storedCycles(database, place)).toStrictEqual(all);
    expect((await place.flaws()).map(({ code }) => code)).toContain('LINE_CHANGED');
    const sealer = place.sealing({ aging: agingOf(place) });
    for (let round = 0; round < 6; round++) await sealer.run();
    expect(await storedCycles(database, place)).toStrictEqual(all);
  });

  it('keeps its turns from being used again', async () => {
    const place = await sealedAndAged();
    const { cycles } = place.open;
    const [own] = cyclesAt(SPARSE).filter(({ turn }) => turn === 3_000);
    const [other] = cyclesAt(SPARSE, 7).filter(({ turn }) => turn === 3_000);
    if (!own || !other) throw new Error('there is no such turn');
    expect(await cycles.save(other)).toBe('TURN_TAKEN');
    expect(await cycles.save(own)).toBe('SAVED');
    const next = cyclesAt([6_147, 6_148]);
    expect(await cycles.saveAll([own, ...next.slice(0, 1), other, ...next.slice(1)])).toBe(2);
    expect(await turnsOfDocuments(place)).toEqual([...NEWEST, 6_147]);
  });

  it('gives way to documents where its figures are computed anew', async () => {
    const falsified = cyclesAt(SPARSE).map((cycle) =>
      cycle.turn === 3_000
        ? { ...cycle, quants: { ...cycle.quants, values: [0.25, 1, -1] } }
        : cycle,
    );
    const place = await sealedPlace(database, falsified);
    const { open } = place;
    const before = new Map(
      (await documents(place).find().toArray()).map((each) => [each['turn'] as number, each]),
    );
    await place.sealAll();
    await ageAll(place);
    const { turns, rewrite, opening } = open.history;
    const write = { rewrite, removal: opening, check: () => undefined };
    const steps = new Recompute({ documents: turns, cycles: open.cycles, write });
    const outcomes: [number, string][] = [];
    for await (const { turn, outcome } of steps.over(1, 9_999)) outcomes.push([turn, outcome]);
    expect(outcomes.map(([turn]) => turn)).toEqual(SPARSE);
    expect(outcomes).toContainEqual([3_000, 'CHANGES']);
    expect(await turnsOfDocuments(place)).toEqual([2_049, 3_000, 3_001, 4_096, ...NEWEST]);
    for (const turn of [2_049, 4_096]) {
      expect(await documents(place).findOne({ turn })).toEqual(before.get(turn));
    }
    const expected = [...(await storedCycles(database, place))];
    await place.sealAll();
    await ageAll(place);
    // The id of one that was rewritten follows from nothing, and yet it is the same.
    expect(await turnsOfDocuments(place)).toEqual(NEWEST);
    expect(await storedCycles(database, place)).toStrictEqual(expected);
    const entries = (await open.history.sealed.all()).filter(({ block }) => block === 1);
    await opening.with(3_000);
    expect(entries).toHaveLength(1);
    expect(await storedCycles(database, place)).toStrictEqual(expected);
  });

  it('goes with a purge, which other instances notice', async () => {
    const place = await sealedAndAged();
    const other = await database.open(place.db.databaseName);
    expect(await other.cycles.count()).toBe(SPARSE.length);
    expect(await place.open.cycles.removeThrough(6_146)).toBe(SPARSE.length);
    expect([await other.cycles.count(), await other.cycles.span()]).toEqual([0, null]);
    expect(await other.cycles.byTurns(SPARSE)).toEqual([]);
    expect(await parts(place).countDocuments()).toBe(0);
    expect(other.damage.warnings).toEqual([]);
  });
});
