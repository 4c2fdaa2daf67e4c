import { ByteWriter, ParquetWriter as Parquet } from 'hyparquet-writer';
import { isNone, type Batch, type Column, type ColumnType, type RowWriter } from './columns.js';

/** How many values a row group has at most: what is written in one go must not hold the event loop long. */
const VALUES_OF_GROUP = 131_072;
const FEWEST_ROWS = 64;

type Schema = ConstructorParameters<typeof Parquet>[0]['schema'];
type Element = Schema[number];

/** Parquet: row groups of some thousand rows, compressed with Snappy. */
export class ParquetWriter implements RowWriter {
  readonly #columns: readonly Column[];
  readonly #rowsOfGroup: number;
  readonly #bytes = new GroupBytes();
  readonly #parquet: Parquet;
  /** Rows that are not written yet, by column. */
  #waiting: unknown[][];
  #rows = 0;

  /** @param valuesOfRow about how many numbers and texts a row has */
  constructor(columns: readonly Column[], valuesOfRow = columns.length) {
    this.#columns = columns;
    this.#rowsOfGroup = Math.max(FEWEST_ROWS, Math.floor(VALUES_OF_GROUP / valuesOfRow));
    const schema = [
      { name: 'root', num_children: columns.length },
      ...columns.flatMap(({ name, type, mayBeNull }) => elementsOf(name, type, mayBeNull ?? false)),
    ];
    this.#parquet = new Parquet({ writer: this.#bytes, schema, createdBy: 'dynamics' });
    this.#waiting = columns.map(() => []);
  }

  write(batch: Batch): Uint8Array[] {
    for (let from = 0; from < batch.rows;) {
      const to = Math.min(batch.rows, from + this.#rowsOfGroup - this.#rows);
      this.#waiting.forEach((waiting, at) => addTo(waiting, batch.columns[at], from, to));
      this.#rows += to - from;
      from = to;
      if (this.#rows === this.#rowsOfGroup) this.#writeGroup();
    }
    return this.#bytes.take();
  }

  end(): Uint8Array[] {
    if (this.#rows > 0) this.#writeGroup();
    void this.#parquet.finish();
    const pieces = this.#bytes.take();
    return this.#parquet.num_rows === 0n ? pieces.map(withEmptyList) : pieces;
  }

  #writeGroup(): void {
    const columnData = this.#columns.map(({ name, type }, at) => ({
      name,
      data: this.#waiting[at] as unknown[],
      // A dictionary would take -0 and 0 for the same.
      ...(isOfDoubles(type) && { encoding: 'BYTE_STREAM_SPLIT' as const }),
      // Whole numbers and times mostly grow by as much each time.
      ...((type === 'whole' || type === 'time') && { encoding: 'DELTA_BINARY_PACKED' as const }),
      offsetIndex: false,
    }));
    void this.#parquet.write({ columnData, rowGroupSize: this.#rows });
    this.#waiting = this.#columns.map(() => []);
    this.#rows = 0;
  }
}

/** No rows, then no row groups, then who wrote it, as the footer has them (Thrift's compact protocol). */
const NO_ROW_GROUPS = Buffer.from([0x16, 0x00, 0x19, 0x00, 0x28]);
const LIST_OF_STRUCTS = 0x0c;

/** An empty list has to say what it would be of, too, which the library leaves out. */
function withEmptyList(piece: Uint8Array): Uint8Array {
  const place = Buffer.from(piece).lastIndexOf(NO_ROW_GROUPS);
  return place === -1 ? piece : piece.with(place + 3, LIST_OF_STRUCTS);
}

function addTo(
  waiting: unknown[],
  values: ArrayLike<unknown> | undefined,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    const value = values?.[row];
    waiting.push(isNone(value) ? null : value);
  }
}

/** What was written, group by group. */
class GroupBytes extends ByteWriter {
  #pieces: Uint8Array[] = [];

  flush(): void {
    this.#pieces.push(this.getBytes().slice());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }

  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}

function isOfDoubles(type: ColumnType): boolean {
  return (
    type === 'double' || (typeof type === 'object' && 'list' in type && type.list === 'double')
  );
}

function elementsOf(name: string, type: ColumnType, mayBeNull: boolean): Element[] {
  const own = { name, repetition_type: mayBeNull ? 'OPTIONAL' : 'REQUIRED' } as const;
  switch (type) {
    case 'whole':
      return [{ ...own, type: 'INT32' }];
    case 'time':
      return [{ ...own, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }];
    case 'double':
      return [{ ...own, type: 'DOUBLE' }];
    case 'text':
      return [{ ...own, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
    case 'flag':
      return [{ ...own, type: 'BOOLEAN' }];
    default:
      if ('struct' in type) {
        const inner = type.struct.flatMap((each) =>
          elementsOf(each.name, each.type, each.mayBeNull ?? false),
        );
        return [{ ...own, num_children: type.struct.length }, ...inner];
      }
      return [
        { ...own, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', type.list, type.mayHaveNulls ?? false),
      ];
  }
}
