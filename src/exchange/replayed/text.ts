/** The encoding that a byte-order mark tells; UTF-8 without one. */
function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** The text of a file, without the byte-order mark that some programs begin it with. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** The longest row that is read; one of candles has some 130 characters. */
const LONGEST_ROW = 10_000;

/** A row that is too long to be one. */
export class RowTooLongError extends Error {
  override readonly name = 'RowTooLongError';

  constructor(readonly row: number) {
    super(`row ${row} has over ${LONGEST_ROW} characters`);
  }
}

/** The rows of a text that comes in pieces, many at a time. Any line ending ends a row. */
export async function* rowsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let rest = '';
  let count = 0;
  const split = function* (text: string, isLast: boolean): Generator<string[]> {
    // The line feed of a carriage return may be still to come.
    const end = !isLast && text.endsWith('\r') ? text.length - 1 : text.length;
    const rows = text.slice(0, end).split(/\r\n?|\n/);
    rest = (isLast ? '' : rows.pop()) + text.slice(end);
    count += rows.length;
    const long = rows.findIndex((row) => row.length > LONGEST_ROW);
    if (long >= 0) throw new RowTooLongError(count - rows.length + long + 1);
    if (rest.length > LONGEST_ROW) throw new RowTooLongError(count + 1);
    yield rows;
  };
  for await (const piece of pieces) {
    decoder ??= new TextDecoder(encodingOf(piece));
    yield* split(rest + decoder.decode(piece, { stream: true }), false);
  }
  yield* split(rest + (decoder?.decode() ?? ''), true);
}
