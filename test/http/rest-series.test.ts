import { beforeAll, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';

const scripted = new ScriptedApp({ isForAll: true });
let app: RunningApp;
beforeAll(async () => {
  ({ app } = scripted);
  await scripted.runTurns(2);
});

async function get(path: string, accept: string) {
  const response = await fetch(`${app.url}${path}`, { headers: { accept } });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    vary: response.headers.get('vary'),
    text: await response.text(),
  };
}

interface Asked {
  readonly series: {
    readonly starts: readonly number[];
    readonly lines: readonly { readonly values: readonly number[] }[];
  };
}

describe('GET /series', () => {
  const path = '/series?cells=BTC/USDT,USDT/ETH&from=start&every=turn&digits=4';

  it('is the stored operation as JSON', async () => {
    const { data } = await query<Asked>(
      app,
      `{ series(cells: [{base: "BTC", quote: "USDT"}, {base: "USDT", quote: "ETH"}], from: "start", every: "turn") {
        every starts lines { base quote values(digits: 4) } } }`,
    );
    const { status, text } = await get(path, 'application/json');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject(data?.series ?? {});
  });

  it('is a row for each bucket as CSV where that is accepted', async () => {
    const json = JSON.parse((await get(path, '*/*')).text) as Asked['series'];
    const { type, vary, text } = await get(path, 'text/csv');
    expect(type).toBe('text/csv; charset=utf-8');
    expect(vary).toContain('Accept');
    const [head, ...rows] = text.trimEnd().split('\r\n');
    expect(head).toBe(
      'start,counts,firstTurns,lastTurns,BTC/USDT,BTC/USDT staleCounts,USDT/ETH,USDT/ETH staleCounts',
    );
    expect(rows).toEqual(
      json.starts.map((start, at) => {
        const [one, other] = json.lines.map(({ values }) => values[at]);
        return [new Date(start).toISOString(), 1, at + 1, at + 1, one, 0, other, 0].join();
      }),
    );
  });

  it.each([
    ['/series?cells=BTC&from=start', 'cells: expected BASE/QUOTE'],
    ['/series?cells=BTC/USDT&from=never', 'from: is no moment'],
    ['/series?cells=BTC/USDT', 'from'],
    ['/series?cells=BTC/NONE&from=start', 'cells'],
  ])('%s is a problem in words', async (wrong, words) => {
    const { status, type, text } = await get(wrong, 'text/csv');
    expect([status, type]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect((JSON.parse(text) as { detail: string }).detail).toContain(words);
  });
});

describe('GET /candles', () => {
  it('is a row for each bucket as CSV, with four prices and a count', async () => {
    const path = '/candles?cells=ETH/BTC&every=1h&from=start';
    const json = JSON.parse((await get(path, 'application/json')).text) as {
      starts: number[];
      lines: Record<string, number[]>[];
    };
    const [line] = json.lines;
    const { text } = await get(path, 'text/csv');
    const names = ['open', 'high', 'low', 'close', 'counts'];
    expect(text).toBe(
      [
        ['start', ...names.map((name) => `ETH/BTC ${name}`)].join(),
        ...json.starts.map((start, at) =>
          [new Date(start).toISOString(), ...names.map((name) => line?.[name]?.[at])].join(),
        ),
        '',
      ].join('\r\n'),
    );
  });
});

describe('GET /attribution', () => {
  const PARTS = ['price', 'flow', 'unpriced'] as const;
  interface Attribution {
    readonly starts: readonly number[];
    readonly assets: readonly Line[];
    readonly total: Line;
  }
  type Line = Record<(typeof PARTS)[number], readonly number[]> & { readonly asset: string | null };

  it('is the stored operation as JSON, and a row for each bucket as CSV', async () => {
    const selection = `in startValue endValue starts assets { ...P } total { ...P }`;
    const { data } = await query<{ walletAttribution: Attribution }>(
      app,
      `{ walletAttribution(in: "BTC", from: "start", every: "1m") { ${selection} } }
      fragment P on AttributionLine { asset price flow unpriced }`,
    );
    const path = '/attribution?in=BTC&from=start&every=1m';
    const json = JSON.parse((await get(path, '*/*')).text) as Attribution;
    expect(json).toEqual(data?.walletAttribution);
    expect(json.starts).toHaveLength(3);
    const { type, text } = await get(path, 'text/csv');
    expect(type).toBe('text/csv; charset=utf-8');
    const lines = [...json.assets, json.total];
    expect(lines.map(({ asset }) => asset)).toEqual(['USDT', null]);
    const names = lines.flatMap(({ asset }) => PARTS.map((part) => `${asset ?? 'total'} ${part}`));
    expect(text).toBe(
      [
        ['start', ...names].join(),
        ...json.starts.map((start, at) =>
          [
            new Date(start).toISOString(),
            ...lines.flatMap((line) => PARTS.map((part) => line[part][at])),
          ].join(),
        ),
        '',
      ].join('\r\n'),
    );
  });
});

describe('GET /window/{kind}/series', () => {
  const asked = 'cells=ETH/BTC,BTC/BTC&in=USDT&over=3m&step=1m&from=start&every=turn';

  it('is what windowSeries says, as JSON and as CSV', async () => {
    await scripted.runTurns(6);
    interface Windows {
      readonly windowSeries: {
        readonly starts: readonly number[];
        readonly lines: readonly { readonly name: string; readonly values: (number | null)[] }[];
      };
    }
    const { data } = await query<Windows>(
      app,
      `{ windowSeries(cells: [{base: "ETH", quote: "BTC"}, {base: "BTC", quote: "BTC"}], kind: CORRELATION, in: "USDT",
        over: "3m", step: "1m", from: "start", every: "turn") { every in starts lines { name base quote values } } }`,
    );
    const path = `/window/correlation/series?${asked}`;
    const { status, text } = await get(path, 'application/json');
    expect(status).toBe(200);
    const { starts, lines } = data!.windowSeries;
    expect(JSON.parse(text)).toMatchObject(data!.windowSeries);
    expect(lines.some(({ values }) => values.some((value) => value !== null))).toBe(true);
    const csv = await get(path, 'text/csv');
    const rows = csv.text.trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',').filter((_, at) => at % 2 === 0 || at < 4))).toEqual(
      starts.map((start, at) => [
        ...[new Date(start).toISOString(), '1', String(at + 1), String(at + 1)],
        ...lines.map(({ values }) => String(values[at] ?? '')),
      ]),
    );
  });

  it.each([
    [`/window/nope/series?${asked}`, 'kind: expected CORRELATION'],
    [`/window/beta/series?${asked.replace('over=3m&', '')}`, 'over'],
  ])('%s is a problem in words', async (wrong, words) => {
    const { status, text } = await get(wrong, 'text/csv');
    expect(status).toBe(400);
    expect((JSON.parse(text) as { detail: string }).detail).toContain(words);
  });
});
