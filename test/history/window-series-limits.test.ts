import { describe, expect, it } from 'vitest';
import type { WindowLine } from '../../src/domain/series/line.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { parseSpan, type Span } from '../../src/domain/series/span.js';
import type { SeriesLineData, SeriesRequest } from '../../src/history/series-data.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { historyOf, universeOf } from '../support/history.js';

const COUNT = 400;
/** Turns are a second apart. */
const STEP = 2_000;
const store = new CyclesInMemory(historyOf(universeOf(5), COUNT), 64);
const moment = (text: string) => parseMoment(text) as Moment;
const lineOf = (over: number): WindowLine => ({
  ...{ kind: 'WINDOW', window: 'CORRELATION', base: 'ETH', quote: 'BNB' },
  ...{ in: 'BTC', over: over * STEP, step: STEP, lag: 0 },
});

interface Limits {
  readonly mostReads?: number;
  readonly mostReturns?: number;
}

async function read(request: Partial<SeriesRequest>, limits: Limits): Promise<SeriesLineData> {
  const reader = new SeriesReader({
    ...{ cycles: store, chunks: store, extent: store, clock: () => 0 },
    ...limits,
  });
  const whole = { lines: [lineOf(10)], from: moment('start'), to: moment('now'), maxPoints: 500 };
  const data = await reader.read({ ...whole, every: null, ...request }, UNPACED);
  return data.lines[0] as SeriesLineData;
}

async function faultOf(reading: Promise<unknown>): Promise<SeriesFault> {
  const error: unknown = await reading.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SeriesFault);
  return error as SeriesFault;
}

const valuesOf = (line: SeriesLineData): number =>
  [...line.values('LAST')].filter((value) => !Number.isNaN(value)).length;

it('a series over windows lets others go at each turn, also where it counts what it would take', async () => {
  const line = await read({ every: 'turn' }, {});
  let steps = 0;
  const next = (): Promise<void> => {
    steps++;
    return Promise.resolve();
  };
  // Every window is worked out for its last value.
  await line.complete!({ isSpent: true, next });
  expect(steps).toBeGreaterThanOrEqual(2 * COUNT);
});

describe('a series over windows that takes too much', () => {
  // A window of 10 returns counts 210 for a line, and four times as many for each of two assets.
  const mostReturns = 50 * 9 * 210;

  it('is refused with an every that fits, of which each last value takes one window', async () => {
    const fault = await faultOf(read({ every: 2_000 }, { mostReturns }));
    expect(fault).toMatchObject({
      argument: 'every',
      limit: { name: 'returns', allowed: mostReturns },
    });
    const every = parseSpan(/^(\w+) fits$/.exec(fault.words)?.[1] ?? '') as Span;
    expect(every).toBe(10_000);
    expect(valuesOf(await read({ every }, { mostReturns }))).toBeGreaterThan(30);
  });

  it('is refused for what all windows take only once that is asked for, with a range that fits', async () => {
    const line = await read({ every: 10_000 }, { mostReturns });
    const fault = await faultOf(line.complete!(UNPACED));
    expect(fault).toMatchObject({ argument: 'from', limit: { name: 'returns' } });
    expect(() => line.staleCounts).toThrow('complete');
    const [, from = ''] = /of: LAST alone.*from: (\S+) fits$/.exec(fault.words) ?? [];
    const part = await read({ every: 10_000, from: moment(from) }, { mostReturns });
    await part.complete!(UNPACED);
    expect([...part.values('COUNT')].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(60);
  });

  it('is refused where too many prices would be read, with a range that fits', async () => {
    const limits = { mostReads: 2 * 200 };
    const fault = await faultOf(read({ every: 10_000 }, limits));
    expect(fault).toMatchObject({ argument: 'from', limit: { name: 'prices read', allowed: 400 } });
    const [, from = ''] = /^from: (\S+) fits$/.exec(fault.words) ?? [];
    expect(valuesOf(await read({ every: 10_000, from: moment(from) }, limits))).toBeGreaterThan(10);
  });

  it('is refused where the window alone is too long, with one that fits', async () => {
    const limits = { mostReads: 2 * 100 };
    const asked = { every: 2_000, from: moment('now-2s') };
    const fault = await faultOf(read({ ...asked, lines: [lineOf(90)] }, limits));
    expect(fault).toMatchObject({ argument: 'over', limit: { name: 'prices read' } });
    const over = parseSpan(/^(\w+) fits/.exec(fault.words)?.[1] ?? '') as Span;
    const line = await read({ ...asked, lines: [lineOf(over / STEP)] }, limits);
    expect(valuesOf(line)).toBeGreaterThan(0);
  });

  it('is refused where its buckets would take too much memory, with a range that fits', async () => {
    const lines = [{ ...lineOf(3), over: 3_000, step: 1_000 }];
    const old = { from: Date.UTC(1990, 0), to: Date.UTC(2030, 0) };
    const apart = new CyclesInMemory(
      historyOf(universeOf(5), 2).map((cycle, at) => ({
        ...cycle,
        frame: { ...cycle.frame, observedAt: at === 0 ? old.from : old.to },
      })),
      64,
    );
    const reader = new SeriesReader({
      cycles: apart,
      chunks: apart,
      extent: apart,
      clock: () => 0,
    });
    const asked = { lines, to: moment('now'), every: parseSpan('1w') as Span, maxPoints: 5_000 };
    const fault = await faultOf(reader.read({ ...asked, from: moment('start') }, UNPACED));
    expect(fault).toMatchObject({ argument: 'from', limit: { name: 'bytes of prices' } });
    const [, from = ''] = /^from: (\S+) fits$/.exec(fault.words) ?? [];
    const data = await reader.read({ ...asked, from: moment(from) }, UNPACED);
    expect(data.lines).toHaveLength(1);
  });
});
