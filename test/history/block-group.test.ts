import { expect, it } from 'vitest';
import { BlockGroup } from '../../src/history/blocks/block-group.js';
import type {
  BlockHead,
  BlockStore,
  Part,
  PartName,
} from '../../src/history/blocks/block-store.js';
import { BlockFault } from '../../src/history/blocks/bytes.js';
import type { ManifestEntry } from '../../src/history/blocks/manifest.js';
import type { OpenBlock } from '../../src/history/blocks/open-block.js';

const BYTES = 7_000;
const PARTS = new Map([
  ['price', { digest: '', bytes: BYTES }],
  ['large', { digest: '', bytes: 1_500_000 }],
]);
const HEAD: BlockHead = { columns: {}, bytes: 1_000, pairs: [], parts: PARTS };

/** So many blocks, one of which may be damaged, and what is asked of them. */
function blocksOf(count: number, damaged = -1) {
  const asked: string[][] = [];
  const opened: number[][] = [];
  const store: Pick<BlockStore, 'heads' | 'read'> = {
    heads(seals) {
      opened.push(seals.map(({ block }) => block));
      const heads = seals.map(({ block }) => (block === damaged ? new BlockFault('torn') : HEAD));
      return Promise.resolve(heads);
    },
    read(parts: readonly PartName[]): Promise<Part[]> {
      asked.push(parts.map(({ block, part }) => `${block} ${part}`));
      return Promise.resolve(parts.map(() => ({ columns: {}, bytes: BYTES })));
    },
  };
  const entries = Array.from({ length: count }, (_, block) => ({ block, name: `name ${block}` }));
  return { asked, opened, group: new BlockGroup(store, entries as unknown as ManifestEntry[]) };
}

const same = (part: string): string => part;

/** Reads a part of each block in turn. @returns what had been asked for as each was read */
async function readAll({ asked, group }: ReturnType<typeof blocksOf>, part: string) {
  const before: number[] = [];
  for await (const { block } of group.opened()) {
    if (block instanceof BlockFault) continue;
    await group.read(block, [part], same);
    before.push(asked.flat().length);
  }
  return before;
}

it('asks for what follows, many blocks at a time, before it comes to it', async () => {
  const blocks = blocksOf(100);
  const before = await readAll(blocks, 'price');
  expect(blocks.asked.flat()).toEqual(Array.from({ length: 100 }, (_, block) => `${block} price`));
  expect(blocks.asked.length).toBeLessThanOrEqual(5);
  expect(blocks.opened.map(({ length }) => length)).toEqual([32, 32, 32, 4]);
  // As one is read, at least the next eight are on their way.
  before.forEach((count, at) => expect(count).toBeGreaterThanOrEqual(Math.min(100, at + 9)));
});

it('passes over a damaged block', async () => {
  const blocks = blocksOf(10, 4);
  await readAll(blocks, 'price');
  expect(blocks.asked.flat()).toHaveLength(9);
  expect(blocks.asked.flat()).not.toContain('4 price');
});

it('asks for what is large one by one', async () => {
  const blocks = blocksOf(20);
  const before = await readAll(blocks, 'large');
  blocks.asked.forEach((parts) => expect(parts).toHaveLength(1));
  // Some are ahead, no more than a few.
  before.forEach((count, at) => expect(count - at).toBeLessThanOrEqual(10));
});

it('asks no more once nobody goes on', async () => {
  const { asked, group } = blocksOf(100);
  for await (const { block } of group.opened()) {
    await group.read(block as OpenBlock, ['price'], same);
    break;
  }
  const { length } = asked.flat();
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked.flat()).toHaveLength(length);
  // Those that were opened by then.
  expect(length).toBeLessThanOrEqual(64);
});
