// Does harm to servers, their database, their clocks and their data at random moments, and looks
// whether anything was lost, doubled, out of order, or is stored otherwise than it was pushed.
// npm run chaos -- [--seed N] [--strikes N] [--instances N] [--clock] [--damage] [--alerts N]
//                  [--replica-set [--double FILE]] [--logs FOLDER]
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CONTENT, Contents } from './contents.mjs';
import { AlertWatch } from './alerts.mjs';
import { damageDocument, damageFiles } from './damage.mjs';
import { ask, Instance } from './instance.mjs';
import { cleanUp, removedAtTheEnd } from './processes.mjs';
import { randomFrom } from './random.mjs';
import { Receiver } from './receiver.mjs';
import { DOUBLE, startReplicaSet } from './replica-set.mjs';

const INTERVAL_MS = 100;
const LONGEST_MS = 180_000;
const DAY_MS = 86_400_000;
const PAGE = `query ($after: String) {
  cycles(first: 50, after: $after) { nodes { ${CONTENT} } pageInfo { endCursor hasNextPage } }
}`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    strikes: { type: 'string', default: '200' },
    instances: { type: 'string', default: '1' },
    /** Sets the servers' wall clocks, by up to 40 days. */
    clock: { type: 'boolean', default: false },
    /** So many rules of alerts, whose firings must be what the stored cycles say, and must be told. */
    alerts: { type: 'string', default: '0' },
    /** Damages stored documents and files. */
    damage: { type: 'boolean', default: false },
    /** Has the faults of a replica set, played by a double. */
    'replica-set': { type: 'boolean', default: false },
    double: { type: 'string', default: DOUBLE },
    /** Where the servers' logs are kept, one file for each process. */
    logs: { type: 'string' },
  },
});
const numbers = [values.seed, values.strikes, values.instances, values.alerts].map(Number);
const [seed, strikes, count, rules] = numbers;
if (!numbers.every((value) => Number.isSafeInteger(value) && value >= 0)) {
  console.error('--seed, --strikes, --instances and --alerts take whole numbers');
  process.exit(2);
}
if (values.damage && values['replica-set']) {
  console.error('--damage goes with the embedded database, not with --replica-set');
  process.exit(2);
}

const random = randomFrom(seed);
const faults = [];
const folder = removedAtTheEnd(await mkdtemp(path.join(tmpdir(), 'dynamics-chaos-')));
const dataDir = path.join(folder, 'data');
if (values.logs) await mkdir(values.logs, { recursive: true });
const members = values['replica-set'] ? await startReplicaSet(values.double, folder) : null;
const campaign = {
  folder,
  logs: values.logs,
  contents: new Contents(),
  fault: (words) => faults.push(words),
  settings: {
    DATA_DIR: dataDir,
    CYCLE_INTERVAL_MS: String(INTERVAL_MS),
    ALERT_SECRET_KEY: 'a secret key of the campaign, of more than 32 bytes',
    ALERT_PRIVATE_ADDRESSES: '127.0.0.1',
    ...(members && { MONGO_URI: members.uri }),
  },
};
const { contents } = campaign;
const receiver = new Receiver({ random: randomFrom(seed + 1), knowsTheTime: !values.clock });
const alerts = rules > 0 ? new AlertWatch(campaign, random, receiver) : null;
const instances = Array.from(
  { length: Math.max(1, count) },
  (_, at) => new Instance(campaign, String(at)),
);

/** What may be done to an instance, and how often beside the others. */
const STRIKES = {
  server: [
    45,
    async (instance, now) => {
      await now(() => instance.kill());
      await instance.start();
    },
  ],
  pause: [20, (instance) => instance.freeze(random() * 5_000)],
  ...(members
    ? { member: [100, (_instance, now) => now(() => members.strike(random))] }
    : { engine: [35, (_, now) => now(() => instances.forEach((each) => each.killEngine()))] }),
  ...(values.clock && {
    clock: [70, (instance, now) => now(() => instance.setClock(someStep()))],
  }),
  ...(values.damage && {
    document: [50, damageSomeDocument],
    file: [25, () => damageFiles(dataDir, random)],
  }),
};
const counts = Object.fromEntries(Object.keys(STRIKES).map((name) => [name, 0]));

/** Mostly by seconds or hours, either way; at times back to the right time. */
function someStep() {
  if (random() < 0.2) return 0;
  return Math.round((random() - 0.5) * 2 * 40 * DAY_MS * random() ** 6);
}

async function damageSomeDocument() {
  const done = await damageDocument(dataDir, contents.latestTurn, random);
  if (done) contents.damaged.set(done.turn, done.name);
}

function someStrike() {
  const kinds = Object.entries(STRIKES);
  let at = random() * kinds.reduce((sum, [, [weight]]) => sum + weight, 0);
  return kinds.find(([, [weight]]) => (at -= weight) < 0) ?? kinds[0];
}

/** Waits until every client has got further. */
async function everyoneGoesOn() {
  const target = contents.latestTurn + 2;
  const deadline = performance.now() + LONGEST_MS;
  while (instances.some(({ last }) => (last ?? 0) < target)) {
    if (performance.now() > deadline) {
      faults.push(`no cycle beyond ${target - 1} for ${LONGEST_MS / 1000} s`);
      for (const instance of instances) faults.push(await instance.describe());
      return;
    }
    await pause(20);
  }
}

/** Everything that is stored, oldest first, as a server that has just started reads it. */
async function readStored(url) {
  const cycles = [];
  const unreadable = new Set();
  for (let after = null, more = true; more;) {
    const { data, errors = [] } = await ask(url, PAGE, { after });
    if (!data?.cycles?.nodes) throw new Error(`history cannot be read: ${JSON.stringify(errors)}`);
    cycles.push(...data.cycles.nodes.filter((cycle) => cycle !== null));
    for (const { path: place, extensions } of errors)
      if (place.length <= 3) unreadable.add(extensions.turn);
    after = data.cycles.pageInfo.endCursor;
    more = data.cycles.pageInfo.hasNextPage;
  }
  return { cycles: cycles.reverse(), unreadable };
}

try {
  for (const instance of instances) await instance.start();
  if (alerts) {
    await receiver.start();
    await alerts.make(instances[0].url, rules);
    alerts.listen(() => instances[0].url);
  }
  for (let strike = 0; strike < strikes && faults.length === 0; strike++) {
    await everyoneGoesOn();
    if (faults.length > 0) break;
    const instance = instances[Math.floor(random() * instances.length)];
    const [name, [, run]] = someStrike();
    // At any moment, or just when somebody has seen a cycle: what is seen must be on disk.
    const isAtTurn = random() < 0.5;
    await pause(random() * 3 * INTERVAL_MS);
    counts[name]++;
    if (alerts && random() < 0.4) await alerts.change(instance.url);
    await run(instance, (harm) => (isAtTurn ? instance.atNextTurn(harm) : harm()));
  }
  await members?.heal();
  await everyoneGoesOn();
  for (const instance of instances) await instance.kill();
  const [witness] = instances;
  await witness.start({ hasClient: false });
  await hasCaughtUp(witness);
  const stored = await readStored(witness.url);
  faults.push(...contents.faultsOf(stored));
  if (alerts) {
    faults.push(...(await alerts.faults(witness.url)));
    console.log(alerts.summary);
  }
  const total = stored.cycles.length + stored.unreadable.size;
  console.log(
    `seed ${seed}, ${instances.length} instance(s); strikes: ${JSON.stringify(counts)}; ` +
      `${total} cycles stored, ${stored.unreadable.size} of them unreadable of ${contents.damaged.size} damaged, ` +
      `${contents.count} seen; ${faults.length} faults`,
  );
} catch (error) {
  faults.push(String(error?.stack ?? error));
} finally {
  await cleanUp();
}
for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);

/** Waits until a server that was just started shows what was seen before. */
async function hasCaughtUp({ url }) {
  const { latestTurn } = contents;
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const { data } = await ask(url, '{ status { latestTurn } }');
    if (data?.status.latestTurn >= latestTurn) return;
    if (performance.now() > deadline) throw new Error('the last restart has not come so far');
    await pause(100);
  }
}
