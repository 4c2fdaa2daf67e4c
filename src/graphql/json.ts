import { randomUUID } from 'node:crypto';

/**
 * A part of an answer whose JSON text is at hand, or is made once and kept. JSON.stringify writes
 * its value, as of anything else; {@link writeJson} puts the kept text in place.
 */
export interface PreparedJson {
  /** What JSON.stringify writes: the same as `keptText()`, character for character. */
  toJSON(): unknown;
  /** The text, or its bytes in UTF-8 where it is long: those are sent as they are, without a copy. */
  keptText(): string | Buffer;
}

/** JSON in pieces: text, and bytes (UTF-8) that are shared with other answers. */
export class JsonText {
  readonly pieces: readonly (string | Buffer)[];

  constructor(pieces: readonly (string | Buffer)[]) {
    this.pieces = pieces;
  }

  toString(): string {
    return this.pieces.map(String).join('');
  }

  /** All in one, with so much text behind it. */
  toBuffer(end = ''): Buffer {
    const bytes = [...this.pieces, end].map((piece) =>
      typeof piece === 'string' ? Buffer.from(piece) : piece,
    );
    return Buffer.concat(bytes);
  }
}

/** Stands for a prepared part; nobody outside can know it. */
const PLACE = randomUUID();
const PLACE_TEXT = JSON.stringify(PLACE);

/** What is to be put in place, while a stringify is under way; it is never interrupted. */
let kept: (string | Buffer)[] | null = null;

/** What a prepared part gives to JSON.stringify: its place within {@link writeJson}. */
export function placeOf(part: PreparedJson, value: () => unknown): unknown {
  if (kept === null) return value();
  kept.push(part.keptText());
  return PLACE;
}

/** Writes an answer as JSON.stringify would, with the texts of its prepared parts as they are. */
export function writeJson(answer: unknown): JsonText {
  kept = [];
  try {
    const frame = JSON.stringify(answer);
    return new JsonText(kept.length === 0 ? [frame] : fill(frame, kept));
  } finally {
    kept = null;
  }
}

/** Puts the parts in their places; neighbouring text is joined, bytes stay as they are. */
function fill(frame: string, parts: readonly (string | Buffer)[]): (string | Buffer)[] {
  const pieces: (string | Buffer)[] = [];
  let text = '';
  let from = 0;
  for (const part of parts) {
    const place = frame.indexOf(PLACE_TEXT, from);
    text += frame.slice(from, place);
    from = place + PLACE_TEXT.length;
    if (typeof part === 'string') text += part;
    else {
      pieces.push(text, part);
      text = '';
    }
  }
  pieces.push(text + frame.slice(from));
  return pieces;
}
