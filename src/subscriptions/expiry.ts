/**
 * How often it is looked whether the moment has come, milliseconds: a timer cannot count further than
 * 24.8 days, and does not notice that the wall clock was set.
 */
const LOOK_MS = 60_000;

/**
 * Calls back once wall time has reached a moment, however far off it is.
 * @param at milliseconds since 1970; null: never
 * @returns what keeps it from being called
 */
export function atWallTime(at: number | null, callback: () => void): () => void {
  if (at === null) return () => undefined;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = Math.max(0, at - Date.now());
    timer = setTimeout(() => (Date.now() < at ? wait() : callback()), Math.min(left, LOOK_MS));
  };
  wait();
  return () => clearTimeout(timer);
}
