// Nanoseconds a cell for all five matrices, against filling an array and against nested objects.
import { CycleFigures } from '../dist/domain/cycle.js';
import { MATRIX_KINDS } from '../dist/domain/matrix.js';
import { PairGraphs } from '../dist/domain/rates/pair-graph.js';
import { provenance } from '../dist/domain/rates/provenance.js';
import { marketOf } from './fixture.mjs';
import { median } from './measure.mjs';

/** Short work is repeated until a sample takes about so many nanoseconds. */
const SAMPLE_NS = 200_000;

/** @param {{ quick: boolean }} options */
export async function benchCompute({ quick }) {
  const rows = [9, 100, 500].map((size) => {
    const { universe, pairs, frame } = marketOf(size);
    const now = { frame: frame(2), universe };
    const before = new CycleFigures({ frame: frame(1), universe });
    before.matrix('ID_PERCENT');
    const graphs = new PairGraphs();
    const { rates } = new CycleFigures(now, graphs);
    const target = new Float64Array(5 * size * size);
    const tables = { last: tableOf(universe, rates.last), open: tableOf(universe, rates.open) };
    const formerly = tableOf(universe, before.matrix('ID_PERCENT').cells);
    const works = {
      fill: () => target.fill(1.5),
      matrices: () => allMatrices(new CycleFigures(now, graphs, { rates }), before),
      all: () => allMatrices(new CycleFigures(now, graphs), before),
      origins: () => provenance(rates, now.frame.observedAt),
      nested: () => nestedMatrices(universe, tables, formerly),
    };
    const times = sample(works, quick ? 15 : 51);
    const cells = 5 * size * size;
    const ns = (name) => median(times[name]) / cells;
    return {
      N: size,
      pairs: pairs.length,
      'fill ns': ns('fill'),
      'matrices / fill': ns('matrices') / ns('fill'),
      'with rates / fill': ns('all') / ns('fill'),
      'with rates ns': ns('all'),
      'ages and legs ms': median(times.origins) / 1e6,
      'nested objects / matrices': ns('nested') / ns('matrices'),
    };
  });
  return [{ title: 'compute: ns a cell, five matrices', rows }];
}

function allMatrices(figures, before) {
  const compared = figures.since(before);
  for (const kind of MATRIX_KINDS) compared.matrix(kind);
}

/** Nanoseconds of each piece of work, in turns. */
function sample(works, rounds) {
  const repeats = {};
  const times = {};
  for (const [name, work] of Object.entries(works)) {
    for (let n = 0; n < 20; n++) work();
    repeats[name] = Math.max(1, Math.round(SAMPLE_NS / timeOf(work, 3)));
    times[name] = [];
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) times[name].push(timeOf(work, repeats[name]));
  }
  return times;
}

function timeOf(work, repeats) {
  const start = process.hrtime.bigint();
  for (let n = 0; n < repeats; n++) work();
  return Number(process.hrtime.bigint() - start) / repeats;
}

function tableOf(universe, cells) {
  const n = universe.length;
  return Object.fromEntries(
    universe.map((base, i) => [
      base,
      Object.fromEntries(universe.map((quote, j) => [quote, cells[i * n + j]])),
    ]),
  );
}

/** The same matrices as objects of objects, by the names of the assets. */
function nestedMatrices(universe, { last, open }, formerly) {
  const made = { benchmark: {}, delta: {}, percent: {}, change: {}, quantid: {} };
  let scale = 0;
  for (const base of universe) {
    for (const rows of Object.values(made)) rows[base] = {};
    for (const quote of universe) {
      const [b, a] = [last[base][quote], open[base][quote]];
      const move = b - a;
      const percent = 100 * (b / a - 1);
      const k = ((1 + percent / 100) * move) / a;
      made.benchmark[base][quote] = b;
      made.delta[base][quote] = move;
      made.percent[base][quote] = percent;
      made.change[base][quote] = percent - formerly[base][quote];
      made.quantid[base][quote] = k;
      scale = Math.max(scale, Math.abs(k));
    }
  }
  for (const base of universe) {
    for (const quote of universe) made.quantid[base][quote] /= scale;
  }
  return made;
}
