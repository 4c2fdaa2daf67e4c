// npm run bench -- [push|query|kept|bytes|compute|cycle|store|page|idle|starve] [--quick] [--json]
import { benchBytes } from './bytes.mjs';
import { benchCompute } from './compute.mjs';
import { benchCycle } from './cycle.mjs';
import { benchIdle } from './idle.mjs';
import { benchKept } from './kept.mjs';
import { printTable } from './measure.mjs';
import { benchPage } from './page.mjs';
import { benchPush } from './push.mjs';
import { benchQuery } from './query.mjs';
import { benchStarve } from './starve.mjs';
import { benchStore } from './store.mjs';

const BENCHMARKS = {
  push: benchPush,
  query: benchQuery,
  kept: benchKept,
  bytes: benchBytes,
  compute: benchCompute,
  cycle: benchCycle,
  store: benchStore,
  page: benchPage,
  idle: benchIdle,
  starve: benchStarve,
};

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = [
  ...named.filter((name) => !Object.hasOwn(BENCHMARKS, name)),
  ...flags.filter((flag) => !['--quick', '--json'].includes(flag)),
];
if (unknown.length > 0) {
  console.error(
    `unknown: ${unknown.join(', ')}; known: ${Object.keys(BENCHMARKS).join(', ')}, --quick, --json`,
  );
  process.exit(2);
}
const results = {};
for (const name of named.length > 0 ? named : Object.keys(BENCHMARKS)) {
  results[name] = await BENCHMARKS[name]({ quick: flags.includes('--quick') });
  if (flags.includes('--json')) continue;
  for (const { title, rows } of results[name]) printTable(title, rows);
}
if (flags.includes('--json')) console.log(JSON.stringify(results, null, 2));
process.exit(0);
