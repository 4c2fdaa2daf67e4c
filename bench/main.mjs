// npm run bench -- [push|query|kept|pollers|bytes|compute|windows|wallet|cycle|store|history|export|page|idle|starve|alerts|rules|cli] [--quick] [--json]
//                  [--cycles N] [--folder FOLDER]
import { parseArgs } from 'node:util';
import { benchRules } from './alert-rules.mjs';
import { benchAlerts } from './alerts.mjs';
import { benchBytes } from './bytes.mjs';
import { benchCli } from './cli.mjs';
import { benchCompute } from './compute.mjs';
import { benchCycle } from './cycle.mjs';
import { benchExport } from './export.mjs';
import { benchHistory } from './history.mjs';
import { benchIdle } from './idle.mjs';
import { benchKept } from './kept.mjs';
import { printTable } from './measure.mjs';
import { benchPage } from './page.mjs';
import { benchPollers } from './pollers.mjs';
import { benchPush } from './push.mjs';
import { benchQuery } from './query.mjs';
import { benchStarve } from './starve.mjs';
import { benchStore } from './store.mjs';
import { benchWallet } from './wallet.mjs';
import { benchWindows } from './windows.mjs';

const BENCHMARKS = {
  push: benchPush,
  query: benchQuery,
  kept: benchKept,
  pollers: benchPollers,
  bytes: benchBytes,
  compute: benchCompute,
  windows: benchWindows,
  wallet: benchWallet,
  cycle: benchCycle,
  store: benchStore,
  history: benchHistory,
  export: benchExport,
  page: benchPage,
  idle: benchIdle,
  starve: benchStarve,
  alerts: benchAlerts,
  rules: benchRules,
  cli: benchCli,
};

const { values: options, positionals: named } = parsed();

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        /** history, alerts: how many cycles there are to be; export: how many rows. */
        cycles: { type: 'string' },
        /** history, export, alerts: where its database is kept for the next time. */
        folder: { type: 'string' },
      },
    });
  } catch (error) {
    return refuse(error.message);
  }
}

function refuse(words) {
  console.error(words);
  process.exit(2);
}

const unknown = named.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0)
  refuse(`unknown: ${unknown.join(', ')}; known: ${Object.keys(BENCHMARKS).join(', ')}`);
const { quick, json, folder } = options;
const cycles = options.cycles === undefined ? undefined : Number(options.cycles);
if (cycles !== undefined && !(Number.isSafeInteger(cycles) && cycles > 0))
  refuse('--cycles takes a whole number');
const results = {};
for (const name of named.length > 0 ? named : Object.keys(BENCHMARKS)) {
  results[name] = await BENCHMARKS[name]({ quick, cycles, folder });
  if (json) continue;
  for (const { title, rows } of results[name]) printTable(title, rows);
}
if (json) console.log(JSON.stringify(results, null, 2));
process.exit(0);
