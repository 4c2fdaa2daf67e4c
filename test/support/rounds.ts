/**
 * Properties are tried with the same values in each run, so that a run says something of the change
 * and nothing of luck. `PROPERTY_SEED=random` looks for what these values do not find, another
 * number goes where such a run failed.
 */
export const propertySeed = process.env['PROPERTY_SEED'] ?? '1';

/** How often a property is tried of which each round takes long: where nothing new is looked for, a third. */
export const rounds = (count: number): number =>
  propertySeed === '1' ? Math.ceil(count / 3) : count;
