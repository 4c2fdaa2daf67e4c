import { describe, expect, it } from 'vitest';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { RecentChunks } from '../../src/history/recent-chunks.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import type { TurnChunks } from '../../src/history/turn-chunk.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { useDatabase } from '../support/database.js';
import { historyOf, universeOf } from '../support/history.js';
import { sealedPlace } from '../support/sealed.js';

const moment = (text: string) => parseMoment(text) as Moment;
const matrix = 'ID_BENCHMARK';

describe('series', () => {
  const database = useDatabase();

  it('of direct, inverse and cross cells are the same from documents, blocks and memory', async () => {
    const turns = [1, 2, 1_000, 2_047, 2_048, 2_049];
    const history = historyOf(universeOf(9), turns.length);
    const place = await sealedPlace(
      database,
      history.map((cycle, at) => {
        const turn = turns[at] as number;
        return { ...cycle, turn, aux: { ...cycle.aux, turn } };
      }),
    );
    const { cycles, ages, chunks } = place.open;
    const told = async (from: TurnChunks) => {
      const reader = new SeriesReader({
        ...{ cycles, chunks: from, clock: () => 0 },
        extent: { observed: () => ages.observedWithin(1, 3_000) },
      });
      const lines = ['BTC/USDT', 'USDT/BTC', 'JPY/BTC', 'DOGE/ETH'].map((name) => {
        const [base = '', quote = ''] = name.split('/');
        return { kind: 'CELL', matrix, base, quote } as const;
      });
      const range = {
        from: moment('start'),
        to: moment('now'),
        every: 'turn',
        maxPoints: 9_000,
      } as const;
      const { plan, ...data } = await reader.read({ lines, ...range }, UNPACED);
      const values = data.lines.map((line) => {
        const { paths, nulls } = line;
        return { values: [...line.values('LAST')], paths, nulls };
      });
      const { blocks, documents, fromKept } = plan;
      return { blocks, documents, fromKept, values };
    };
    const before = await told(chunks);
    expect(before).toMatchObject({ blocks: 0, documents: 6, fromKept: false });
    expect(before.values.flatMap(({ paths }) => paths)).toHaveLength(4);
    await place.sealAll();
    expect(await told(chunks)).toEqual({ ...before, blocks: 1, documents: 1 });
    const recent = new RecentChunks({
      ...{ store: chunks, latestTurn: () => 3_000, epoch: () => '', bytes: 2 ** 26 },
    });
    expect(await told(recent)).toEqual({ ...before, blocks: 1, documents: 1 });
    expect(await told(recent)).toEqual({
      ...before,
      ...{ blocks: 0, documents: 0, fromKept: true },
    });
  });
});
