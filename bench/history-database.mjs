// A database with so many cycles of the simulated market, written straight through the driver, and sealed.
import { MongoClient } from 'mongodb';
import { Sealing } from '../dist/cluster/sealing.js';
import { openEmbeddedEngine } from '../dist/embedded-mongo/engine.js';
import { toDocument } from '../dist/mongo/cycle-mapping.js';
import { openDatabase } from '../dist/open-database.js';
import { UNPACED } from '../dist/scheduling/slices.js';
import { cyclesOf } from './fixture.mjs';

/** As a server with `DATABASE_NAME=bench` calls that of its simulated exchange. */
export const DATABASE = 'bench_simulated';
const PAGE = 1_000;

/** What is there already, in a folder that was kept, is not made again. */
export async function openHistory({ dataDir, assets, count, log }) {
  const engine = await openEmbeddedEngine({ dataDir, log });
  const client = await MongoClient.connect(engine.uri);
  const open = await openDatabase({ uri: engine.uri, name: DATABASE, dataDir }, log);
  const place = client.db(DATABASE);
  const cycles = cyclesOf(assets);
  const there = (await open.cycles.span())?.latest ?? 0;
  if (there === 0) await fill(place.collection('cycle_matrices'), cycles, count);
  return {
    ...{ engine, open, place, universe: cycles.universe },
    latest: there || count,
    /** @returns how long it took for each turn, in microseconds of this process */
    async seal() {
      const sealing = new Sealing({
        ...open,
        ...open.history,
        ...{ lease: { isHeld: true }, log, paceOf: () => UNPACED },
      });
      const before = process.cpuUsage();
      let blocks = 0;
      while ((await sealing.run()) === 'SEALED') blocks++;
      const { user, system } = process.cpuUsage(before);
      return blocks === 0 ? null : (user + system) / (blocks * 2_048);
    },
    async close() {
      await open.close();
      await client.close();
      await engine.stop();
    },
  };
}

/** While a page is written, the next one is made. */
async function fill(collection, cycles, count) {
  let written = Promise.resolve();
  for (let at = 0; at < count; at += PAGE) {
    const size = Math.min(PAGE, count - at);
    const documents = Array.from({ length: size }, () => toDocument(cycles.next().cycle));
    await written;
    written = collection.insertMany(documents, {
      ordered: false,
      bypassDocumentValidation: true,
      writeConcern: { w: 1 },
    });
  }
  await written;
}
