import type { ChosenPair } from './chosen-pair.js';
import { storedList } from './stored.js';

const list = storedList('dynamics.favourites', isPair);

function isPair(value: unknown): value is ChosenPair {
  const { base, quote } = (value ?? {}) as Partial<ChosenPair>;
  return typeof base === 'string' && typeof quote === 'string';
}

/** The pairs that were marked with a star, in the order in which they were. */
export const useFavourites = list.use;

/** A star that marks a pair, or takes the mark back. */
export function FavouriteButton({ base, quote }: ChosenPair) {
  const favourites = list.use();
  const isSame = (pair: ChosenPair): boolean => pair.base === base && pair.quote === quote;
  const isFavourite = favourites.some(isSame);
  return (
    <button
      type="button"
      className="icon"
      aria-pressed={isFavourite}
      title={isFavourite ? 'No favourite any more' : 'Make it a favourite'}
      onClick={() =>
        list.set(
          isFavourite
            ? favourites.filter((pair) => !isSame(pair))
            : [...favourites, { base, quote }],
        )
      }
    >
      <span aria-hidden="true">{isFavourite ? '★' : '☆'}</span>
      <span className="hidden">
        Favourite {base}/{quote}
      </span>
    </button>
  );
}
