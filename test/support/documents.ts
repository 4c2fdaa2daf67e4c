export const repeat = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');

export const LISTED =
  'query ($b: [String!]) { latestCycle { matrix(kind: QUANTID, bases: $b) { values } } }';
