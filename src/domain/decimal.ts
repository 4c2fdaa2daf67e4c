/** An exact, non-negative decimal as text, for example `0.00012300`. */
export type Decimal = string;

/** On either side of the point. */
const MOST_DIGITS = 40;
const DECIMAL = /^\d{1,40}(\.\d{1,40})?$/;

/** Whether a text is a plain non-negative decimal: digits, at most one point, no exponent. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

const SCIENTIFIC = /^(\d{1,80})(?:\.(\d{0,80}))?[eE]([+-]?\d{1,6})$/;
const ZERO = /^-?0*\.?0*(?:[eE][+-]?\d{1,6})?$/;

/**
 * The plain decimal that a text or a number means, digit for digit: programs write small numbers as
 * `7.9e-06`, a zero as `0E-8` or `-0.0`. A number counts as the shortest text that reads back as it.
 * Null for what is no non-negative decimal of up to 40 digits on either side of the point.
 */
export function plainDecimal(value: unknown): Decimal | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return null;
  if (isDecimal(text)) return text;
  const unsigned = text.startsWith('-') && ZERO.test(text) ? text.slice(1) : text;
  if (isDecimal(unsigned)) return unsigned;
  const [, whole, fraction = '', exponent] = SCIENTIFIC.exec(unsigned) ?? [];
  if (whole === undefined) return null;
  const plain = shifted(whole, fraction, Number(exponent));
  return plain !== null && isDecimal(plain) ? plain : null;
}

/** `whole.fraction * 10^exponent`, digit for digit; null where that is far too long. */
function shifted(whole: string, fraction: string, exponent: number): string | null {
  const digits = whole + fraction;
  if (isZero(digits)) {
    const places = Math.min(Math.max(fraction.length - exponent, 0), MOST_DIGITS);
    return places === 0 ? '0' : `0.${'0'.repeat(places)}`;
  }
  const point = whole.length + exponent;
  if (Math.abs(point) > digits.length + MOST_DIGITS) return null;
  const units = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const rest = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return units.replace(/^0+(?=\d)/, '') + (rest === '' ? '' : `.${rest}`);
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

/** The same without zeros at the end of its fraction. */
export function shortened(decimal: Decimal): Decimal {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
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

/**
 * The exact product of a decimal and the shortest decimal that reads back as a number, rounded half to
 * even to so many significant digits; without zeros at the end of its fraction.
 * @param by finite, not negative
 * @throws {RangeError} if the first is no {@link isDecimal decimal}, or the second no such number
 */
export function multipliedBy(decimal: Decimal, by: number, significant: number): Decimal {
  if (!Number.isFinite(by) || by < 0) throw new RangeError(`not a number to multiply by: ${by}`);
  const places = decimalPlaces(decimal);
  const [mantissa = '', exponent = '0'] = String(by).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const product = toUnits(decimal, places) * BigInt(whole + fraction);
  return plainOf(product, Number(exponent) - fraction.length - places, significant);
}

/** `units * 10^exponent`, rounded half to even. */
function plainOf(units: bigint, exponent: number, significant: number): Decimal {
  const over = units.toString().length - significant;
  if (over > 0)
    return plainOf(roundedQuotient(units, 10n ** BigInt(over)), exponent + over, significant);
  if (units === 0n) return '0';
  if (exponent >= 0) return `${units}${'0'.repeat(exponent)}`;
  const digits = units.toString().padStart(1 - exponent, '0');
  const fraction = digits.slice(exponent).replace(/0+$/, '');
  return digits.slice(0, exponent) + (fraction === '' ? '' : `.${fraction}`);
}

function roundedQuotient(units: bigint, divisor: bigint): bigint {
  const quotient = units / divisor;
  const twice = 2n * (units % divisor);
  const isUp = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}
