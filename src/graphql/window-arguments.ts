import { ArgsType, Field, Int } from 'type-graphql';
import type { WindowLength, WindowLine } from '../domain/series/line.js';
import { parseSpan } from '../domain/series/span.js';
import { FEWEST_RETURNS } from '../domain/window/window-matrix.js';
import {
  isWindowLag,
  isWindowLength,
  LONGEST_LAG,
  MOST_BUCKETS,
} from '../history/window-reader.js';
import { readSpan } from './arguments.js';
import { badUserInput } from './errors.js';
import { numberOf, type Arguments } from './field-traits.js';
import { SpanText } from './scalars.js';

/** How many buckets of a window count as a stored cycle that is read. */
export const BUCKETS_OF_A_CYCLE = 32;

export const OVER_DESCRIPTION = `How long the window is: a whole number of buckets, ${FEWEST_RETURNS} to ${MOST_BUCKETS}.`;

export const STEP_DESCRIPTION =
  'How long a bucket of the window is; not "turn". `every` is that of the answer.';

/** How many buckets earlier the returns of quotes are taken. */
const LAG_ARGUMENT = {
  defaultValue: 0,
  description: `How many buckets earlier the returns of the quote are taken, 0 to ${LONGEST_LAG}.`,
} as const;

/** How long a window is, and in which buckets. */
@ArgsType()
export class WindowSpans {
  @Field(() => SpanText, { description: OVER_DESCRIPTION })
  over!: string;

  @Field(() => SpanText, { description: 'How long a bucket is; not "turn".' })
  every!: string;
}

@ArgsType()
export class WindowArguments extends WindowSpans {
  @Field(() => Int, LAG_ARGUMENT)
  lag!: number;
}

/** The same of a series, where `every` is another thing. */
@ArgsType()
export class WindowStepArguments {
  @Field(() => SpanText, { description: OVER_DESCRIPTION })
  over!: string;

  @Field(() => SpanText, { description: STEP_DESCRIPTION })
  step!: string;

  @Field(() => Int, LAG_ARGUMENT)
  lag!: number;
}

/** @throws a BAD_USER_INPUT error that names the argument */
export function readWindow({ over, every, lag }: WindowArguments): WindowLength {
  const window = windowOf(over, every, 'every');
  return { ...window, lag: readLag(lag) };
}

/** @throws a BAD_USER_INPUT error that names the argument */
export function readWindowSpans({ over, every }: WindowSpans): WindowLength {
  return windowOf(over, every, 'every');
}

/** The part of a line that says over which window it is: a BAD_USER_INPUT error names the argument. */
export function readStep({
  over,
  step,
}: Pick<WindowStepArguments, 'over' | 'step'>): Pick<WindowLine, 'over' | 'step'> {
  const { length, every } = windowOf(over, step, 'step');
  return { over: length * every, step: every };
}

export function readLag(lag: number): number {
  if (isWindowLag(lag)) return lag;
  throw badUserInput('lag', `expected 0 to ${LONGEST_LAG}, not ${lag}`);
}

/** @param argument what the span of a bucket came with */
function windowOf(over: string, bucket: string, argument: string): WindowLength {
  const every = readSpan(bucket, argument);
  const length = readSpan(over, 'over') / every;
  if (!isWindowLength(length)) {
    throw badUserInput(
      'over',
      `expected a whole number of times ${argument}, ${FEWEST_RETURNS} to ${MOST_BUCKETS}, not ${length}`,
    );
  }
  return { every, length, lag: 0 };
}

/** How many buckets are asked for, with those before the window; 0 where that is refused later. */
export function bucketsAsked({ over, every, lag }: Arguments): number {
  const [whole, bucket] = [over, every].map((text) =>
    parseSpan(typeof text === 'string' ? text : ''),
  );
  if (typeof whole !== 'number' || typeof bucket !== 'number') return 0;
  const earlier = typeof lag === 'number' && lag > 0 ? lag : 0;
  return Math.ceil(whole / bucket) + earlier + 1;
}

/** How many returns count as a value: they are counted anew once the range is known. */
const RETURNS_OF_A_VALUE = 500;
/** The most that windows count before that. */
const MOST_VALUES = 300_000;

/** What the windows of a series take, where each point has its own. */
export function costOfWindows(args: Arguments, lines: number): number {
  const points = numberOf(args['maxPoints'], 1);
  const buckets = bucketsAsked({ ...args, every: args['step'] });
  return 1 + Math.min(MOST_VALUES, Math.ceil((points * lines * buckets) / RETURNS_OF_A_VALUE));
}
