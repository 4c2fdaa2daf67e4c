/**
 * How many significant digits tables are asked for with: those that are shown, and three more, so that
 * rounding twice is not seen.
 */
export const SHOWN_DIGITS = 8;
