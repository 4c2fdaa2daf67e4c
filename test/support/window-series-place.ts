import type { Line, WindowLine } from '../../src/domain/series/line.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import type { SeriesLineData, SeriesRequest } from '../../src/history/series-data.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import type { StoredCycle } from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from './chunks-of.js';
import { historyOf, universeOf } from './history.js';

const UNIVERSE = universeOf(6);
/** How many turns there are. */
export const COUNT = 110;
/** Turns are a second apart. */
const STEP = 5_000;
/** All turns. */
export const CYCLES = historyOf(UNIVERSE, COUNT);
/** When each turn was observed, also where it cannot be read. */
const TIMES = new Map(CYCLES.map(({ turn, frame }) => [turn, frame.observedAt]));
/** A moment as somebody writes it. */
export const moment = (text: string) => parseMoment(text) as Moment;

/** What a line over so many steps says of its window. */
export const window = (over: number, lag = 0, numeraire: string | null = 'BTC') =>
  ({ in: numeraire, over: over * STEP, step: STEP, lag }) as const;
/** Lines of each kind of window. */
export const cells = (
  over: number,
  lag = 0,
  numeraire: string | null = 'BTC',
): readonly WindowLine[] =>
  (['CORRELATION', 'COVARIANCE', 'BETA', 'CORRELATION'] as const).map((kind, at) => {
    const [base, quote] = [
      ['ETH', 'BNB'],
      ['DOGE', 'USDT'],
      ['ETH', 'ETH'],
      ['ETH', 'BTC'],
    ][at] as [string, string];
    return { kind: 'WINDOW', window: kind, base, quote, ...window(over, lag, numeraire) };
  });

/** Stored turns, and a reader of series over them. */
export function place(stored: readonly StoredCycle[], chunkSize = 17) {
  const store = new CyclesInMemory(stored, chunkSize, TIMES);
  const read = (
    lines: readonly Line[],
    request: Partial<SeriesRequest> = {},
    limits: { mostReads?: number; mostReturns?: number } = {},
  ) => {
    const reader = new SeriesReader({
      ...{ cycles: store, chunks: store, extent: store, clock: () => 0 },
      ...limits,
    });
    const whole = {
      lines,
      from: moment('start'),
      to: moment('now'),
      every: 'turn',
      maxPoints: 500,
    };
    return reader.read({ ...whole, ...request } as SeriesRequest, UNPACED);
  };
  return { store, read };
}

/** The line, once all of it is worked out. */
export async function whole(line: SeriesLineData): Promise<SeriesLineData> {
  await line.complete?.(UNPACED);
  return line;
}
