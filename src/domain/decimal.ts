/** An exact, non-negative decimal as text, for example `0.00012300`. */
export type Decimal = string;

const DECIMAL = /^\d{1,40}(\.\d{1,40})?$/;

/** Whether a text is a plain non-negative decimal: digits, at most one point, no exponent. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * The exact sum of two decimals, with as many decimal places as the longer of the two.
 * @throws {RangeError} if either is no {@link isDecimal decimal}.
 */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(decimalPlaces(a), decimalPlaces(b));
  const sum = (toUnits(a, places) + toUnits(b, places)).toString().padStart(places + 1, '0');
  if (places === 0) return sum;
  return `${sum.slice(0, -places)}.${sum.slice(-places)}`;
}

/** Whether a decimal is exactly zero, however it is written. */
export function isZero(decimal: Decimal): boolean {
  return !/[1-9]/.test(decimal);
}

function decimalPlaces(decimal: Decimal): number {
  if (!isDecimal(decimal)) throw new RangeError(`not a decimal: ${decimal}`);
  const point = decimal.indexOf('.');
  return point === -1 ? 0 : decimal.length - point - 1;
}

/** The decimal as a whole number of 10^-places. */
function toUnits(decimal: Decimal, places: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}
