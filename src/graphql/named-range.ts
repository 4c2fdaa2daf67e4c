import { FixedWhere } from './field-traits.js';

/** Its ends say no `now` and no `start`, which are others as time goes on. */
export const OfNamedRange = FixedWhere(({ from, to }) =>
  [from, to].every((moment) => typeof moment === 'string' && /^\d/.test(moment)),
);
