/**
 * Numbers of a record that are those of another field, such as the lead's quant, or by how much that
 * one has changed since the turn before: from turn to turn, the number of the field, negative for its
 * change, and {@link ITSELF} where there is neither.
 */
export type Sources = Int16Array;

/** The number stands for itself, or there is none. */
const ITSELF = 0;

/**
 * @param numbers of a field by turn, NaN for none
 * @param others the numbers of other fields; null for one that is not looked at
 */
export function sourcesOf(
  numbers: Float64Array,
  others: readonly (Float64Array | null)[],
): Sources {
  const fields = others.flatMap((field, at) => (field === null ? [] : [at + 1]));
  let source = ITSELF;
  return Int16Array.from(numbers, (number, at) => {
    if (Number.isNaN(number)) return ITSELF;
    // Most often as at the turn before.
    if (source !== ITSELF && Object.is(numberOf(source, others, at), number)) return source;
    source = ITSELF;
    for (const field of fields) {
      if (Object.is(numberOf(field, others, at), number)) return (source = field);
      if (Object.is(numberOf(-field, others, at), number)) return (source = -field);
    }
    return ITSELF;
  });
}

/** The numbers that stand for themselves; NaN for all others. */
export function ownNumbers(numbers: Float64Array, sources: Sources): Float64Array {
  return numbers.map((number, at) => (sources[at] === ITSELF ? number : NaN));
}

/** The numbers again, of those that stand for themselves and of the others. */
export function withSources(
  own: Float64Array,
  sources: Float64Array,
  others: readonly Float64Array[],
): Float64Array {
  return own.map((number, at) => {
    const source = sources[at] as number;
    return source === ITSELF ? number : numberOf(source, others, at);
  });
}

function numberOf(source: number, others: readonly (Float64Array | null)[], at: number): number {
  const field = others[Math.abs(source) - 1];
  const now = field?.[at] ?? NaN;
  return source > 0 ? now : now - (field?.[at - 1] ?? NaN);
}
