/** As wide as a digit, and as a point, where digits are. */
const FIGURE_SPACE = '\u2007';
const POINT_SPACE = '\u2008';

/** The parts of an exact decimal: its whole with thousands grouped, and its fraction without zeros at the end. */
function partsOf(exact: string): readonly [whole: string, fraction: string] {
  const [whole = '', fraction = ''] = exact.replace('-', '−').split('.');
  return [whole.replaceAll(/\B(?=(\d{3})+$)/g, ','), fraction.replace(/0+$/, '')];
}

/** Exact amounts of one column, with every digit that counts, such that their points stand below each other. */
export function alignedAmounts(column: readonly string[]): readonly string[] {
  const parts = column.map(partsOf);
  const longest = Math.max(0, ...parts.map(([, fraction]) => fraction.length));
  return parts.map(([whole, fraction]) => {
    if (longest === 0) return whole;
    const point = fraction === '' ? POINT_SPACE : '.';
    return whole + point + fraction + FIGURE_SPACE.repeat(longest - fraction.length);
  });
}
