import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../src/transfer/columns.js';
import { openWriter } from '../../src/transfer/writers.js';
import type { Format } from '../../src/transfer/request.js';
import { columnOf, openedElsewhere } from '../support/exports.js';

const COLUMNS: readonly Column[] = [
  { name: 'n', type: 'whole' },
  { name: 'value', type: 'double', mayBeNull: true },
  { name: 'list', type: { list: 'double', mayHaveNulls: true } },
  { name: 'note', type: 'text', mayBeNull: true },
  {
    name: 'rows',
    type: {
      list: {
        struct: [
          { name: 'key', type: 'text' },
          { name: 'is', type: 'flag' },
        ],
      },
    },
  },
];

type Row = readonly [number, number | null, (number | null)[], string | null, object[]];

async function written(format: Format, rows: readonly Row[], atOnce: number, width = 5) {
  const writer = await openWriter(format, COLUMNS, width);
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < rows.length; from += atOnce) {
    const part = rows.slice(from, from + atOnce);
    const columns = COLUMNS.map((_, at) => part.map((row) => row[at]));
    pieces.push(...writer.write({ rows: part.length, columns }));
  }
  return Buffer.concat([...pieces, ...writer.end()]);
}

const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const row = fc.tuple(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.option(double),
  fc.array(fc.option(double), { maxLength: 3 }),
  fc.option(fc.string()),
  fc.array(fc.record({ key: fc.string(), is: fc.boolean() }), { maxLength: 3 }),
);

/** What Arrow gives of a nested value, as plain values. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Symbol.iterator in value && !('toJSON' in value && !('length' in value)))
    return Array.from(value as Iterable<unknown>, plain);
  return (value as { toJSON(): unknown }).toJSON();
}

describe('every format', () => {
  it.each(['arrow', 'parquet'] as const)(
    'has the same values, bit for bit, as %s',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { minLength: 1, maxLength: 70 }),
          fc.integer({ min: 1, max: 40 }),
          async (rows, atOnce) => {
            // So wide that a row group of Parquet has few rows.
            const table = openedElsewhere(format, await written(format, rows, atOnce, 5_000));
            COLUMNS.forEach(({ name }, at) => {
              const read = columnOf(table, name).map(plain);
              expect(read).toEqual(rows.map((each) => each[at]));
            });
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  it('has negative zeros and the smallest doubles, also as JSON lines', async () => {
    const some = [-0, 0, 5e-324, -1.7976931348623157e308, 0.1 + 0.2];
    // So often that a dictionary of them would pay.
    const values = Array.from({ length: 50 }, () => some).flat();
    const rows = values.map((value, n): Row => [n, value, [value, null], null, []]);
    const text = (await written('jsonl', rows, 2)).toString();
    const read = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { value: number });
    expect(read.map(({ value }) => value)).toStrictEqual(values);
    for (const format of ['arrow', 'parquet'] as const) {
      const table = openedElsewhere(format, await written(format, rows, 2));
      expect(columnOf(table, 'value')).toStrictEqual(values);
      expect(columnOf(table, 'list').map(plain)).toStrictEqual(rows.map((each) => each[2]));
    }
  });

  it('quotes in CSV what has commas, quotes or line ends, and has nothing where there is no value', async () => {
    const columns: readonly Column[] = [
      { name: 'a,b', type: 'text', mayBeNull: true },
      { name: 'value', type: 'double', mayBeNull: true },
      { name: 'at', type: 'time' },
    ];
    const writer = await openWriter('csv', columns, 3);
    const batch = {
      rows: 2,
      columns: [['x"y\n', null], Float64Array.of(NaN, 1e-7), Float64Array.of(0, 8.65e15)],
    };
    expect(Buffer.concat(writer.write(batch)).toString()).toBe(
      '"a,b",value,at\r\n"x""y\n",,1970-01-01T00:00:00.000Z\r\n,1e-7,8650000000000000\r\n',
    );
  });

  it.each(['csv', 'jsonl', 'arrow', 'parquet'] as const)(
    'is whole without a row as %s',
    async (format) => {
      const file = await written(format, [], 1);
      if (format === 'csv') expect(file.toString()).toBe('n,value,list,note,rows\r\n');
      if (format === 'jsonl') expect(file.toString()).toBe('');
      if (format === 'arrow' || format === 'parquet') {
        const table = openedElsewhere(format, file);
        expect([table.numRows, table.schema.fields.map(({ name }) => name)]).toEqual([
          0,
          COLUMNS.map(({ name }) => name),
        ]);
      }
    },
  );
});
