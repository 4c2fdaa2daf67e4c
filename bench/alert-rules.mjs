// What it costs to judge many rules at each turn, beyond what it costs where there is none.
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { NO_PRIVATE_ADDRESSES } from '../dist/alerts/channels/address-rule.js';
import { buildAlerts, buildEvaluation } from '../dist/app/alerts.js';
import { buildDelivery } from '../dist/app/delivery.js';
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
/** A price that goes to and fro, and what it crosses at each turn. */
const TO_AND_FRO = { symbol: 'BTCUSDT', odd: 60_000, even: 61_000, between: 60_500 };
const HOUR_MS = 3_600_000;
/** How many rules there are, how many more that fire at each turn, and how many channels each of these has. */
const CASES = [
  { rules: 0, firing: 0, channels: 0 },
  { rules: 100, firing: 0, channels: 0 },
  { rules: 1_000, firing: 0, channels: 0 },
  { rules: 983, firing: 17, channels: 0 },
  { rules: 983, firing: 17, channels: 1 },
];

/** @param {{ quick: boolean }} options */
export async function benchRules({ quick }) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'dynamics-bench-'));
  const log = pino({ level: 'silent' });
  try {
    const rows = [];
    for (const assets of SIZES) {
      let none = 0;
      for (const some of CASES) {
        const name = `rules_${assets}_${Object.values(some).join('_')}`;
        const open = await openDatabase({ uri: null, name, dataDir }, log);
        try {
          const cpu = await costOf(open, { ...some, assets, turns: quick ? 50 : 200, log });
          if (some.rules === 0) none = cpu;
          const rules = some.rules + some.firing;
          rows.push({ assets, ...some, rules, 'cpu ms a turn': cpu, 'beyond 0 rules': cpu - none });
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
async function costOf(open, { assets, rules, firing, channels, turns, log }) {
  const cycles = cyclesOf(assets, toAndFro());
  const feed = new CycleFeed(open.cycles);
  const strategy = new StrategyFeed(open.controlStore, cycles.universe, open.notifications);
  feed.apply(await strategy.control());
  const clock = () => Date.now();
  const series = buildSeries({ ...open, feed, clock, memory: 64 * 2 ** 20 });
  const parts = { database: open, feed, strategy, series, slices: new Slices(), log };
  const alerts = buildAlerts(parts);
  // Who delivers is not started: what is to be told is stored, and waits.
  const secrets = { secretKey: 'a key of the benchmark', privateAddresses: NO_PRIVATE_ADDRESSES };
  const ours = { ...parts, instance: 'bench', clock: { now: clock }, config: { alerts: secrets } };
  const delivery = buildDelivery(ours, alerts.book);
  const evaluation = buildEvaluation(ours, alerts, delivery, { isHeld: true });
  evaluation.start();
  const next = async () => {
    const figures = cycles.next();
    await open.cycles.save(figures.cycle);
    const begun = process.cpuUsage();
    feed.announce(figures);
    // Waiting for the database takes no CPU; looking whether it has answered would.
    do {
      await pause(WAIT_MS);
      if (evaluation.warnings.length > 0) throw new Error(evaluation.warnings.join());
    } while (evaluation.judgedThrough < figures.turn);
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1e3;
  };
  await next();
  for (const content of rulesOver(cycles.universe, rules)) await alerts.rules.create(content);
  for (const content of rulesThatFire(firing, channels)) await alerts.rules.create(content);
  // What rules look back on, and what is compiled, is there then.
  for (let turn = 0; turn < 20; turn++) await next();
  const costs = [];
  for (let turn = 0; turn < turns; turn++) costs.push(await next());
  await evaluation.stop();
  return median(costs);
}

/** Has one price go to and fro. */
function toAndFro() {
  let turn = 0;
  return (frame) => {
    const last = turn++ % 2 ? TO_AND_FRO.odd : TO_AND_FRO.even;
    const tickers = frame.tickers.map((ticker) =>
      ticker.symbol === TO_AND_FRO.symbol ? { ...ticker, last } : ticker,
    );
    return { ...frame, tickers };
  };
}

function rulesThatFire(count, channels) {
  const line = { kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'BTC', quote: 'USDT' };
  const condition = { kind: 'CROSSES', level: TO_AND_FRO.between };
  return Array.from({ length: count }, (_, at) => ({
    ...{ name: `Firing ${at}`, line, condition, cooldown: 0, isEnabled: true },
    channels: Array.from({ length: channels }, (_, place) => ({
      ...{ id: `channel-${at}-${place}`, kind: 'WEBHOOK', name: 'hook' },
      ...{ target: 'receiver.example', sealed: 'none' },
    })),
  }));
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
