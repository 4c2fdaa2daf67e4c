import type { ChosenPair } from './chosen-pair.js';

/** What can be found, and what happens when it is taken. */
export interface Entry {
  /** Unlike that of all others. */
  readonly id: string;
  readonly words: string;
  /** What kind of thing it is. */
  readonly about: string;
  readonly act: () => void;
}

/** How many entries are offered. */
const MOST = 40;

/** The words of what is searched for, in upper case. */
function wordsOf(text: string): readonly string[] {
  return text
    .toUpperCase()
    .split(/[\s/,]+/)
    .filter(Boolean);
}

/** Entries that have all words of a text; those that begin with the first of them come before the others. */
export function findEntries(entries: readonly Entry[], text: string): readonly Entry[] {
  const words = wordsOf(text);
  const found = entries.filter(({ words: name }) =>
    words.every((word) => name.toUpperCase().includes(word)),
  );
  const begins = ({ words: name }: Entry): boolean => name.toUpperCase().startsWith(words[0] ?? '');
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))];
}

/**
 * Pairs that a text may mean: two names or the beginnings of them, apart or written together; of one
 * name alone, its pairs in the order of the universe.
 */
export function findPairs(assets: readonly string[], text: string): readonly ChosenPair[] {
  const [first, second] = wordsOf(text);
  if (first === undefined) return [];
  const starting = (word: string): readonly string[] =>
    assets
      .filter((asset) => asset.toUpperCase().startsWith(word))
      .toSorted((a, b) => Number(b.toUpperCase() === word) - Number(a.toUpperCase() === word));
  const pairs: ChosenPair[] = [];
  const add = (bases: readonly string[], quotes: readonly string[]): void => {
    for (const base of bases) {
      for (const quote of quotes) {
        if (pairs.length === MOST) return;
        if (base !== quote) pairs.push({ base, quote });
      }
    }
  };
  if (second !== undefined) add(starting(first), starting(second));
  else {
    // BTCUSDT: where the one name ends and the other begins is not said.
    for (const base of assets.filter((asset) => first.startsWith(asset.toUpperCase()))) {
      const rest = first.slice(base.length);
      if (rest !== '') add([base], starting(rest));
    }
    add(starting(first), assets);
  }
  return pairs;
}
