import { randomUUID } from 'node:crypto';
import type { Pace } from '../scheduling/slices.js';

/**
 * A part of an answer whose JSON text is at hand, or is made once and kept. JSON.stringify writes
 * its value, as of anything else; {@link writeJson} puts the kept text in place.
 */
export abstract class PreparedJson {
  /** What JSON.stringify writes: the same as `keptText()`, character for character. */
  abstract toJSON(): unknown;
  /** The text, or its bytes in UTF-8 where it is long: those are sent as they are, without a copy. */
  abstract keptText(): string | Buffer;
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

/** Writes an answer as JSON.stringify would, with the texts of its prepared parts as they are. */
export function writeJson(answer: unknown): JsonText {
  const parts: (string | Buffer)[] = [];
  const frame = JSON.stringify(withPlaces(answer, parts, []));
  return new JsonText(parts.length === 0 ? [frame] : fill(frame, parts));
}

/**
 * A value with places instead of its prepared parts, whose texts are collected in the order in which
 * JSON.stringify comes by. What has none inside is taken as it is.
 * @param around what the value stands in: of a circle JSON.stringify says what is wrong
 */
function withPlaces(value: unknown, parts: (string | Buffer)[], around: unknown[]): unknown {
  if (!isParted(value)) {
    if (!(value instanceof PreparedJson)) return value;
    parts.push(value.keptText());
    return PLACE;
  }
  if (around.includes(value)) return value;
  around.push(value);
  let copy: Record<string, unknown> | null = null;
  for (const key in value) {
    const item = value[key];
    if (typeof item !== 'object' || item === null) continue;
    const placed = withPlaces(item, parts, around);
    if (placed !== item) (copy ??= copyOf(value))[key] = placed;
  }
  around.pop();
  return copy ?? value;
}

function copyOf(value: object): Record<string, unknown> {
  const copy: unknown = Array.isArray(value) ? value.slice() : { ...value };
  return copy as Record<string, unknown>;
}

/** An answer of fewer values is written in one go. */
const FEW_VALUES = 2_000;
/** So deep an answer is written part by part: cycles in a page, assets in a cycle. */
const PARTED_DEPTH = 6;
/** Text becomes bytes in portions of so many characters. */
const PORTION = 64 * 1024;

/** Writes an answer as {@link writeJson} does, at a pace. */
export async function writeJsonInSlices(answer: unknown, pace: Pace): Promise<JsonText> {
  if (countValues(answer, FEW_VALUES) < FEW_VALUES) return writeJson(answer);
  const pieces: (string | Buffer)[] = [];
  let text = '';
  for (const part of partsOf(answer, PARTED_DEPTH)) {
    if (typeof part === 'string') text += part;
    if (typeof part !== 'string' || text.length > PORTION) {
      pieces.push(Buffer.from(text));
      text = '';
    }
    if (typeof part !== 'string') pieces.push(part);
    if (pace.isSpent) await pace.next();
  }
  pieces.push(text);
  return new JsonText(pieces);
}

/** How many values there are, up to a limit. */
function countValues(value: unknown, limit: number): number {
  if (!isParted(value)) return 1;
  let count = 1;
  for (const key in value) {
    count += countValues((value as Record<string, unknown>)[key], limit - count);
    if (count >= limit) break;
  }
  return count;
}

/** The text of a value, in parts. */
function* partsOf(value: unknown, depth: number): Generator<string | Buffer, void, void> {
  if (depth === 0 || !isParted(value) || !Object.values(value).some(isParted)) {
    return yield* writeJson(value).pieces;
  }
  const isList = Array.isArray(value);
  let before = isList ? '[' : '{';
  for (const [key, item] of Object.entries(value)) {
    const isWritten = !['undefined', 'function', 'symbol'].includes(typeof item);
    if (!isWritten && !isList) continue;
    yield isList ? before : `${before}${JSON.stringify(key)}:`;
    if (isWritten) yield* partsOf(item, depth - 1);
    else yield 'null';
    before = ',';
  }
  yield before === ',' ? (isList ? ']' : '}') : isList ? '[]' : '{}';
}

/** Whether a value is a plain object or a list, and so is what stands in it. */
function isParted(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === null || prototype === Object.prototype || Array.isArray(value);
  return isPlain && !('toJSON' in value);
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
