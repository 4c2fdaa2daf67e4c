// Alerts: what a rule would have fired over a month of sealed turns.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { DryRun } from '../dist/alerts/dry-run.js';
import { parseMoment } from '../dist/domain/series/moment.js';
import { LineTurns } from '../dist/history/line-turns.js';
import { firstPace } from '../dist/scheduling/slices.js';
import { openHistory } from './history-database.mjs';
import { median, timed } from './measure.mjs';

const BLOCK_TURNS = 2_048;
/** Thirty days of a turn every 8 s are 324,000; and the newest block, which is never sealed. */
const MONTH_TURNS = 160 * BLOCK_TURNS;
const HOUR_MS = 3_600_000;

/** @param {{ quick: boolean, cycles?: number, folder?: string }} options */
export async function benchAlerts({
  quick,
  cycles = quick ? 11 * BLOCK_TURNS : MONTH_TURNS,
  folder,
}) {
  const log = pino({ level: 'silent' });
  const dataDir = folder ?? (await mkdtemp(path.join(tmpdir(), 'dynamics-bench-')));
  try {
    const history = await openHistory({ dataDir, assets: 9, count: cycles, log });
    try {
      await history.seal();
      return [await dryRuns(history, quick)];
    } finally {
      await history.close();
    }
  } finally {
    if (!folder) await rm(dataDir, { recursive: true, force: true });
  }
}

const cell = (base, quote) => ({ kind: 'CELL', matrix: 'ID_BENCHMARK', base, quote });
const CORRELATION = {
  ...{ kind: 'WINDOW', window: 'CORRELATION', base: 'BTC', quote: 'ETH', in: 'USDT', lag: 0 },
  ...{ over: HOUR_MS, step: HOUR_MS / 60 },
};
const above = { kind: 'ABOVE', level: 60_000 };
const moves = { kind: 'MOVES', percent: 1, within: HOUR_MS };

async function dryRuns({ open, latest }, quick) {
  const dryRun = new DryRun({
    cycles: open.cycles,
    lines: new LineTurns(open),
    extent: { observed: () => open.ages.observedWithin(1, latest) },
    clock: Date.now,
  });
  const sealed = (await open.history.sealed.all()).reduce((sum, { turns }) => sum + turns, 0);
  const [after] = await open.cycles.byTurns([sealed + 1]);
  const [from, to] = [parseMoment('start'), { at: after.frame.observedAt }];
  const rows = [];
  for (const [what, line, condition] of [
    ['a direct cell, above', cell('BTC', 'USDT'), above],
    ['a direct cell, crosses', cell('BTC', 'USDT'), { ...above, kind: 'CROSSES' }],
    ['a direct cell, moves within 1 h', cell('BTC', 'USDT'), moves],
    ['a cross, moves within 1 h', cell('DOGE', 'ETH'), moves],
    ['a correlation over 1 h of minutes, above', CORRELATION, { ...above, level: 0.5 }],
    ['the growth of the turn, above', { kind: 'STRATEGY', figure: 'GRT' }, { ...above, level: 0 }],
  ]) {
    const rule = { line, condition, cooldown: 0 };
    const rounds = [];
    for (let round = 0; round < (quick ? 3 : 5); round++) {
      rounds.push(await timed(() => dryRun.read({ rule, from, to }, firstPace())));
    }
    const cpu = median(rounds.map((round) => round.cpu));
    rows.push({
      what,
      firings: rounds[0].result.total,
      'wall ms': median(rounds.map(({ wall }) => wall)),
      'cpu ms': cpu,
      'µs of cpu a turn': (1e3 * cpu) / sealed,
    });
  }
  return { title: `alerts: dry runs over ${sealed} sealed turns`, rows };
}
