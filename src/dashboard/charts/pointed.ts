/** Where the crosshair is. */
export interface Place {
  /** The nearest point: its place in the chart's data. */
  readonly index: number;
  /** The moment that is pointed at, milliseconds since 1970: not only points have one, gaps do too. */
  readonly at: number;
}

/** Where the crosshair of a chart is; null where there is none. */
export class Pointed {
  readonly #listeners = new Set<() => void>();
  #place: Place | null = null;

  readonly get = (): Place | null => this.#place;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(place: Place | null): void {
    if (place?.index === this.#place?.index && place?.at === this.#place?.at) return;
    this.#place = place;
    for (const listener of this.#listeners) listener();
  }
}
