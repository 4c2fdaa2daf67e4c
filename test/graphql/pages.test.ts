import { beforeEach, describe, expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';

const scripted = new ScriptedApp();
let app: RunningApp;
beforeEach(() => void ({ app } = scripted));

describe('pages of cycles', () => {
  it.each([
    ['in', '{ latestCycle { wallet { value(in: "DOGE") } } status { version } }'],
    [
      'bases',
      '{ latestCycle { matrix(kind: QUANTID, bases: ["NOPE"]) { kind } } status { version } }',
    ],
    [
      'quotes',
      '{ latestCycle { matrix(kind: QUANTID, quotes: ["BTC", "BTC"]) { kind } } status { version } }',
    ],
    [
      'base',
      '{ latestCycle { matrix(kind: QUANTID) { cell(base: "x", quote: "BTC") { value } } } status { version } }',
    ],
    [
      'digits',
      '{ latestCycle { matrix(kind: QUANTID) { values(digits: 18) } } status { version } }',
    ],
    [
      'kinds',
      '{ latestCycle { matrices(kinds: [QUANTID, QUANTID]) { kind } } status { version } }',
    ],
    [
      'first',
      '{ cycles(first: 1000) { edges { cursor } pageInfo { hasNextPage } } status { version } }',
    ],
    [
      'first',
      '{ cycles(first: 0) { pageInfo { hasNextPage } nodes { turn } } status { version } }',
    ],
    ['last', '{ cycles(first: 1, last: 1) { nodes { turn } } status { version } }'],
    ['after', '{ cycles(after: "dHVybjo5OQ") { nodes { turn } } status { version } }'],
    ['before', '{ cycles(before: "junk") { nodes { turn } } status { version } }'],
  ])(
    'names the argument %s when it is wrong, and the rest of the answer stands',
    async (argument, document) => {
      const { data, errors } = await query(app, document);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
      expect(data).toMatchObject({ status: { version: expect.any(String) as string } });
    },
  );

  it('reports a wrong argument even where nothing but pageInfo is asked for', async () => {
    const { errors } = await query(app, '{ cycles(first: 1000) { pageInfo { hasNextPage } } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
  });

  it('pages through cycles in both directions, newest first', async () => {
    await scripted.runTurns(4);
    interface Page {
      nodes: { turn: number }[];
      pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> &
        Record<'startCursor' | 'endCursor', string>;
    }
    const page = async (args: string): Promise<Page> => {
      const { data } = await query<{ cycles: Page }>(
        app,
        `{ cycles${args} { nodes { turn } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      );
      return data?.cycles as Page;
    };
    const turns = ({ nodes }: Page) => nodes.map(({ turn }) => turn);
    const all = await page('');
    expect(turns(all)).toEqual([5, 4, 3, 2, 1]);
    expect(all.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    const one = await page('(first: 2)');
    expect(turns(one)).toEqual([5, 4]);
    expect(one.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const two = await page(`(first: 2, after: "${one.pageInfo.endCursor}")`);
    expect(turns(two)).toEqual([3, 2]);
    expect(two.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const back = await page(`(last: 2, before: "${two.pageInfo.startCursor}")`);
    expect(turns(back)).toEqual([5, 4]);
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const oldest = await page('(last: 1)');
    expect(turns(oldest)).toEqual([1]);
    const window = await page('(from: "2023-11-14T22:15:20Z", to: "2023-11-14T22:17:20Z")');
    expect(turns(window)).toEqual([3, 2]);
  });
});
