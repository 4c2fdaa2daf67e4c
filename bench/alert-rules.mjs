// What it costs to judge many rules at each turn, beyond what it costs where there is none.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { buildAlerts, buildEvaluation } from '../dist/app/alerts.js';
import { buildSeries } from '../dist/app/series.js';
import { CycleFeed } from '../dist/feeds/cycle-feed.js';
import { StrategyFeed } from '../dist/feeds/strategy-feed.js';
import { openDatabase } from '../dist/open-database.js';
import { Slices } from '../dist/scheduling/slices.js';
import { cyclesOf } from './fixture.mjs';
import { median } from './measure.mjs';

const SIZES = [9, 30];
const WAIT_MS = 20;
/** What nothing comes to: a firing is a write more. */
const FAR = 1e12;
const HOUR_MS = 3_600_000;

/** @param {{ quick: boolean }} options */
export async function benchRules({ quick }) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'dynamics-bench-'));
  const log = pino({ level: 'silent' });
  try {
    const rows = [];
    for (const assets of SIZES) {
      let none = 0;
      for (const rules of [0, 100, 1_000]) {
        const name = `rules_${assets}_${rules}`;
        const open = await openDatabase({ uri: null, name, dataDir }, log);
        try {
          const cpu = await costOf(open, {
            assets,
            rules,
            turns: quick ? 50 : 200,
            log,
          });
          if (rules === 0) none = cpu;
          rows.push({ assets, rules, 'cpu ms a turn': cpu, 'beyond 0 rules': cpu - none });
        } finally {
          await open.close();
        }
      }
    }
    return [{ title: 'alerts: rules judged live, each turn alone', rows }];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** CPU of this process: the database has one of its own. */
async function costOf(open, { assets, rules, turns, log }) {
  const cycles = cyclesOf(assets);
  const feed = new CycleFeed(open.cycles);
  const strategy = new StrategyFeed(open.controlStore, cycles.universe, open.notifications);
  feed.apply(await strategy.control());
  const clock = () => Date.now();
  const series = buildSeries({ ...open, feed, clock, memory: 64 * 2 ** 20 });
  const parts = { database: open, feed, strategy, series, slices: new Slices(), log };
  const alerts = buildAlerts(parts);
  const evaluation = buildEvaluation({ ...parts, instance: 'bench' }, alerts, { isHeld: true });
  evaluation.start();
  const next = async () => {
    const figures = cycles.next();
    await open.cycles.save(figures.cycle);
    const begun = process.cpuUsage();
    feed.announce(figures);
    // Waiting for the database takes no CPU; looking whether it has answered would.
    do await pause(WAIT_MS);
    while (evaluation.judgedThrough < figures.turn);
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1e3;
  };
  await next();
  for (const content of rulesOver(cycles.universe, rules)) await alerts.rules.create(content);
  // What rules look back on, and what is compiled, is there then.
  for (let turn = 0; turn < 20; turn++) await next();
  const costs = [];
  for (let turn = 0; turn < turns; turn++) costs.push(await next());
  await evaluation.stop();
  return median(costs);
}

/** Rules over as many lines as there are of each kind: most over cells, no two the same. */
function rulesOver(universe, count) {
  const cells = universe.flatMap((base) =>
    universe.filter((quote) => quote !== base).map((quote) => ({ base, quote })),
  );
  return Array.from({ length: count }, (_, at) => {
    const cell = { kind: 'CELL', matrix: 'ID_BENCHMARK', ...cells[(at * 7) % cells.length] };
    const asset = universe[at % universe.length];
    const line = [
      { ...cell, matrix: 'ID_PCT' },
      { ...cell, matrix: 'ID_DELTA' },
      { kind: 'ASSET', figure: 'STRENGTH', asset, in: null },
      { kind: 'ASSET', figure: 'QUANT', asset, in: null },
      { kind: 'WALLET', in: asset },
    ][at % 20];
    const moves = at % 20 > 16;
    return {
      name: `Rule ${at}`,
      line: line ?? cell,
      condition: moves
        ? { kind: 'MOVES', percent: 50, within: HOUR_MS }
        : { kind: 'ABOVE', level: FAR },
      cooldown: at % 2 ? 60_000 : 0,
      channels: [],
      isEnabled: true,
    };
  });
}
