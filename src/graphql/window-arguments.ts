import { ArgsType, Field, Int } from 'type-graphql';
import { parseSpan, type Span } from '../domain/series/span.js';
import { FEWEST_RETURNS } from '../domain/window/window-matrix.js';
import { LONGEST_LAG, MOST_BUCKETS } from '../history/window-reader.js';
import { readSpan } from './arguments.js';
import { badUserInput } from './errors.js';
import type { Arguments } from './field-traits.js';
import { SpanText } from './scalars.js';

/** How long a window is, and in which buckets. */
@ArgsType()
export class WindowArguments {
  @Field(() => SpanText, {
    description: `How long the window is: a whole number of buckets, ${FEWEST_RETURNS} to ${MOST_BUCKETS}.`,
  })
  over!: string;

  @Field(() => SpanText, { description: 'How long a bucket is; not "turn".' })
  every!: string;

  @Field(() => Int, {
    defaultValue: 0,
    description: `How many buckets earlier the returns of the quote are taken, 0 to ${LONGEST_LAG}.`,
  })
  lag!: number;
}

export interface WindowLength {
  readonly every: Span;
  /** In buckets. */
  readonly length: number;
  readonly lag: number;
}

/** @throws a BAD_USER_INPUT error that names the argument */
export function readWindow({ over, every, lag }: WindowArguments): WindowLength {
  const bucket = readSpan(every, 'every');
  const length = readSpan(over, 'over') / bucket;
  if (!Number.isInteger(length) || length < FEWEST_RETURNS || length > MOST_BUCKETS) {
    throw badUserInput(
      'over',
      `expected a whole number of times every, ${FEWEST_RETURNS} to ${MOST_BUCKETS}, not ${length}`,
    );
  }
  if (lag < 0 || lag > LONGEST_LAG) {
    throw badUserInput('lag', `expected 0 to ${LONGEST_LAG}, not ${lag}`);
  }
  return { every: bucket, length, lag };
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
