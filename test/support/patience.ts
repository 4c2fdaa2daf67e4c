/**
 * How long a test waits for what has to come, milliseconds. Nothing takes so long but what never comes:
 * a machine that others use may be slower by an order of magnitude, and a wait that ends well costs nothing.
 */
export const PATIENCE_MS = 180_000;

/** The same for `vi.waitFor` and `expect.poll`, whose own are a second. */
export const PATIENCE = { timeout: PATIENCE_MS, interval: 10 };
