import { randomUUID } from 'node:crypto';

/**
 * A part of an answer whose JSON text is at hand, or is made once and kept. JSON.stringify writes
 * its value, as of anything else; {@link stringifyAnswer} puts the text in place.
 */
export interface PreparedJson {
  /** What JSON.stringify writes: the same as `jsonText()`, character for character. */
  toJSON(): unknown;
  jsonText(): string;
}

/** Stands for a prepared part; nobody outside can know it. */
const PLACE = randomUUID();
const PLACE_TEXT = JSON.stringify(PLACE);

/** The texts to be put in place, while a stringify is under way; it is never interrupted. */
let texts: string[] | null = null;

/** What a prepared part gives to JSON.stringify: its place within {@link stringifyAnswer}. */
export function placeOf(part: PreparedJson, value: () => unknown): unknown {
  if (texts === null) return value();
  texts.push(part.jsonText());
  return PLACE;
}

/** Writes an answer as JSON.stringify would, with the texts of its prepared parts as they are. */
export function stringifyAnswer(answer: unknown): string {
  texts = [];
  try {
    const frame = JSON.stringify(answer);
    if (texts.length === 0) return frame;
    const parts = frame.split(PLACE_TEXT);
    return parts.flatMap((part, at) => [part, texts?.[at] ?? '']).join('');
  } finally {
    texts = null;
  }
}
