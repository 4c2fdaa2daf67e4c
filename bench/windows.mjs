// Matrices over a window of 1,000 buckets: what they take when a bucket closes, in which slices, against plain
// loops; what a turn takes that closes none; and what it costs to push them, beside a plain matrix.
import { CycleFigures } from '../dist/domain/cycle.js';
import { cellOf } from '../dist/domain/pair-table.js';
import { Slices } from '../dist/scheduling/slices.js';
import { cyclesOf, memoryStore, windowsOver } from './fixture.mjs';
import { median } from './measure.mjs';
import { inTurns, startPushing } from './pushing.mjs';

const SIZE = 100;
const BUCKETS = 1_000;
/** Two turns of the fixture. */
const EVERY_MS = 16_000;
/** Which part of the assets has no price in a bucket. */
const MISSING = 0.02;

/** @param {{ quick: boolean }} options */
export async function benchWindows({ quick }) {
  const rounds = quick ? 5 : 21;
  const whole = placeOf((frame) => frame, rounds);
  const gapped = placeOf(withoutSome(), rounds);
  return [
    {
      title: `windows: ${SIZE} assets over ${BUCKETS} buckets, ms of the processor`,
      rows: [
        await measure('all there', whole, 0),
        await measure('2 % missing', gapped, 0),
        await measure('2 % missing, lag 1', gapped, 1),
      ],
    },
    await benchPushed(1_000, quick ? 20 : 60),
  ];
}

/** Leaves out some assets, other ones in each bucket; the known ones, over which others are priced, stay. */
function withoutSome() {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  let bucket = NaN;
  let lost = new Set();
  return (frame) => {
    if (bucketOf({ frame }) !== bucket) {
      bucket = bucketOf({ frame });
      const assets = Array.from({ length: SIZE }, (_, n) => `A${n}`);
      lost = new Set(assets.filter(() => random() < MISSING));
    }
    const tickers = frame.tickers.filter(({ base, quote }) => !lost.has(base) && !lost.has(quote));
    return { ...frame, tickers };
  };
}

/** Cycles enough for a window, for one that is to be kept before it, and for two turns a round. */
function placeOf(seen, rounds) {
  const made = cyclesOf(SIZE, seen);
  const all = Array.from({ length: 2 * (BUCKETS + 4 + rounds) }, () => made.next());
  const cycles = all.map(({ cycle }) => cycle);
  return { all, cycles, prices: plainPrices(cycles) };
}

function windowsOf(all) {
  const store = memoryStore();
  const { add, windows } = windowsOver(store);
  for (const figures of all) {
    store.add(figures);
    add(figures);
  }
  return windows;
}

async function measure(prices, { all, cycles, prices: plainly }, lag) {
  const windows = windowsOf(all);
  const read = async (cycle) => {
    const pace = new MeasuredPace();
    const request = { cycle, numeraire: 'USDT', every: EVERY_MS, length: BUCKETS, lag };
    const { result, ms } = await cpuOf(() => windows.read(request, { prices: 1e9 }, pace));
    return { matrices: result, ms, slice: pace.end() };
  };
  const later = cycles.slice(2 * (BUCKETS + 3));
  const first = await read(later[0]);
  const closing = [];
  const open = [];
  let seen = later[0];
  for (const cycle of later.slice(1)) {
    const closes = bucketOf(cycle) > bucketOf(seen);
    (closes ? closing : open).push(await read(cycle));
    seen = cycle;
  }
  const { matrices } = closing.at(-1);
  const plain = plainCorrelation(plainly, bucketOf(seen), lag);
  return {
    prices,
    'the first': first.ms,
    'a bucket closes': median(closing.map(({ ms }) => ms)),
    'none closes': median(open.map(({ ms }) => ms)),
    'longest slice': median(closing.map(({ slice }) => slice)),
    'plain loops': plain.ms,
    'largest difference': plain.differenceTo(matrices.values.CORRELATION),
  };
}

const bucketOf = ({ frame }) => Math.floor(frame.observedAt / EVERY_MS);

/** Notes for how long work holds the loop at most between two of the pauses that it is told to make, ms. */
class MeasuredPace {
  #pace = new Slices().paceOf('bench');
  #since = performance.now();
  #longest = 0;

  get isSpent() {
    return this.#pace.isSpent;
  }

  async next() {
    this.end();
    await this.#pace.next();
    this.#since = performance.now();
  }

  end() {
    this.#longest = Math.max(this.#longest, performance.now() - this.#since);
    return this.#longest;
  }
}

async function cpuOf(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1e3 };
}

/** By bucket and asset: the price in USDT at the bucket's last turn. */
function plainPrices(cycles) {
  const prices = new Map();
  for (const cycle of cycles) {
    if (bucketOf({ frame: { observedAt: cycle.frame.observedAt + 8_000 } }) === bucketOf(cycle))
      continue;
    const rates = new CycleFigures(cycle).matrix('ID_BENCHMARK');
    prices.set(
      bucketOf(cycle),
      cycle.universe.map((asset) => cellOf(rates, asset, 'USDT') ?? null),
    );
  }
  return prices;
}

/** Pearson's by its definition: lists of what both have, means, sums. */
function plainCorrelation(byBucket, end, lag) {
  const buckets = Array.from({ length: BUCKETS + lag + 1 }, (_, k) => end - BUCKETS - lag - 1 + k);
  const universe = byBucket.get(end - 1);
  const prices = universe.map((_, i) => buckets.map((bucket) => byBucket.get(bucket)[i]));
  const returns = prices.map((own) =>
    own.slice(1).map((now, k) => (now === null || own[k] === null ? null : Math.log(now / own[k]))),
  );
  const before = process.cpuUsage();
  const rows = universe.map((_, i) =>
    universe.map((_, j) => correlation(returns[i].slice(lag), returns[j])),
  );
  const { user, system } = process.cpuUsage(before);
  return {
    ms: (user + system) / 1e3,
    differenceTo({ cells }) {
      let largest = 0;
      rows.flat().forEach((value, at) => {
        if ((value === null) !== Number.isNaN(cells[at])) largest = Infinity;
        else if (value !== null) largest = Math.max(largest, Math.abs(value - cells[at]));
      });
      return largest;
    },
  };
}

function correlation(a, b) {
  const pairs = [];
  a.forEach((value, k) => {
    if (value !== null && b[k] !== null) pairs.push([value, b[k]]);
  });
  if (pairs.length < 3) return null;
  const mean = (of) => pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length;
  const [meanA, meanB] = [mean(0), mean(1)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [x, y] of pairs) {
    ab += (x - meanA) * (y - meanB);
    aa += (x - meanA) ** 2;
    bb += (y - meanB) ** 2;
  }
  const varies = (of) => pairs.some((pair) => pair[of] !== pairs[0][of]);
  return varies(0) && varies(1) ? ab / Math.sqrt(aa * bb) : null;
}

/** Server CPU of a message to each of many who subscribe to the same. */
async function benchPushed(subscribers, rounds) {
  const subscription = (selection) => `subscription { cycleCompleted { turn ${selection} } }`;
  // Turns of the fixture are 8 s apart.
  const window = (every) =>
    `windowMatrix(kind: CORRELATION, over: "${BUCKETS * every}s", every: "${every}s") { values }`;
  const shown = {
    'a matrix': 'matrix(kind: ID_BENCHMARK) { values }',
    'a window, of whose buckets one closes at each turn': window(8),
    'at every 10th turn': window(80),
  };
  const rows = [];
  for (const [pushed, selection] of Object.entries(shown)) {
    const turns = selection === window(8) ? BUCKETS + 2 : 100;
    const query = subscription(selection);
    const pushing = await startPushing('push-ours', SIZE, subscribers, query, '', turns);
    const { bytes } = await pushing.ask('take');
    const { limit, ours } = await inTurns(pushing, ['limit', 'ours'], rounds);
    await pushing.stop();
    const times = ours / (rows[0]?.['ours µs'] ?? ours);
    rows.push({
      pushed,
      ...{ subscribers, bytes, 'limit µs': limit, 'ours µs': ours, 'ours / limit': ours / limit },
      'times a matrix': times,
    });
  }
  return { title: `windows: ${SIZE} assets, pushed; server CPU for each message`, rows };
}
