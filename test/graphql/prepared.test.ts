import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeJson, writeJsonInSlices } from '../../src/graphql/json.js';
import { MatrixValues } from '../../src/graphql/matrix-text.js';
import type { Matrix } from '../../src/domain/matrix.js';
import type { Pace } from '../../src/scheduling/slices.js';

const cell = fc.oneof(
  fc.double(),
  fc.constantFrom(NaN, 0, -0, 1, -1, 5e-324, 1.7976931348623157e308, 1e21, 1e-7, 0.1 + 0.2),
);
const matrix = fc.integer({ min: 1, max: 5 }).chain((size) =>
  fc.array(cell, { minLength: size * size, maxLength: size * size }).map((cells): Matrix => ({
    kind: 'ID_DELTA',
    unit: 'QUOTE_PER_BASE',
    universe: Array.from({ length: size }, (_, at) => `A${at}`),
    cells: Float64Array.from(cells),
    scale: null,
  })),
);
const part = (size: number) => fc.shuffledSubarray([...Array(size).keys()]);
const digits = fc.option(fc.integer({ min: 1, max: 17 }));

const asked = matrix.chain((made) =>
  fc.record({
    matrix: fc.constant(made),
    rows: fc.oneof(fc.constant([...made.universe.keys()]), part(made.universe.length)),
    columns: fc.oneof(fc.constant([...made.universe.keys()]), part(made.universe.length)),
    digits,
  }),
);

/** A pace that lets others go at every step, and counts how often. */
function slowest(): Pace & { steps: number } {
  return {
    isSpent: true,
    steps: 0,
    next() {
      this.steps++;
      return Promise.resolve();
    },
  };
}

interface Asked {
  readonly matrix: Matrix;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly digits: number | null;
}

const valuesOf = (given: Asked) =>
  new MatrixValues(given.matrix, given.rows, given.columns, given.digits);

describe('the prepared text of a matrix', () => {
  it('is the same when it is made row by row, letting others go in between', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async (given) => {
        const pace = slowest();
        const values = await valuesOf(given).prepared(pace);
        expect(pace.steps).toBe(given.rows.length);
        expect(String(values.keptText())).toBe(JSON.stringify(values.values()));
        const again = slowest();
        expect(valuesOf(given).prepared(again)).toBeInstanceOf(MatrixValues);
        expect(again.steps).toBe(0);
      }),
    );
  });

  it('is what JSON.stringify writes of its values, character for character, however often it is asked for', () => {
    fc.assert(
      fc.property(asked, ({ matrix: made, rows, columns, digits: given }) => {
        const values = new MatrixValues(made, rows, columns, given);
        const text = JSON.stringify(values.values());
        expect(String(values.keptText())).toBe(text);
        expect(String(new MatrixValues(made, rows, columns, given).keptText())).toBe(text);
        expect(JSON.stringify(values)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('reads back as the same doubles', () => {
    fc.assert(
      fc.property(matrix, (made) => {
        const all = [...made.universe.keys()];
        const text = String(new MatrixValues(made, all, all, null).keptText());
        const read = (JSON.parse(text) as (number | null)[][]).flat();
        const expected = [...made.cells].map((value) =>
          Number.isFinite(value) ? value + 0 : null,
        );
        expect(read).toEqual(expected);
      }),
    );
  });
});

describe('an answer with prepared parts', () => {
  it('is written as JSON.stringify writes it, whatever stands beside them', () => {
    const answer = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double(),
        fc.constant(undefined),
        asked.map(
          (given) => new MatrixValues(given.matrix, given.rows, given.columns, given.digits),
        ),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(answer, (value) => {
        const wrapped = { data: value };
        const written = writeJson(wrapped);
        expect(String(written)).toBe(JSON.stringify(wrapped));
        expect(written.toBuffer('}').toString()).toBe(`${JSON.stringify(wrapped)}}`);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same when it is written in slices, however large it is', async () => {
    const item = fc.record(
      {
        turn: fc.nat(),
        text: fc.string(),
        none: fc.constant(undefined),
        list: fc.array(fc.oneof(fc.string(), fc.constant(null), fc.constant(undefined))),
        deep: fc.record({ matrix: fc.record({ values: asked.map(valuesOf) }), when: fc.date() }),
      },
      { requiredKeys: ['turn'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 8 }), async (items) => {
        const nodes = Array.from({ length: 2_000 }, (_, n) => items[n % items.length]);
        const answer = { errors: [], data: { cycles: { nodes, empty: {}, 'na"me': [[], {}] } } };
        const pace = slowest();
        const written = await writeJsonInSlices(answer, pace);
        expect(String(written)).toBe(JSON.stringify(answer));
        expect(written.toBuffer('}').toString()).toBe(`${JSON.stringify(answer)}}`);
        expect(pace.steps).toBeGreaterThan(2_000);
      }),
      { numRuns: 15 },
    );
  });

  it('leaves nothing behind when it cannot be written', () => {
    const all = new MatrixValues({ universe: ['A'], cells: Float64Array.of(1) }, [0], [0], null);
    const broken = { all, circle: {} };
    broken.circle = broken;
    expect(() => writeJson(broken)).toThrow(/circular/);
    expect(JSON.stringify({ all })).toBe('{"all":[[1]]}');
  });
});
