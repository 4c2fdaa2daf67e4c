import type { Pace } from '../scheduling/slices.js';

/**
 * The items of a long list: from the moment on that it is time to let others go, each of them comes in a
 * turn of its own. All that is asked of one is worked out before the next one comes.
 */
export function* atPace<T>(items: Iterable<T>, pace: Pace): Generator<T | Promise<T>> {
  for (const item of items) yield pace.isSpent ? pace.next().then(() => item) : item;
}
