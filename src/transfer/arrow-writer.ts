import {
  Bool,
  Field,
  Float64,
  Int32,
  List,
  makeBuilder,
  makeData,
  Message,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
  type Data,
  type DataType,
} from 'apache-arrow';
import { isNone, type Batch, type Column, type ColumnType, type RowWriter } from './columns.js';

/** Arrow's file format (IPC, also known as Feather V2): a record batch for each batch of rows. */
export class ArrowWriter implements RowWriter {
  readonly #columns: readonly Column[];
  readonly #schema: Schema;
  readonly #writer = new PiecesWriter();

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#schema = new Schema(columns.map(fieldOf));
    this.#writer.begin(this.#schema);
  }

  write({ rows, columns }: Batch): Uint8Array[] {
    const children = this.#columns.map(({ type }, at) =>
      dataOf(type, columns[at] as ArrayLike<unknown>, rows),
    );
    const type = new Struct(this.#schema.fields);
    const data = makeData({ type, length: rows, nullCount: 0, children });
    this.#writer.write(new RecordBatch(this.#schema, data));
    return this.#writer.take();
  }

  end(): Uint8Array[] {
    this.#writer.finish();
    return this.#writer.take();
  }
}

/** Keeps what is written until it is taken, instead of a queue that is read asynchronously. */
class PiecesWriter extends RecordBatchFileWriter {
  #pieces: Uint8Array[] = [];

  begin(schema: Schema): void {
    this.reset(undefined, schema);
  }

  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  /** A file is a whole stream between two marks: that begins with its schema, which the library leaves out. */
  protected override _writeSchema(schema: Schema): this {
    super._writeSchema(schema);
    return this._writeMessage(Message.from(schema));
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started || chunk.byteLength === 0) return this;
    this.#pieces.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this._position += chunk.byteLength;
    return this;
  }
}

function fieldOf({ name, type, mayBeNull }: Column): Field {
  return new Field(name, typeOf(type), mayBeNull === true);
}

function typeOf(type: ColumnType): DataType {
  switch (type) {
    case 'whole':
      return new Int32();
    case 'time':
      return new TimestampMillisecond('UTC');
    case 'double':
      return new Float64();
    case 'text':
      return new Utf8();
    case 'flag':
      return new Bool();
    default:
      if ('struct' in type) return new Struct(type.struct.map(fieldOf));
      return new List(new Field('item', typeOf(type.list), type.mayHaveNulls === true));
  }
}

function dataOf(type: ColumnType, values: ArrayLike<unknown>, rows: number): Data {
  if (type === 'double') return doublesOf(values, rows);
  const builder = makeBuilder({ type: typeOf(type), nullValues: [null, undefined] });
  for (let row = 0; row < rows; row++) {
    const value = values[row];
    builder.append(isNone(value) ? null : value);
  }
  return builder.finish().flush() as Data;
}

/** Doubles stay the bytes that they are. */
function doublesOf(values: ArrayLike<unknown>, rows: number): Data<Float64> {
  const data = new Float64Array(rows);
  const nullBitmap = new Uint8Array(Math.ceil(rows / 8));
  let nullCount = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row];
    if (isNone(value)) nullCount++;
    else {
      data[row] = value as unknown as number;
      nullBitmap[row >> 3] = (nullBitmap[row >> 3] as number) | (1 << (row & 7));
    }
  }
  const type = new Float64();
  if (nullCount === 0) return makeData<Float64>({ type, length: rows, nullCount, data });
  return makeData<Float64>({ type, length: rows, nullCount, nullBitmap, data });
}
