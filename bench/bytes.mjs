// What a subscriber costs on the wire: bytes of one pushed cycle, by assets, kinds, digits and compression.
import { compressed } from '../dist/subscriptions/compression.js';
import { cyclesOf } from './fixture.mjs';

const FIVE = ['ID_BENCHMARK', 'ID_DELTA', 'ID_PERCENT', 'ID_PCT', 'QUANTID'];

export async function benchBytes() {
  const rows = [];
  for (const size of [9, 50, 100]) {
    const cycles = cyclesOf(size);
    cycles.next();
    const figures = cycles.next();
    for (const kinds of [FIVE.slice(0, 1), FIVE]) {
      for (const digits of [17, 8, 6, 4]) {
        const body = bodyOf(figures, kinds, digits);
        const less = await compressed(body);
        rows.push({
          N: size,
          kinds: kinds.length,
          digits: digits === 17 ? 'all' : digits,
          bytes: body.length,
          compressed: less.length,
        });
      }
    }
  }
  return [{ title: 'bytes: one cycle to one subscriber', rows }];
}

function bodyOf(figures, kinds, digits) {
  const shown = (value) => (digits === 17 ? value : Number(value.toPrecision(digits)));
  const matrices = kinds.map((kind) => {
    const { universe, cells } = figures.matrix(kind);
    const n = universe.length;
    const row = (i) =>
      Array.from(cells.subarray(i * n, (i + 1) * n), (value) =>
        Number.isNaN(value) ? null : shown(value),
      );
    return { values: universe.map((_, i) => row(i)) };
  });
  return Buffer.from(JSON.stringify({ data: { cycleCompleted: { turn: 2, matrices } } }) + '}');
}
