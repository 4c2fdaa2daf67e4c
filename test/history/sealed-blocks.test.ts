import { expect, it } from 'vitest';
import { entryAfter, type ManifestEntry } from '../../src/history/blocks/manifest.js';
import { SealedBlocks } from '../../src/history/blocks/sealed-blocks.js';

/** Lines of blocks 0, 1, 2, … that were sealed in this order. */
function linesOf(count: number): ManifestEntry[] {
  const lines: ManifestEntry[] = [];
  for (let block = 0; block < count; block++) {
    const turn = (block + 1) * 2_048;
    lines.push(
      entryAfter(lines.at(-1) ?? null, {
        ...{ block, name: `seal ${block}`, firstTurn: turn, lastTurn: turn, turns: 1 },
        ...{ unreadable: [], earliest: turn, latest: turn, lastId: String(turn) },
        ...{ bytes: 1, digest: '' },
      }),
    );
  }
  return lines;
}

/** The sealed blocks over lines that may change; the next read of one kind can be held up. */
function changing(lines: ManifestEntry[]) {
  const place = { lines, holdUp: null as 'LINES' | 'DOCUMENTS' | null, looks: 0 };
  let goOn = (): void => undefined;
  const passing = async (kind: 'LINES' | 'DOCUMENTS') => {
    if (place.holdUp !== kind) return;
    place.holdUp = null;
    await new Promise<void>((resolve) => (goOn = resolve));
  };
  const sealed = new SealedBlocks(
    {
      async entries(from) {
        const found = place.lines.filter(({ number }) => number >= from);
        await passing('LINES');
        return found;
      },
    },
    {
      async ids(turns) {
        place.looks++;
        await passing('DOCUMENTS');
        return new Map(turns.map((turn) => [turn, String(turn)]));
      },
    },
  );
  const blocks = async () => (await sealed.counting()).map(({ block }) => block);
  return { place, sealed, blocks, goOn: () => goOn() };
}

it.each(['LINES', 'DOCUMENTS'] as const)(
  'a block that is taken away while %s are read is not read any more, and all others are',
  async (kind) => {
    const lines = linesOf(4);
    const { place, sealed, blocks, goOn } = changing(lines.slice(0, 3));
    expect(await blocks()).toEqual([0, 1, 2]);
    place.lines = lines;
    place.holdUp = kind;
    const reading = blocks();
    // Until it is held up.
    while (place.holdUp !== null) await Promise.resolve();
    place.lines = lines.map((line) => ({ ...line, isRemoved: line.block === 1 }));
    sealed.forget();
    goOn();
    await reading;
    expect(await blocks()).toEqual([0, 2, 3]);
  },
);

it('which documents there are is asked only for the blocks to be read', async () => {
  const lines = linesOf(3);
  const { place, sealed, blocks } = changing(lines);
  expect(await sealed.all()).toEqual(lines);
  expect(await sealed.last()).toEqual(lines[2]);
  expect(await sealed.onlyCopies(1, Infinity)).toEqual([]);
  expect(await sealed.isThere(lines[0] as ManifestEntry)).toBe(true);
  expect(place.looks).toBe(0);
  expect(await blocks()).toEqual([0, 1, 2]);
  expect(place.looks).toBe(1);
});
