// Nanoseconds a cell for all five matrices, rate finding included, against filling an array.
import { CycleFigures } from '../dist/domain/cycle.js';
import { marketOf } from './fixture.mjs';
import { median } from './measure.mjs';

/** @param {{ quick: boolean }} options */
export async function benchCompute({ quick }) {
  const rows = [9, 100, 500].map((size) => {
    const { universe, pairs, frame } = marketOf(size);
    const [now, before] = [frame(2), new CycleFigures({ frame: frame(1), universe })];
    before.matrix('ID_PERCENT');
    const cells = 5 * size * size;
    const target = new Float64Array(cells);
    const compute = () => {
      const figures = new CycleFigures({ frame: now, universe });
      for (const kind of ['ID_BENCHMARK', 'ID_DELTA', 'ID_PERCENT', 'QUANTID'])
        figures.matrix(kind);
      figures.percentChange(before);
    };
    const fill = () => {
      for (let cell = 0; cell < cells; cell++) target[cell] = cell * 0.5;
    };
    const rounds = quick ? 15 : size === 500 ? 61 : 501;
    const times = { compute: [], fill: [] };
    for (let round = 0; round < rounds + 20; round++) {
      for (const [name, work] of Object.entries({ compute, fill })) {
        const start = process.hrtime.bigint();
        work();
        if (round >= 20) times[name].push(Number(process.hrtime.bigint() - start) / cells);
      }
    }
    const [ours, limit] = [median(times.compute), median(times.fill)];
    return {
      N: size,
      pairs: pairs.length,
      'fill ns': limit,
      'ours ns': ours,
      'ours / fill': ours / limit,
    };
  });
  return { title: 'compute: ns a cell, five matrices and their rates', rows };
}
