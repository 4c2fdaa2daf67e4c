// Exports of millions of rows in each format: rows a second, and that memory stays the same however many there are.
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { openHistory } from './history-database.mjs';

const ROWS = 10_000_000;
/** So many sealed turns are stored; they are read again and again, each time from the database. */
const STORED = 20_481;
const CHILD = fileURLToPath(new URL('export-child.mjs', import.meta.url));

/** @param {{ quick: boolean, cycles?: number, folder?: string }} options `cycles`: how many rows */
export async function benchExport({ quick, cycles = quick ? 200_000 : ROWS, folder }) {
  const log = pino({ level: 'silent' });
  const dataDir = folder ?? (await mkdtemp(path.join(tmpdir(), 'dynamics-bench-')));
  const rows = [['format', 'rows', 'rows/s of CPU', 'MB', 'RSS at a tenth, MB', 'largest RSS, MB']];
  try {
    const history = await openHistory({ dataDir, assets: 9, count: quick ? 4_097 : STORED, log });
    try {
      await history.seal();
      for (const format of ['csv', 'jsonl', 'arrow', 'parquet']) {
        const done = await exported({ uri: history.engine.uri, dataDir, format, rows: cycles });
        const perSecond = Math.round(cycles / done.seconds);
        rows.push([format, done.rows, perSecond, megabytes(done.bytes), done.early, done.largest]);
      }
    } finally {
      await history.close();
    }
  } finally {
    if (!folder) await rm(dataDir, { recursive: true, force: true });
  }
  return [{ title: 'Export of two cells, a row a turn, in a process of its own', rows }];
}

/** In a process of its own, whose memory is nothing but this. */
function exported(task) {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, [JSON.stringify(task)]);
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the export ended with ${code}`)));
  });
}

function megabytes(bytes) {
  return Number((bytes / 1e6).toFixed(1));
}
