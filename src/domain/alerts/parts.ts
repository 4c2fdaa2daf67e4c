/** What is wrong with one of the parts that somebody gives; null: with which of them are given. */
export interface PartFault<Part extends string = string> {
  readonly part: Part | null;
  readonly words: string;
}

export function isPartFault<T extends object, Part extends string>(
  found: T | PartFault<Part>,
): found is PartFault<Part> {
  return 'words' in found;
}

export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
