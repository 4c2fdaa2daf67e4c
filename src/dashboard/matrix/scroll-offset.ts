import { flushSync } from 'react-dom';

/** How far something is scrolled, pixels. */
export interface Offset {
  readonly left: number;
  readonly top: number;
}

type Listener = (offset: Offset) => void;

const PASSIVE = { passive: true };

/**
 * How far one element is scrolled, read once for all who follow it, before any of them changes the page: to
 * read it after a change has the whole of it laid out, for each that reads. What they change is drawn at once
 * and together, so that nothing is bare that has come into view.
 */
export class ScrollOffset {
  readonly #listeners = new Set<Listener>();

  /** @returns what ends it */
  follow(element: Element, listener: Listener): () => void {
    if (this.#listeners.size === 0) element.addEventListener('scroll', this.#tell, PASSIVE);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) element.removeEventListener('scroll', this.#tell);
    };
  }

  readonly #tell = ({ currentTarget }: Event): void => {
    const { scrollLeft: left, scrollTop: top } = currentTarget as Element;
    flushSync(() => {
      for (const listener of this.#listeners) listener({ left, top });
    });
  };
}
