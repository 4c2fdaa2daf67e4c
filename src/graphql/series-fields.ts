import type { SeriesData, SeriesRequest } from '../history/series-data.js';
import { readEvery, readMoment } from './arguments.js';
import type { Context } from './context.js';
import { numberOf, objects, type Arguments, type FieldCost } from './field-traits.js';
import { readToEnd } from './named-range.js';
import type { RangeArguments } from './types/range.js';

export const inDescription =
  'The asset that it is in; without it, the quant base of the newest turn in the range.';

/** Each line has as many values as there may be points. */
export function linesOf(count: number, points: number): FieldCost {
  return { ...objects(Math.max(1, count)), cells: points };
}

/** Whatever it reads is counted once the range is known; it waits for a place as all that reads history does. */
export const ONE = () => 1;

export const pointsOf = ({ maxPoints }: Arguments): number => numberOf(maxPoints, 1);

export function readLines(
  lines: SeriesRequest['lines'],
  { from, to, every, maxPoints }: RangeArguments,
  context: Context,
): Promise<SeriesData> {
  const request = {
    lines,
    from: readMoment(from, 'from'),
    to: readMoment(to, 'to'),
    every: isGiven(every) ? readEvery(every, 'every') : null,
    maxPoints,
  };
  return readToEnd(context, context.services.series.read(request, context.pace));
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
