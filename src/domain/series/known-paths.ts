import type { PathCodes, RatePath } from './evaluation.js';

/** The paths that were seen, each by a number from 1 on, so that a column of them is one of numbers. */
export class KnownPaths implements PathCodes {
  readonly #paths: RatePath[] = [];
  readonly #codes = new Map<string, number>();

  pathOf(code: number): RatePath {
    return this.#paths[code - 1] as RatePath;
  }

  codeOf(path: RatePath): number {
    const key = [path.source, ...path.symbols].join(' ');
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    this.#codes.set(key, this.#paths.push(path));
    return this.#paths.length;
  }
}
