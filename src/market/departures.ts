import type { Universe } from '../domain/asset.js';
import type { Frame } from '../domain/frame.js';
import { nameSome } from '../name-some.js';

/** Keeps in mind which symbols were in turns and have left the exchange's listing since. */
export class Departures {
  readonly #expected = new Set<string>();
  readonly #left = new Set<string>();

  /** Those that have left and have not come back, in order. */
  get left(): readonly string[] {
    return [...this.#left].sort();
  }

  /** These were there; symbols that the universe does not ask for do not count. */
  expect({ tickers }: Frame, universe: Universe): void {
    const members = new Set(universe);
    for (const { symbol, base, quote } of tickers) {
      if (members.has(base) && members.has(quote)) this.#expected.add(symbol);
    }
  }

  /** @returns those that have left with this listing */
  update(listed: readonly string[]): readonly string[] {
    const trading = new Set(listed);
    for (const symbol of trading) this.#left.delete(symbol);
    const left = [...this.#expected].filter(
      (symbol) => !trading.has(symbol) && !this.#left.has(symbol),
    );
    for (const symbol of left) this.#left.add(symbol);
    return left.sort();
  }
}

/** Says which symbols have left. */
export function departureWords(symbols: readonly string[]): string {
  return `The exchange no longer lists as trading what was in earlier turns: ${nameSome(symbols)}.`;
}
