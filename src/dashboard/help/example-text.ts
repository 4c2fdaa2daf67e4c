import { decimalsFor, formatNumber } from '../format/numbers.js';

/** A figure worked out by hand, with what the API answers for it. */
export interface Worked {
  /** The formula with the numbers of the frame in it. */
  readonly text: string;
  /** What comes of it here, and what the API answers. */
  readonly value: number;
  readonly answered: number;
  readonly unit: string;
}

/** Why there is no example, in a sentence. */
export interface NoExample {
  readonly missing: string;
}

/** What is no number, in a sentence. */
export interface Told {
  readonly told: string;
}

export type ExampleText = Worked | NoExample | Told;

/** So near are two workings out of the same number. */
const SAME = 1e-9;

/** Whether the two agree, but for the last bits. */
export function agrees({ value, answered }: Worked): boolean {
  return Math.abs(value - answered) <= SAME * Math.max(1, Math.abs(answered));
}

/** A number in a sentence: about five digits that count. */
export function digits(value: number | null, isSigned = false): string {
  return formatNumber(value, value === null ? 0 : decimalsFor([value]), { signed: isSigned });
}

/** A number that something is added to or multiplied by, with brackets where it has a minus. */
export function part(value: number): string {
  return value < 0 ? `(${digits(value)})` : digits(value);
}

/** How many terms of a sum are written. */
const TERMS = 3;

/** The first terms of a sum, and how many there are. */
export function sumOf(terms: readonly string[]): string {
  if (terms.length <= TERMS + 1) return terms.join(' + ');
  return `${terms.slice(0, TERMS).join(' + ')} + … (${terms.length} in all)`;
}

/** A figure that is there where all that it is made of is; else why not. */
export function worked(
  text: string,
  value: number | null,
  answered: number | null | undefined,
  unit = '',
): ExampleText {
  if (value === null || answered === null || answered === undefined) {
    return { missing: 'At this turn it has no value: null, as the API answers.' };
  }
  return { text, value, answered, unit };
}
