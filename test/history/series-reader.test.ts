import { beforeAll, describe, expect, it } from 'vitest';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import type { Line } from '../../src/domain/series/line.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { parseEvery } from '../../src/domain/series/span.js';
import type { SeriesRequest } from '../../src/history/series-data.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { walletValue } from '../../src/domain/wallet.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { START } from '../support/cycles.js';
import { historyOf, universeOf } from '../support/history.js';

const UNIVERSE = universeOf(9);
const COUNT = 130;
const SPAN = 10_000;
const moment = (text: string) => parseMoment(text) as Moment;
const cell = (base: string, quote: string, matrix = 'ID_BENCHMARK'): Line => ({
  ...{ kind: 'CELL', base, quote },
  matrix: matrix as 'ID_BENCHMARK',
});
const numbers = (list: Float64Array) => [...list].map((v) => (Number.isNaN(v) ? null : v));

let cycles: readonly Cycle[];
beforeAll(() => {
  cycles = historyOf(UNIVERSE, COUNT);
});

function reading(
  request: Partial<SeriesRequest> & Pick<SeriesRequest, 'lines'>,
  stored: readonly StoredCycle[] = cycles,
  { chunkSize = 32, mostReads = 1e9, times = new Map<number, number>() } = {},
) {
  const store = new CyclesInMemory(stored, chunkSize, times);
  const clock = () => START;
  const reader = new SeriesReader({
    cycles: store,
    chunks: store,
    extent: store,
    clock,
    mostReads,
  });
  const whole = { from: moment('start'), to: moment('now'), every: SPAN, maxPoints: 500 };
  return { store, answer: reader.read({ ...whole, ...request }, UNPACED) };
}

describe('series', () => {
  it('are what the cycles of each bucket answer, all lines in one pass, each pair loaded once a chunk', async () => {
    const cells = [
      cell('BTC', 'USDT'),
      cell('JPY', 'BTC'),
      cell('DOGE', 'ETH'),
      cell('ETH', 'USDC', 'QUANTID'),
      cell('BNB', 'EUR', 'ID_PCT'),
    ];
    const { store, answer } = reading({ lines: [...cells, { kind: 'WALLET', in: null }] });
    const data = await answer;
    const figures = cycles.map((each) => new CycleFigures(each));
    expect(data.in).toBe('USDT');
    expect(data.from).toBe(Math.floor((START + 1000) / SPAN) * SPAN);
    expect(data.plan).toEqual({
      turns: COUNT,
      blocks: 0,
      documents: COUNT,
      bytes: 5,
      fromKept: false,
    });
    const chunks = Math.ceil(COUNT / 32);
    for (const symbol of new Set(store.loads)) {
      expect(store.loads.filter((each) => each === symbol)).toHaveLength(chunks);
    }
    data.starts.forEach((start, bucket) => {
      const own = figures.filter(
        ({ cycle }) => Math.floor(cycle.frame.observedAt / SPAN) === start / SPAN,
      );
      const last = own.at(-1) as CycleFigures;
      expect(data.counts[bucket]).toBe(own.length);
      expect(data.firstTurns[bucket]).toBe(own[0]?.turn);
      expect(data.lastTurns[bucket]).toBe(last.turn);
      const since = last.since(figures[last.turn - 2] ?? null);
      const expected = cells.map((line) =>
        line.kind === 'CELL' ? cellOf(since.matrix(line.matrix), line.base, line.quote) : null,
      );
      expected.push(walletValue(last.cycle.holdings, (asset) => last.rateAt(null, asset, 'USDT')));
      expect(data.lines.map((line) => line.values('LAST')[bucket] ?? null)).toEqual(expected);
    });
    expect(data.lines[0]?.paths).toEqual([
      { fromTurn: 1, toTurn: COUNT, source: 'DIRECT', path: ['BTCUSDT'] },
    ]);
    expect(data.lines[4]?.nulls).toEqual([{ fromTurn: 1, toTurn: 1, reason: 'NO_TURN_BEFORE' }]);
    expect(data.lines[5]?.pathCount).toBeNull();
  });

  it('of a part begin with the change since the turn before it', async () => {
    const from = moment('start+60s');
    const lines = [cell('BTC', 'USDT', 'ID_PCT')];
    const part = await reading({ lines, from, every: 'turn' }).answer;
    const whole = await reading({ lines, every: 'turn' }).answer;
    expect(part.firstTurns[0]).toBe(61);
    expect(numbers(part.lines[0]?.values('LAST') as Float64Array)).toEqual(
      numbers(whole.lines[0]?.values('LAST') as Float64Array).slice(60),
    );
  });

  it.each([
    ['cannot be read', [new UnreadableCycle(50, 'damaged')]],
    ['is missing', []],
  ])(
    'hold a turn against the one that it builds upon, where one between %s',
    async (_, between) => {
      const [before, after] = [cycles[48] as Cycle, cycles[50] as Cycle];
      const built = { ...after, previousTurn: before.turn };
      const stored = [...cycles.slice(0, 49), ...between, built, ...cycles.slice(51)];
      const figures = new CycleFigures(built).since(new CycleFigures(before));
      const expected = cellOf(figures.matrix('ID_PCT'), 'BTC', 'USDT');
      expect(expected).not.toBeNull();
      const lines = [cell('BTC', 'USDT', 'ID_PCT')];
      for (const from of [moment('start'), { at: after.frame.observedAt }]) {
        for (const chunkSize of [1, 32]) {
          const request = { lines, from, every: 'turn' } as const;
          const data = await reading(request, stored, { chunkSize }).answer;
          const at = data.firstTurns.indexOf(after.turn);
          expect(data.lines[0]?.values('LAST')[at]).toBe(expected);
        }
      }
    },
  );

  it('are the same wherever chunks end', async () => {
    const lines = [
      cell('JPY', 'BTC'),
      cell('BTC', 'USDT', 'ID_PCT'),
      cell('ETH', 'EUR', 'QUANTID'),
    ];
    const answers = await Promise.all(
      [1, 7, 2048].map((chunkSize) => reading({ lines }, cycles, { chunkSize }).answer),
    );
    const told = answers.map((data) =>
      data.lines.map((line) => [numbers(line.values('MEAN')), line.paths, line.nulls]),
    );
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  it('choose how fine they are, and are final where a later turn is stored', async () => {
    const lines = [cell('BTC', 'USDT')];
    const fine = await reading({ lines, every: null }).answer;
    expect(fine.every).toBe('turn');
    const coarse = await reading({ lines, every: null, maxPoints: 20 }).answer;
    expect(coarse.every).toBe(10_000);
    expect(coarse.lastIsFinal).toBe(false);
    const past = await reading({ lines, to: moment('now-60s') }).answer;
    expect(past.lastIsFinal).toBe(true);
  });

  it('say where a turn cannot be read, and go on', async () => {
    const damaged: StoredCycle[] = [...cycles];
    damaged[49] = new UnreadableCycle(50, 'damaged');
    const { answer } = reading({ lines: [cell('BTC', 'USDT')], every: 'turn' }, damaged);
    expect((await answer).starts).toHaveLength(COUNT - 1);
  });

  it('are in the quant base of the newest turn that can be read, however many after it cannot', async () => {
    const damaged = cycles.map((cycle): StoredCycle => {
      return cycle.turn > 40 ? new UnreadableCycle(cycle.turn, 'damaged') : cycle;
    });
    const times = new Map(cycles.map(({ turn, frame }) => [turn, frame.observedAt]));
    const { answer } = reading({ lines: [{ kind: 'WALLET', in: null }] }, damaged, { times });
    const { in: pricedIn, lines } = await answer;
    expect([pricedIn, lines[0]?.values('FIRST')[0]]).toEqual(['USDT', 100]);
  });

  it('of nothing are empty', async () => {
    const data = await reading({ lines: [cell('BTC', 'USDT')] }, []).answer;
    expect(data).toMatchObject({ from: null, to: null, in: null });
    expect(data.starts).toHaveLength(0);
    expect(data.lines[0]?.values('LAST')).toHaveLength(0);
  });

  it.each<[string, Partial<SeriesRequest>, string, RegExp]>([
    ['an unknown asset', { lines: [cell('BTC', 'NONE')] }, 'cells', /NONE/],
    ['an unknown numeraire', { lines: [{ kind: 'WALLET', in: 'NONE' }] }, 'in', /NONE/],
    ['too many points', { every: 1000, maxPoints: 20 }, 'every', /10s fits/],
    ['too many turns', { every: 'turn', maxPoints: 20 }, 'every', /10s fits/],
    ['no points', { maxPoints: 0 }, 'maxPoints', /from 1 to 20000/],
    ['a range that goes back', { from: moment('now'), to: moment('start') }, 'from', /after to/],
  ])('refuse %s', async (_, request, argument, words) => {
    const { answer } = reading({ lines: [cell('BTC', 'USDT')], ...request });
    const fault = await answer.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(SeriesFault);
    expect(fault).toMatchObject({ argument, limit: null });
    expect((fault as SeriesFault).words).toMatch(words);
  });

  it('refuse to read too many prices', async () => {
    const lines = [cell('BTC', 'USDT'), cell('ETH', 'USDT')];
    const { answer } = reading({ lines }, cycles, { mostReads: 259 });
    await expect(answer).rejects.toMatchObject({
      argument: 'from',
      limit: { name: 'prices read', allowed: 259, found: 260 },
    });
    await expect(reading({ lines }, cycles, { mostReads: 260 }).answer).resolves.toBeDefined();
  });

  it.each([
    ['whole buckets', SPAN, /^from: (\S+) fits$/],
    ['turns', 'turn', /^from: (\S+) fits$/],
    ['what buckets are longer than fits', 60 * SPAN, /^every: (\S+) with from: (\S+) fits$/],
  ] as const)('name a part that fits, of %s, and that one is read', async (_, every, expected) => {
    const lines = [cell('BTC', 'USDT'), cell('ETH', 'USDT')];
    const limits = { mostReads: 100 };
    const fault: unknown = await reading({ lines, every }, cycles, limits).answer.catch(
      (error: unknown) => error,
    );
    const [, first = '', second] = expected.exec((fault as SeriesFault).words) ?? [];
    const part = {
      from: moment(second ?? first),
      every: second === undefined ? every : (parseEvery(first) as number),
    };
    const data = await reading({ lines, ...part }, cycles, limits).answer;
    const turns = data.counts.reduce((sum, count) => sum + count, 0);
    expect(turns).toBeGreaterThan(0);
    expect(turns).toBeLessThanOrEqual(50);
  });
});
