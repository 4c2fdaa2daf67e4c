// The whole system for the benchmarks: real exchange server, real database, real sockets.
import diagnostics from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { setInterval } from 'node:timers';
import { MongoClient } from 'mongodb';
import { createApp } from '../dist/app.js';
import { parseConfig } from '../dist/config.js';
import { openEmbeddedEngine } from '../dist/embedded-mongo/engine.js';
import { openDatabase } from '../dist/open-database.js';

const DATABASE = 'bench';
const RESOLUTION_MS = 5;

/**
 * Starts it, with some cycles in its database; `asks` are the questions that the benchmark may put to
 * it.
 */
export async function startWhole({ universe, next }, cycleIntervalMs, stored, more, log) {
  const isOwn = more.DATA_DIR === undefined;
  const dataDir = more.DATA_DIR ?? (await mkdtemp(path.join(tmpdir(), 'dynamics-bench-')));
  const engine = await openEmbeddedEngine({ dataDir, log });
  const config = parseConfig({
    PORT: '0',
    DATABASE_NAME: DATABASE,
    DATA_DIR: dataDir,
    ASSETS: universe.join(','),
    CYCLE_INTERVAL_MS: String(cycleIntervalMs),
    ...more,
  });
  if (stored > 0) {
    const opened = await openDatabase(config.database, log);
    await opened.cycles.saveAll(Array.from({ length: stored }, () => next().cycle));
    await opened.close();
  }
  const app = createApp(config, { log });
  // The exchange is served by this process too: when it has sent an answer of tickers, to the end.
  const exchangeEnds = [];
  diagnostics.subscribe('http.server.response.finish', ({ request }) => {
    if (request.url.startsWith('/api/v3/ticker')) exchangeEnds.push(process.hrtime.bigint());
  });
  await app.start();
  const client = await MongoClient.connect(engine.uri);
  const database = client.db(config.database.name);
  let mostMemory = 0;
  setInterval(() => (mostMemory = Math.max(mostMemory, process.memoryUsage.rss())), 20).unref();
  const held = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let longestCollection = 0;
  // Where others use this machine, too, it is the processor's time that tells how long it was held.
  let longestWork = 0;
  let worked = process.cpuUsage();
  setInterval(() => {
    const { user, system } = process.cpuUsage(worked);
    worked = process.cpuUsage();
    longestWork = Math.max(longestWork, (user + system) / 1e3);
  }, RESOLUTION_MS).unref();
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      longestCollection = Math.max(longestCollection, duration);
    }
  }).observe({ entryTypes: ['gc'] });
  return {
    port: Number(new URL(app.url).port),
    asks: {
      /** Nanoseconds of this machine's clock, as text. */
      exchangeEnds: () => exchangeEnds.map(String),
      latestTurn: async () => {
        const newest = { sort: { turn: -1 }, projection: { turn: 1 } };
        return (await database.collection('cycle_matrices').findOne({}, newest))?.turn ?? 0;
      },
      /** Nanoseconds of one journaled write of a cycle's document. */
      journaledWrite: async () => {
        const document = await database
          .collection('cycle_matrices')
          .findOne({}, { projection: { _id: 0 } });
        const start = process.hrtime.bigint();
        await database
          .collection('bench_writes')
          .insertOne(document, { writeConcern: { w: 1, journal: true } });
        return Number(process.hrtime.bigint() - start);
      },
      /** For how long the event loop was held since the last question, milliseconds. */
      loop: () => {
        const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
        const result = {
          p99: ms(held.percentile(99)),
          most: ms(held.max),
          work: longestWork,
          collection: longestCollection,
        };
        longestWork = 0;
        longestCollection = 0;
        held.reset();
        held.enable();
        return result;
      },
      memory: () => ({ rss: process.memoryUsage.rss(), most: mostMemory }),
      async stop() {
        await app.stop();
        await client.close();
        await engine.stop();
        if (isOwn) await rm(dataDir, { recursive: true, force: true });
      },
    },
  };
}
