import { LRUCache } from 'lru-cache';
import { cellAt, submatrix, type PairTable } from '../domain/pair-table.js';
import { UNPACED, type Pace } from '../scheduling/slices.js';
import { PreparedJson } from './json.js';
import { roundTo } from './round.js';

/** How many texts of one table are kept: whole and in part, by digits. */
const KEPT_TEXTS = 16;

/** A text of so many characters is kept as bytes: sending it costs no encoding and no copy. */
const LONG_TEXT = 16 * 1024;

/** The texts of each table, for as long as the table itself is kept. */
const TEXTS = new WeakMap<PairTable, LRUCache<string, string | Buffer>>();

/**
 * The cells of a table, or of a part of it, as an answer: rows of numbers or null. Turning doubles
 * into text is by far the dearest part of an answer, so the text is made once and kept with the
 * table.
 */
export class MatrixValues extends PreparedJson {
  readonly #table: PairTable;
  readonly #rows: readonly number[];
  readonly #columns: readonly number[];
  readonly #digits: number | null;
  #text: string | Buffer | undefined;

  /**
   * @param rows positions in the table's universe
   * @param digits significant digits, 1 to 17; null for the shortest text of the same double
   */
  constructor(
    table: PairTable,
    rows: readonly number[],
    columns: readonly number[],
    digits: number | null,
  ) {
    super();
    this.#table = table;
    this.#rows = rows;
    this.#columns = columns;
    this.#digits = digits;
  }

  override toJSON(): unknown {
    return this.values();
  }

  values(): (number | null)[][] {
    const values = submatrix(this.#table, this.#rows, this.#columns);
    const digits = this.#digits;
    return digits === null
      ? values
      : values.map((row) => row.map((value) => roundTo(value, digits)));
  }

  override keptText(): string | Buffer {
    return (this.#text ??=
      this.#known() ?? this.#keep(this.#rows.map((row) => this.#writeRow(row))));
  }

  /** Makes the text at a pace, so that nothing is left to do when the answer is written. */
  prepared(pace: Pace): this | Promise<this> {
    this.#text ??= this.#known();
    if (pace === UNPACED || this.#text !== undefined) return this;
    return this.#prepare(pace);
  }

  async #prepare(pace: Pace): Promise<this> {
    const rows: string[] = [];
    for (const row of this.#rows) {
      if (pace.isSpent) await pace.next();
      rows.push(this.#writeRow(row));
    }
    this.#text = this.#known() ?? this.#keep(rows);
    return this;
  }

  #known(): string | Buffer | undefined {
    return TEXTS.get(this.#table)?.get(this.#key());
  }

  #keep(rows: readonly string[]): string | Buffer {
    const written = ['[', rows.join(), ']'].join('');
    const text = written.length < LONG_TEXT ? written : Buffer.from(written, 'latin1');
    let kept = TEXTS.get(this.#table);
    if (!kept) TEXTS.set(this.#table, (kept = new LRUCache({ max: KEPT_TEXTS })));
    kept.set(this.#key(), text);
    return text;
  }

  #key(): string {
    const { length } = this.#table.universe;
    const isWhole = isInOrder(this.#rows, length) && isInOrder(this.#columns, length);
    const part = isWhole ? '' : `${this.#rows.join()}/${this.#columns.join()}`;
    return `${this.#digits ?? ''} ${part}`;
  }

  /** A number's own text is the shortest that reads back as the same double, as JSON has it. */
  #writeRow(i: number): string {
    const cells = this.#columns.map((j) => roundTo(cellAt(this.#table, i, j), this.#digits));
    return ['[', cells.map(String).join(), ']'].join('');
  }
}

function isInOrder(positions: readonly number[], length: number): boolean {
  return positions.length === length && positions.every((position, at) => position === at);
}
