// Damages what is stored behind the servers' back.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MongoClient } from 'mongodb';

const DATABASE = 'dynamics_prototype_simulated';

/** How a document may be damaged: what it is called, and what an update makes of the document. */
const KINDS = [
  ['one digit of a price', (document, random) => withPrice(document, random, nextDigit)],
  ['a price that is no number', (document, random) => withPrice(document, random, () => 'NaN')],
  ['a negative price', (document, random) => withPrice(document, random, (price) => `-${price}`)],
  ['an unknown formula version', () => ({ $set: { formulaVersion: 99 } })],
  ['no prices', () => ({ $unset: { tickers: '' } })],
  ['prices that are text', () => ({ $set: { tickers: 'none' } })],
  ['no time', () => ({ $unset: { completedAt: '' } })],
  ['another luggage', ({ aux }) => ({ $set: { 'aux.luggage': aux.luggage + 1 } })],
];

function withPrice({ tickers }, random, change) {
  const names = Object.keys(tickers);
  const name = names[Math.floor(random() * names.length)];
  const [last, ...rest] = tickers[name].split(' ');
  return { $set: { [`tickers.${name}`]: [change(last), ...rest].join(' ') } };
}

function nextDigit(price) {
  return price.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
}

/** Damages the document of some turn up to `latestTurn`. @returns the turn and what was done to it */
export async function damageDocument(dataDir, latestTurn, random) {
  const socket = encodeURIComponent(path.join(dataDir, 'mongodb.sock'));
  const client = new MongoClient(`mongodb://${socket}/?directConnection=true`, {
    serverSelectionTimeoutMS: 10_000,
  });
  try {
    const cycles = client.db(DATABASE).collection('cycle_matrices');
    const turn = 1 + Math.floor(random() * latestTurn);
    const [name, change] = KINDS[Math.floor(random() * KINDS.length)];
    const document = await cycles.findOne({ turn });
    if (typeof document?.tickers !== 'object' || !document.aux) return null;
    await cycles.updateOne({ turn }, change(document, random), { bypassDocumentValidation: true });
    return { turn, name };
  } finally {
    await client.close();
  }
}

/** Flips a bit of a file in `last/`, or puts something into the spool that no server put there. */
export async function damageFiles(dataDir, random) {
  const name = `${'0'.repeat(11)}1-${'0'.repeat(32)}.bson`;
  const spool = path.join(dataDir, 'spool', DATABASE);
  const kind = random();
  if (kind < 0.5) return flipABit(path.join(dataDir, 'last'), random);
  await mkdir(spool, { recursive: true });
  // One of the other kind may be there still.
  if (kind < 0.75) await mkdir(path.join(spool, name)).catch(() => undefined);
  else await writeFile(path.join(spool, name), 'no cycle').catch(() => undefined);
}

async function flipABit(folder, random) {
  const names = await readdir(folder).catch(() => []);
  const name = names.find((each) => each.endsWith('.bson'));
  if (!name) return;
  const bytes = await readFile(path.join(folder, name)).catch(() => null);
  if (!bytes?.length) return;
  bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
  await writeFile(path.join(folder, name), bytes);
}
