/** Why what somebody gave cannot be used, in words that say what is expected in its place. */
export class Fault {
  constructor(readonly words: string) {}
}

export function isFault(value: unknown): value is Fault {
  return value instanceof Fault;
}
