import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { readListed, readTickers, type Chunks } from '../../../src/exchange/binance/answers.js';
import { JsonPieces } from '../../../src/exchange/binance/json-pieces.js';
import { MalformedAnswerError } from '../../../src/exchange/binance/parse.js';

/** A text in pieces of some lengths, over and over. */
function cut(text: string, lengths: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

async function* asChunks(chunks: readonly Buffer[]): Chunks {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

/** The value that the pieces of a text are of; undefined where it is no JSON. */
function putTogether(chunks: readonly Buffer[]): unknown {
  const list: unknown[] = [];
  const members = new Map<string, unknown[]>();
  const pieces = new JsonPieces((value, key) => {
    if (key === null) list.push(value);
    else members.set(key, [...(members.get(key) ?? []), value]);
  });
  try {
    for (const chunk of chunks) pieces.write(chunk);
    return pieces.end() === 'LIST' ? list : Object.fromEntries(members);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedAnswerError);
    return undefined;
  }
}

/** The same of a whole value: a list that is a member is told by its items, an empty one not at all. */
function wholeOf(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value;
  const members = Object.entries(value).map(([key, member]): [string, unknown[]] => [
    key,
    Array.isArray(member) ? member : [member],
  ]);
  return Object.fromEntries(members.filter(([, items]) => items.length > 0));
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const value = fc.jsonValue({ maxDepth: 4, noUnicodeString: false });
const root = fc.oneof(fc.array(value), fc.dictionary(fc.string({ unit: 'binary' }), value));
const indent = fc.constantFrom('', ' ', '\t', '\n \r');

describe('JSON that is read in pieces', () => {
  it('is the same as JSON that is read whole, wherever it is cut', () => {
    fc.assert(
      fc.property(root, indent, lengths, (made, space, cuts) => {
        const text = JSON.stringify(made, null, space);
        expect(putTogether(cut(text, cuts))).toEqual(wholeOf(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is refused where it is damaged, and only there', () => {
    const damage = fc.record({
      at: fc.nat(),
      removed: fc.integer({ min: 0, max: 3 }),
      added: fc.constantFrom('', ',', ':', '"', '\\', '{', '}', '[', ']', '1', 'x', ' ', '\u0000'),
    });
    fc.assert(
      fc.property(root, damage, lengths, (made, { at, removed, added }, cuts) => {
        const text = JSON.stringify(made);
        const from = at % text.length;
        const damaged = text.slice(0, from) + added + text.slice(from + removed);
        const whole = wholeOf(damaged);
        const pieces = putTogether(cut(damaged, cuts));
        if (whole === undefined) expect(pieces).toBeUndefined();
        else expect(pieces).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('may begin with a byte-order mark', () => {
    expect(putTogether(cut('\ufeff[1]', [1]))).toEqual([1]);
  });

  it.each([
    '',
    ' ',
    '1',
    '"a"',
    'null',
    '[',
    '[1',
    '{"a":',
    '[1]]',
    '[1] 2',
    '[,]',
    '[1,]',
    '{,}',
    '{"a":1,}',
    '{"a"}',
    '<html>',
  ])('is none as %j', (text) => {
    expect(putTogether(cut(text, [1]))).toBeUndefined();
  });

  it('has no piece without bound', () => {
    const text = `[{"a":"${'x'.repeat(300_000)}"}]`;
    const pieces = new JsonPieces(() => undefined);
    expect(() => cut(text, [65_536]).forEach((chunk) => pieces.write(chunk))).toThrow(/256 KiB/);
  });
});

describe('a big answer', () => {
  const listing = (baseAsset: string, quoteAsset: string, symbol = baseAsset + quoteAsset) => ({
    symbol,
    status: 'TRADING',
    baseAsset,
    quoteAsset,
    permissionSets: [Array.from({ length: 240 }, (_, index) => `TRD_GRP_${index}`)],
  });
  const rateLimits = [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 1234 },
  ];

  it('is never parsed at once, and leaves others their turn', async () => {
    const others = Array.from({ length: 2_000 }, (_, index) => listing(`A${index}`, 'USDT'));
    const answer = { rateLimits, symbols: [...others, listing('BTC', 'USDT')] };
    const chunks = cut(JSON.stringify(answer), [65_536]);
    const parse = vi.spyOn(JSON, 'parse');
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    const { pairs, weightLimit } = await readListed(['USDT', 'BTC'])(asChunks(chunks));
    clearInterval(count);
    const longest = Math.max(...parse.mock.calls.map(([text]) => text.length));
    parse.mockRestore();
    expect(pairs).toEqual([{ symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' }]);
    expect(weightLimit).toBe(1234);
    expect(chunks.length).toBeGreaterThan(90);
    expect(longest).toBeLessThan(10_000);
    expect(turns).toBeGreaterThan(0);
  });

  it('keeps of many listings of one pair the first by name', async () => {
    const symbols = Array.from({ length: 50 }, (_, n) => listing('BTC', 'USDT', `X${n % 7}${n}`));
    const read = readListed(['USDT', 'BTC'])(asChunks(cut(JSON.stringify({ symbols }), [4_096])));
    expect((await read).pairs).toEqual([{ symbol: 'X00', base: 'BTC', quote: 'USDT' }]);
  });

  it('of tickers is read for what is wanted, the last of each symbol', async () => {
    const row = (symbol: string, lastPrice: string) => ({ symbol, lastPrice, closeTime: 1 });
    const rows = [row('A', '1'), row('B', '2'), row('A', '3'), null, 5, { lastPrice: '1' }];
    const read = readTickers(['A', 'C'])(asChunks(cut(JSON.stringify(rows), [7])));
    expect((await read).map(({ symbol, last }) => [symbol, last])).toEqual([['A', 3]]);
  });

  it.each([
    ['no list', '{"symbols":[]}', /ticker\/24hr: not a list/],
    ['a page', '<html>', /no JSON: <html>/],
  ])('of tickers is none as %s', async (_name, text, words) => {
    await expect(readTickers(['A'])(asChunks(cut(text, [20])))).rejects.toThrow(words);
  });
});
