import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { AGGREGATES } from '../../src/domain/series/aggregate.js';
import { cellOf } from '../../src/domain/pair-table.js';
import type { Line } from '../../src/domain/series/line.js';
import { BlockFault } from '../../src/history/blocks/bytes.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { START } from '../support/cycles.js';
import { asked, columnOf, exported, exporterOf, openedElsewhere } from '../support/exports.js';
import { historyOf, universeOf } from '../support/history.js';

const UNIVERSE = universeOf(9);
const CELLS = 'BTC/USDT,JPY/BTC,DOGE/ETH';
const PAIRS = CELLS.split(',').map((cell) => cell.split('/') as [string, string]);

let cycles: readonly Cycle[];
beforeAll(() => {
  cycles = historyOf(UNIVERSE, 130);
});

/** With another time; its figures stay. */
const observedAt = (cycle: Cycle, moment: number): Cycle => ({
  ...cycle,
  frame: { ...cycle.frame, observedAt: moment },
});

/** What the cycle answers of each cell. */
function answered(cycle: Cycle, kind: 'ID_BENCHMARK' | 'QUANTID' = 'ID_BENCHMARK') {
  const table = new CycleFigures(cycle).matrix(kind);
  return PAIRS.map(([base, quote]) => cellOf(table, base, quote));
}

const textOf = async (given: Readonly<Record<string, string>>, stored: readonly StoredCycle[]) =>
  (await exported(exporterOf(stored, UNIVERSE).exporter, given)).toString();

describe('an export of cells', () => {
  it('is a row for each turn as CSV: its number, its time, what its cycle answers', async () => {
    const rows = cycles.map((cycle) => {
      const time = new Date(cycle.frame.observedAt).toISOString();
      return [cycle.turn, time, ...answered(cycle)].join();
    });
    const text = await textOf({ cells: CELLS }, cycles);
    expect(text).toBe([`turn,observedAt,${CELLS}`, ...rows, ''].join('\r\n'));
  });

  it.each([
    ['each turn', { cells: CELLS }],
    ['buckets', { cells: CELLS, every: '1m' }],
    ['frames', { frames: 'true', format: 'jsonl' }],
  ])('of %s is not taken for whole where its turns are purged meanwhile', async (_, given) => {
    const stored = [...cycles];
    const { exporter } = exporterOf(stored, UNIVERSE);
    const plan = await exporter.plan(asked(given));
    stored.length = 0;
    const readAll = async () => {
      for await (const { bytes } of exporter.pieces(plan, UNPACED)) expect(bytes).toBeDefined();
    };
    await expect(readAll()).rejects.toThrow('turn 130 is not stored any more');
  });

  it('is an object for each turn as JSON lines, of any of the matrices', async () => {
    const text = await textOf({ cells: CELLS, kind: 'quantid', format: 'jsonl' }, cycles);
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => Object.values(JSON.parse(line) as Record<string, unknown>));
    expect(rows.map((row) => row.slice(2))).toEqual(
      cycles.map((cycle) => answered(cycle, 'QUANTID')),
    );
  });

  it.each(['arrow', 'parquet'] as const)(
    'is opened as %s by another hand, with the same doubles, bit for bit, and nulls',
    async (format) => {
      const gone: Cycle = {
        ...(cycles[40] as Cycle),
        frame: { ...(cycles[40] as Cycle).frame, tickers: [] },
      };
      const stored = cycles.with(40, gone);
      const file = await exported(exporterOf(stored, UNIVERSE).exporter, { cells: CELLS, format });
      const table = openedElsewhere(format, file);
      expect(columnOf(table, 'turn')).toEqual(stored.map(({ turn }) => turn));
      expect(columnOf(table, 'observedAt').map(Number)).toEqual(
        stored.map(({ frame }) => frame.observedAt),
      );
      CELLS.split(',').forEach((cell, at) => {
        const values = columnOf(table, cell);
        stored.forEach((cycle, row) => expect(values[row]).toBe(answered(cycle)[at]));
      });
      expect(columnOf(table, 'BTC/USDT')[40]).toBeNull();
    },
  );

  it.each(['csv', 'jsonl', 'arrow', 'parquet'])(
    'is the same bytes as %s however the turns stand in chunks',
    async (format) => {
      // So many that there are several batches of them.
      const many = Array.from({ length: 40 }, (_, pass) =>
        cycles.map((cycle) => ({ ...cycle, turn: cycle.turn + pass * 130 })),
      ).flat();
      const [some, others] = await Promise.all(
        [131, 2_048].map((chunkSize) => {
          const { exporter } = exporterOf(many, UNIVERSE, { chunkSize });
          return exported(exporter, { cells: CELLS, format });
        }),
      );
      expect(some?.equals(others as Buffer)).toBe(true);
      if (format !== 'arrow') return;
      // Every batch is in the footer.
      const table = tableFromIPC(some);
      expect([table.batches.length, table.numRows]).toEqual([2, 5_200]);
    },
  );

  it('is in buckets what series answers, those without a turn left out, however far they lie apart', async () => {
    const late = cycles.map((cycle, at) =>
      // Some thousand buckets of a second between them, and a clock that goes back at the end.
      observedAt(cycle, START + at * 700 + (at > 60 ? 7_200_000 : 0) - (at > 120 ? 30_000 : 0)),
    );
    const text = await textOf(
      { cells: CELLS, kind: 'ID_PCT', every: '1s', of: AGGREGATES.join() },
      late,
    );
    const store = new CyclesInMemory(late, 50);
    const series = await new SeriesReader({
      ...{ cycles: store, chunks: store, extent: store, clock: () => START },
    }).read(
      {
        lines: PAIRS.map(([base, quote]): Line => ({
          kind: 'CELL',
          matrix: 'ID_PCT',
          base,
          quote,
        })),
        from: { anchor: 'start', offsetMs: 0 },
        to: { anchor: 'now', offsetMs: 0 },
        ...{ every: 1_000, maxPoints: 20_000 },
      },
      UNPACED,
    );
    const rows: string[] = [];
    series.starts.forEach((start, at) => {
      if (series.counts[at] === 0) return;
      const values = series.lines.flatMap((line) =>
        AGGREGATES.map((of) => line.values(of)[at] as number),
      );
      const own = [series.counts, series.firstTurns, series.lastTurns].map((each) => each[at]);
      const told = [...own, ...values.map((v) => (Number.isNaN(v) ? '' : v))];
      rows.push([new Date(start).toISOString(), ...told].join());
    });
    expect(text.trimEnd().split('\r\n').slice(1)).toEqual(rows);
    expect(rows.length).toBeGreaterThan(80);
  });

  it('begins with the move since the turn before, though that is not in the range', async () => {
    const whole = await textOf({ cells: CELLS, kind: 'ID_PCT' }, cycles);
    const from = new Date(START + 50_000).toISOString();
    const text = await textOf({ cells: CELLS, kind: 'ID_PCT', from }, cycles);
    expect(text.split('\r\n').slice(1)).toEqual(whole.split('\r\n').slice(50));
  });

  it('is that in buckets too, where a chunk has no turn but the one before', async () => {
    const from = new Date(START + 50_000).toISOString();
    const given = { cells: CELLS, kind: 'ID_PCT', from, every: '5s' };
    const [alone, together] = await Promise.all(
      [1, 2_048].map((chunkSize) =>
        exported(exporterOf(cycles, UNIVERSE, { chunkSize }).exporter, given),
      ),
    );
    expect(alone?.toString()).toBe(together?.toString());
    expect(alone?.toString().split('\r\n').length).toBeGreaterThan(16);
  });

  it('leaves out turns of which nobody knows when they were, and goes on past a damaged block', async () => {
    const stored: readonly StoredCycle[] = [
      ...cycles.slice(0, 64),
      new UnreadableCycle(65, 'damaged'),
      ...cycles.slice(65),
    ];
    const { store, exporter } = exporterOf(stored, UNIVERSE);
    const read = store.chunks.bind(store);
    let left = 1;
    store.chunks = async function* (first, last) {
      for await (const chunk of read(first, last)) {
        if (first === 1 && chunk.turns.includes(97) && left-- > 0) throw new BlockFault('damaged');
        yield chunk;
      }
    };
    const text = (await exported(exporter, { cells: CELLS })).toString();
    const turns = text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((row) => Number(row.split(',')[0]));
    expect(turns).toEqual(stored.map(({ turn }) => turn).filter((turn) => turn !== 65));
    expect(left).toBe(0);
  });

  it('reads no further than it is asked for', async () => {
    const many = Array.from({ length: 100 }, (_, pass) =>
      cycles.map((cycle) => ({ ...cycle, turn: cycle.turn + pass * 130 })),
    ).flat();
    const { store, exporter } = exporterOf(many, UNIVERSE, { chunkSize: 10_000 });
    const plan = await exporter.plan(asked({ cells: 'BTC/USDT' }));
    const pieces = exporter.pieces(plan, UNPACED);
    await pieces.next();
    expect(store.loads).toEqual(['BTCUSDT']);
    await pieces.return(undefined);
  });

  it('is a header alone where nothing is stored', async () => {
    expect(await textOf({ cells: 'BTC/USDT' }, [])).toBe('turn,observedAt,BTC/USDT\r\n');
  });

  it('has a tag that is another with another turn, question, formula or program, and no other', async () => {
    const tagOf = async (
      given: Readonly<Record<string, string>>,
      stored = cycles,
      options: Parameters<typeof exporterOf>[2] = {},
    ) => (await exporterOf(stored, UNIVERSE, options).exporter.plan(asked(given))).tag;
    const ended = { cells: CELLS, to: new Date(START + 20_000).toISOString() };
    const tag = await tagOf(ended);
    expect(await tagOf(ended, cycles.slice(0, 40))).toBe(tag);
    const others = [
      await tagOf({ cells: CELLS }),
      await tagOf({ cells: CELLS }, cycles.slice(0, 129)),
      await tagOf({ ...ended, format: 'jsonl' }),
      await tagOf({ ...ended, cells: 'BTC/USDT' }),
      await tagOf(ended, cycles, { version: '2' }),
      await tagOf(ended, cycles, { epoch: () => 'another' }),
    ];
    expect(new Set([tag, ...others]).size).toBe(others.length + 1);
  });

  it('says which asset is not known, and which are', async () => {
    const { exporter } = exporterOf(cycles, UNIVERSE);
    await expect(exporter.plan(asked({ cells: 'BTC/XYZ' }))).rejects.toThrow(
      /^cells: has XYZ, which is not in the universe; known: USDT, BTC/,
    );
  });
});
