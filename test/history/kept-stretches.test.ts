import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/domain/series/line.js';
import { DAY, HOUR, SECOND } from '../../src/domain/series/span.js';
import { Stretches } from '../../src/domain/series/stretch.js';
import { keptKey } from '../../src/history/kept-stretches.js';
import { isReadable as isReadableCycle } from '../../src/history/stored-cycle.js';
import {
  BEGIN,
  cell,
  CROSS,
  DIRECT,
  ONLY_OTHERS,
  OTHERS,
  Place,
} from '../support/stretches-place.js';

describe('stretches that are kept', () => {
  it('take no reading the second time, in whatever the same buckets are asked for again', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24 * 4 + 1);
    const past = { to: { at: BEGIN + 24 * 4 * SECOND }, lines: [DIRECT, CROSS] };
    const first = await place.compare(past);
    expect(first).toMatchObject({ turns: 24 * 4, fromKept: false });
    expect(place.reads).toEqual([{ first: 1, last: 24 * 4 }]);
    const nothing = { turns: 0, blocks: 0, documents: 0, bytes: 0, fromKept: true };
    expect(await place.compare(past)).toEqual(nothing);
    expect(place.reads).toEqual([]);
    // One of the lines, and a part of the stretches.
    const part = { at: BEGIN + 24 * SECOND };
    expect(await place.compare({ ...past, from: part, lines: [CROSS] })).toEqual(nothing);
  });

  it('are read for what is new alone: a longer range, and a further line', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24 * 4 + 1);
    await place.compare({ to: { at: BEGIN + 24 * 2 * SECOND } });
    expect(await place.compare()).toMatchObject({ turns: 24 * 2 + 1, fromKept: true });
    expect(place.reads).toEqual([{ first: 24 * 2 + 1, last: 24 * 4 + 1 }]);
    const to = { at: BEGIN + 24 * 4 * SECOND };
    await place.compare({ to, lines: [DIRECT, cell('ETH', 'USDT')] });
    expect(place.reads).toEqual([{ first: 1, last: 24 * 4 }]);
    expect(new Set(place.loads)).toEqual(new Set(['ETHUSDT']));
    await place.compare({
      to,
      lines: [cell('BTC', 'USDT', 'ID_PCT')],
      from: { at: BEGIN + 24 * SECOND },
    });
    // The turn before is held against.
    await place.compare({ to, lines: [cell('BTC', 'USDT', 'ID_PCT')] });
    expect(place.reads).toEqual([{ first: 1, last: 24 }]);
  });

  it('of a day are not mixed up where they are of other spans', async () => {
    const place = new Place();
    place.now = BEGIN - HOUR;
    place.grow(49, HOUR);
    for (const every of [HOUR, 2 * HOUR, DAY, HOUR]) await place.compare({ every });
    expect(await place.compare({ every: DAY })).toMatchObject({ turns: 1, fromKept: true });
  });

  it('know the assets of their turns', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    for (let n = 0; n < 24; n++) place.kept.add(place.store(SECOND, { from: OTHERS }));
    place.grow(1);
    const lines = [cell('BTC', ONLY_OTHERS)];
    expect(await place.compare({ lines })).toMatchObject({ turns: 25 });
    expect(await place.compare({ lines })).toMatchObject({ turns: 1 });
  });

  it('may begin and end where nothing is stored', async () => {
    const place = new Place();
    place.now = BEGIN + 9 * SECOND;
    place.grow(10);
    place.grow(1, 60 * SECOND);
    expect(await place.compare()).toMatchObject({ turns: 11 });
    expect(await place.compare()).toMatchObject({ turns: 1, fromKept: true });
  });

  it('that begin with a turn that cannot be read say nothing of changes since the turn before', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(23);
    // What follows is built upon the turn before both.
    place.kept.add(place.store(SECOND, { isReadable: false }));
    place.kept.add(place.store(SECOND, { isReadable: false }));
    place.grow(24);
    const lines = [cell('BTC', 'USDT', 'ID_PCT')];
    await place.compare({ lines });
    await place.compare({ lines, from: { at: BEGIN + 24 * SECOND } });
    expect(await place.compare({ lines: [DIRECT] })).toMatchObject({ turns: 49 });
    expect(await place.compare({ lines: [DIRECT] })).toMatchObject({ turns: 1 });
    expect(await place.compare({ lines })).toMatchObject({ turns: 27 });
  });

  it('are kept for each span apart, and not for one point a turn', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(97);
    await place.compare();
    for (const every of ['turn', 2 * SECOND] as const) {
      expect(await place.compare({ every })).toMatchObject({ turns: 97, fromKept: false });
    }
    expect(await place.compare({ every: 2 * SECOND })).toMatchObject({ turns: 1, fromKept: true });
    expect(await place.compare({ every: 'turn' })).toMatchObject({ turns: 97, fromKept: false });
  });

  it('are not those of the newest turns, into which more may fall', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24);
    await place.compare();
    expect(place.kept.bytes).toBe(0);
    place.grow(1);
    await place.compare();
    expect(place.kept.bytes).toBeGreaterThan(0);
  });

  it('share a universe that each answer has read for itself', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(25);
    const stretch = new Stretches(SECOND).of(BEGIN);
    const universesOf = async (line: Line) => {
      place.stored = place.stored.map((cycle) =>
        isReadableCycle(cycle) ? { ...cycle, universe: [...cycle.universe] } : cycle,
      );
      await place.read({ lines: [line] });
      return place.kept.find(`${keptKey(line, 'USDT', SECOND)} ${stretch}`)?.turns.universes;
    };
    const universes = await universesOf(DIRECT);
    expect(universes).toHaveLength(1);
    expect((await universesOf(CROSS))?.[0]).toBe(universes?.[0]);
  });

  it('take no more memory than they may: those that were asked for last stay', async () => {
    const place = new Place(12_000);
    place.now = BEGIN - SECOND;
    place.grow(24 * 10 + 1);
    await place.compare();
    const { bytes } = place.kept;
    expect(bytes).toBeGreaterThan(6_000);
    expect(bytes).toBeLessThanOrEqual(12_000);
    // Of one answer the first ones that fit: they do not take each other's place.
    const first = { from: { at: BEGIN }, to: { at: BEGIN + 24 * SECOND } };
    expect(await place.compare(first)).toMatchObject({ turns: 0 });
    const last = { from: { at: BEGIN + 24 * 9 * SECOND }, to: { at: BEGIN + 24 * 10 * SECOND } };
    await place.compare({ ...last, lines: [CROSS] });
    expect(await place.compare({ ...last, lines: [CROSS] })).toMatchObject({ turns: 0 });
  });
});
