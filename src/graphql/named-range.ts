import { throwForCaller } from './asked-lines.js';
import type { Context } from './context.js';
import { FixedWhere } from './field-traits.js';

/** Its ends say no `now` and no `start`, which are others as time goes on. */
export const OfNamedRange = FixedWhere(({ from, to }) =>
  [from, to].every((moment) => typeof moment === 'string' && /^\d/.test(moment)),
);

/**
 * What is read over a range; the answer says whether that may still grow.
 * @param reading begun just now: what is announced meanwhile need not be in it
 */
export async function readToEnd<T extends { readonly to: number | null } | null>(
  { services, answer }: Context,
  reading: Promise<T>,
): Promise<T> {
  const newest = services.feed.newest?.cycle.frame.observedAt ?? -Infinity;
  const data = await reading.catch(throwForCaller);
  if ((data?.to ?? Infinity) > newest) answer.isGrowing = true;
  return data;
}
