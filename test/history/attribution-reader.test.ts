import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/domain/series/span.js';
import {
  AttributionReader,
  type AttributionRequest,
} from '../../src/history/attribution-reader.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import {
  ALL,
  COUNT,
  defined,
  expectDefined,
  history,
  inMemory,
  moment,
  places,
  timeOf,
  valueAt,
} from '../support/attribution-place.js';
import { useDatabase } from '../support/database.js';
import { sealedPlace } from '../support/sealed.js';

const bucketOf = (at: number): number => Math.floor(timeOf(at) / MINUTE) * MINUTE;

describe('the attribution of a range', () => {
  const database = useDatabase();

  it('is that of an independent program, from documents and from blocks', async () => {
    const place = await sealedPlace(database, history);
    const { cycles, ages, chunks } = place.open;
    const observed = () => ages.observedWithin(1, 9_999);
    const reader = new AttributionReader({
      ...{ cycles, chunks, extent: { observed }, clock: () => 0, epoch: () => '', bytes: 0 },
    });
    const told = async () => {
      const whole = await reader.read(ALL, UNPACED);
      const bound = 1e-12 * COUNT * valueAt(0, 'BNB');
      const start = timeOf(0);
      expectDefined(
        whole,
        defined(places, 'BNB', () => start),
        bound,
      );
      expect(whole?.startValue).toBeCloseTo(valueAt(0, 'BNB'), 9);
      expect(whole?.endValue).toBeCloseTo(valueAt(COUNT - 1, 'BNB'), 9);
      expect(whole?.assets.get('DOGE')?.unpriced[0]).not.toBe(0);
      const minutes = await reader.read({ ...ALL, every: MINUTE }, UNPACED);
      expect(minutes?.starts.length).toBeGreaterThan(3);
      expectDefined(minutes, defined(places, 'BNB', bucketOf), bound);
      const turns = await reader.read({ ...ALL, every: 'turn' }, UNPACED);
      expect(turns?.starts).toHaveLength(COUNT - 1);
      expectDefined(turns, defined(places, 'BNB', timeOf), bound);
      return [whole, minutes, turns];
    };
    const before = await told();
    await place.sealAll();
    expect((await place.known()).blocks).toBeGreaterThan(0);
    expect(await told()).toEqual(before);
  });

  it('begins with the last turn at or before it, and ends with the last before its end', async () => {
    const [from, to] = [timeOf(40), timeOf(70)];
    const request = { ...ALL, from: { at: from + 1 }, to: { at: to } };
    const data = await inMemory(history).read(request, UNPACED);
    const part = places.slice(40, 70);
    expectDefined(
      data,
      defined(part, 'BNB', () => from + 1),
      1e-9,
    );
    expect(data?.startValue).toBeCloseTo(valueAt(40, 'BNB'), 9);
    const none = await inMemory(history).read({ ...request, to: { at: from + 1 } }, UNPACED);
    expect(none?.startValue).toBe(none?.endValue);
    const early = await inMemory(history).read({ ...ALL, to: { at: timeOf(0) } }, UNPACED);
    expect(early?.endValue).toBe(early?.startValue);
  });

  it('is refused where it reads too much, has too many buckets, or an asset that nothing has', async () => {
    const faultOf = async (request: Partial<AttributionRequest>, mostReads?: number) => {
      const read = inMemory(history, mostReads).read({ ...ALL, ...request }, UNPACED);
      const fault = await read.then(
        () => null,
        (error: unknown) => error,
      );
      expect(fault).toBeInstanceOf(SeriesFault);
      return (fault as SeriesFault).argument;
    };
    expect(await faultOf({ in: 'NOBODY' })).toBe('in');
    expect(await faultOf({}, 500)).toBe('from');
    expect(await faultOf({ every: 1 })).toBe('every');
    expect(await faultOf({ from: moment('now'), to: moment('start') })).toBe('from');
    expect(await inMemory([]).read(ALL, UNPACED)).toBeNull();
  });
});
