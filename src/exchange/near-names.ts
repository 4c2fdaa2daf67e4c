import { compareCodeUnits, type Asset } from '../domain/asset.js';

/** How many are named. */
const MOST = 3;
/** Of shorter names too many others are one letter away. */
const SHORTEST = 3;

/** The names that may be meant: those that differ by case alone, else those that are one slip away. */
export function nearNames(asset: Asset, known: Iterable<Asset>): Asset[] {
  const written = asset.toUpperCase();
  const names = [...known].sort(compareCodeUnits);
  const same = names.filter((name) => name.toUpperCase() === written);
  if (same.length > 0) return same.slice(0, MOST);
  if (written.length < SHORTEST) return [];
  return names.filter((name) => isOneSlip(written, name.toUpperCase())).slice(0, MOST);
}

/** Whether one letter is too many, too few or another, or two neighbours are swapped. */
function isOneSlip(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1 || one === other) return false;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const [rest, left] = [one.slice(at), other.slice(at)];
  return (
    rest.slice(1) === left ||
    rest === left.slice(1) ||
    rest.slice(1) === left.slice(1) ||
    (rest[0] === left[1] && rest[1] === left[0] && rest.slice(2) === left.slice(2))
  );
}
