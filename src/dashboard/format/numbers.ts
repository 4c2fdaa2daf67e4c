/** The most decimals that are written: what is smaller shows as zero. */
const MOST_DECIMALS = 20;
/** So many significant digits has the middle of a column whose tick is not known. */
const SIGNIFICANT = 5;
const UNKNOWN_DECIMALS = 2;
/** Decimal logarithms of ticks such as 0.001 are not whole to the last bit. */
const NEARLY = 1e-9;

const formats = new Map<string, Intl.NumberFormat>();

/** The same format again: to make one costs more than a thousand uses. */
function formatOf(decimals: number, isSigned: boolean): Intl.NumberFormat {
  const digits = Math.max(0, Math.min(MOST_DECIMALS, decimals));
  const key = `${digits} ${isSigned}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // Only where a sign says something: what rounds to zero has none.
    signDisplay: isSigned ? 'exceptZero' : 'negative',
  });
  formats.set(key, made);
  return made;
}

/**
 * A number for people: thousands grouped, as many decimals as are said, `−` for minus, and never a
 * power of ten. `–` stands for a value that is missing.
 * @param options.signed whether what is above zero has a `+`
 */
export function formatNumber(
  value: number | null,
  decimals: number,
  { signed = false }: { readonly signed?: boolean } = {},
): string {
  if (value === null || Number.isNaN(value)) return '–';
  return formatOf(decimals, signed).format(value).replace('-', '−');
}

/** A change in percent, with its sign and without its unit, which stands once in the header. */
export function formatPercent(value: number | null, decimals = 2): string {
  return formatNumber(value, decimals, { signed: true });
}

/** A number with every digit that it has, without groups and without a power of ten: for copies. */
export function plainNumber(value: number): string {
  const [mantissa = '', exponent] = String(Math.abs(value)).split('e');
  const sign = value < 0 ? '-' : '';
  if (exponent === undefined) return sign + mantissa;
  const [whole = '', fraction = ''] = mantissa.split('.');
  const power = Number(exponent);
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${whole}${fraction}`;
  return sign + whole + fraction.padEnd(power, '0');
}

/** How many decimals a price has that moves in steps of a tick, for example 2 for `0.01000000`. */
export function decimalsOfTick(tickSize: string | number): number {
  const [, fraction = ''] = plainNumber(Number(tickSize)).split('.');
  return fraction.length;
}

/**
 * How many decimals a rate has whose legs' ticks are known: none of them is finer than what one tick
 * of its legs moves it by.
 * @param relativeTicks of each leg, its tick over its price
 */
export function decimalsOfRate(value: number, relativeTicks: Iterable<number>): number {
  let relative = 0;
  for (const tick of relativeTicks) relative += tick;
  const step = Math.abs(value) * relative;
  if (!(step > 0 && step < Infinity)) return decimalsFor([value]);
  return inRange(Math.floor(-Math.log10(step) + NEARLY));
}

/**
 * One number of decimals for values whose ticks are not known, such that the middle one of them, by
 * size, has five significant digits.
 */
export function decimalsFor(values: Iterable<number | null>): number {
  const sizes: number[] = [];
  for (const value of values) if (value && Math.abs(value) < Infinity) sizes.push(Math.abs(value));
  if (sizes.length === 0) return UNKNOWN_DECIMALS;
  const middle = Float64Array.from(sizes).sort()[sizes.length >> 1] as number;
  return inRange(SIGNIFICANT - 1 - Math.floor(Math.log10(middle) + NEARLY));
}

function inRange(decimals: number): number {
  return Math.max(0, Math.min(MOST_DECIMALS, decimals));
}
