/**
 * Time, in two readings. Wall time says when something was; somebody may set it at any moment, by any
 * amount, in either direction. What is measured or awaited (ages, intervals, deadlines) goes by
 * {@link monotonic}.
 */
export interface Clock {
  /** Wall time, milliseconds since 1970: for showing and storing. */
  now(): number;
  /**
   * Milliseconds that have passed since a moment of its own: nobody can set it, and it never goes
   * back. It may stand still while the machine sleeps; see {@link ClockLeaps}.
   */
  monotonic(): number;
}
