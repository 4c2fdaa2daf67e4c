/** Something that can be counted, and how much of it is allowed. */
export interface ExceededLimit {
  readonly name: string;
  readonly allowed: number;
  readonly found: number;
}

/** A series that was asked for cannot be had, for what its request says. */
export class SeriesFault extends Error {
  override readonly name = 'SeriesFault';

  /**
   * @param argument what of the request is at fault
   * @param words what is wrong with it, and what would do
   * @param limit where it asks for too much; null where it is wrong
   */
  constructor(
    readonly argument: string,
    readonly words: string,
    readonly limit: ExceededLimit | null = null,
  ) {
    super(`${argument} ${words}`);
  }
}
