import type { GraphQLSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { traitsOf } from '../../src/graphql/field-traits.js';
import { KeptAnswersApp } from '../support/kept-answers.js';
import { RestApp } from '../support/rest.js';
import { addressOf } from '../support/stored-operations.js';

const served = new KeptAnswersApp();
const open = new RestApp();

const epochOf = async (): Promise<string> => {
  const { body } = await served.ask('{ status { storageEpoch } }');
  const { data } = JSON.parse(body.toString()) as { data: { status: { storageEpoch: string } } };
  return data.status.storageEpoch;
};

const FOR_GOOD = 'private, max-age=31536000, immutable';
const REVALIDATED = 'private, no-cache';

describe('an answer of a range of time', () => {
  const START = 1_700_000_000_000;
  const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
  const ofRange = (
    name: 'Candles' | 'Series',
    from: string,
    to: string | undefined,
    epoch: string,
  ) => {
    const cells = [{ base: 'BTC', quote: 'USDT' }];
    return addressOf(name, { variables: { cells, from, to, every: '1m' }, epoch });
  };
  /** The minute of the newest turn, once there are enough. */
  const newest = async (): Promise<number> => {
    for (;;) {
      const { body } = await served.ask('{ latestCycle { observedAt } }');
      const { data } = JSON.parse(body.toString()) as {
        data: { latestCycle: { observedAt: string } };
      };
      const minute = (Date.parse(data.latestCycle.observedAt) - START) / 60_000;
      if (minute >= 4) return minute;
      await served.nextTurn();
    }
  };

  it('may be kept for good where both its ends are named and it is over', async () => {
    const [minute, epoch] = [await newest(), await epochOf()];
    for (const name of ['Candles', 'Series'] as const) {
      const answer = await served.get(ofRange(name, at(minute - 2), at(minute - 1), epoch));
      expect([answer.status, answer.cacheControl]).toEqual([200, FOR_GOOD]);
      const unnamed = await served.get(ofRange(name, at(minute - 2), at(minute - 1), '1-another'));
      expect(unnamed.cacheControl).toBe(REVALIDATED);
    }
  });

  it.each<[string, (minute: number) => [string, string | undefined]]>([
    ['it ends with the last bucket, which is not over', (minute) => [at(minute - 2), at(minute)]],
    ['it ends in the future', (minute) => [at(minute - 2), at(minute + 100)]],
    ['it ends now', (minute) => [at(minute - 2), undefined]],
    ['it ends some time before now', (minute) => [at(minute - 2), 'now-2m']],
    ['it begins with the first turn', (minute) => ['start', at(minute - 1)]],
    ['nothing is in it', (minute) => [at(minute - 9_002), at(minute - 9_000)]],
  ])('may not where %s', async (_why, rangeAt) => {
    const [minute, epoch] = [await newest(), await epochOf()];
    const [from, to] = rangeAt(minute);
    const answer = await served.get(ofRange('Series', from, to, epoch));
    expect([answer.status, answer.cacheControl]).toEqual([200, REVALIDATED]);
  });
});

describe('an answer of a turn that is named', () => {
  const ofTurn = (epoch: string, turn = 1) =>
    addressOf('CycleMatrix', { variables: { turn, kind: 'ID_DELTA' }, epoch });

  it('may be kept for good under an address that names the epoch', async () => {
    const epoch = await epochOf();
    const first = await served.get(ofTurn(epoch));
    expect([first.status, first.cacheControl]).toEqual([200, FOR_GOOD]);
    const etag = first.headers.etag as string;
    const again = await served.get(ofTurn(epoch), { 'if-none-match': etag });
    expect([again.status, again.cacheControl]).toEqual([304, FOR_GOOD]);
    const aux = addressOf('StrategyAux', { variables: { turn: 1 }, epoch });
    expect((await served.get(aux)).cacheControl).toBe(FOR_GOOD);
  });

  it('may not without the epoch, or with another, though it is the same bytes', async () => {
    const answers = [
      await served.get(ofTurn(await epochOf())),
      await served.get(ofTurn('1-another')),
      await served.get(addressOf('CycleMatrix', { variables: { turn: 1, kind: 'ID_DELTA' } })),
    ];
    expect(answers.map(({ cacheControl }) => cacheControl)).toEqual([
      FOR_GOOD,
      REVALIDATED,
      REVALIDATED,
    ]);
    expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1);
  });

  it('may not where it is not stored yet', async () => {
    const epoch = await epochOf();
    const answer = await served.get(ofTurn(epoch, 1_000_000));
    expect(JSON.parse(answer.body.toString())).toEqual({ data: { cycle: null } });
    expect(answer.cacheControl).toBe(REVALIDATED);
  });

  it('is none that says what is latest', async () => {
    const epoch = await epochOf();
    for (const name of ['LatestMatrix', 'StrategyAux', 'Assets', 'PairSeries']) {
      const range = { from: 'now-1h', to: 'now', maxPoints: 10, digits: 8, withCandles: false };
      const cells = [{ base: 'BTC', quote: 'USDT' }];
      const variables = { kind: 'QUANTID', price: 'LAST', cells, ...range };
      const answer = await served.get(addressOf(name, { variables, epoch }));
      expect([name, answer.status, answer.cacheControl]).toEqual([name, 200, REVALIDATED]);
    }
  });

  it('is under another address after a turn only where that changes what is stored', async () => {
    const before = await epochOf();
    await served.nextTurn();
    expect(await epochOf()).toBe(before);
    for (const mutation of [
      'mutation { resetCache { userErrors { message } } }',
      'mutation { purgeCycles(confirm: true) { deleted } }',
    ]) {
      const known = await epochOf();
      await served.mutate(mutation);
      expect(await epochOf()).not.toBe(known);
      expect((await served.get(ofTurn(known, 2))).cacheControl).toBe(REVALIDATED);
    }
    await served.nextTurn();
  });
});

describe('on an open server', () => {
  it('such an answer may be kept for others, and foreign names and pages are refused as ever', async () => {
    const { body } = await open.call('/status');
    const epoch = body['storageEpoch'] as string;
    const path = addressOf('CycleMatrix', { variables: { turn: 1, kind: 'ID_DELTA' }, epoch });
    const answer = await open.call(path);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const foreign = await open.call(path, { headers: { origin: 'http://example.com' } });
    expect(foreign.status).toBe(403);
  });
});

describe('which fields of Query name a turn or a range', () => {
  let schema: GraphQLSchema;
  beforeAll(async () => (schema = await createSchema()));

  it('is told by what stands on them: none that may say what is latest', () => {
    const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
    const fixed = fields.filter((field) => traitsOf(field).isFixed?.({ turn: 1 }));
    expect(fixed.map(({ name }) => name).sort()).toEqual([
      'compare',
      'convert',
      'cycle',
      'strategyAux',
    ]);
    expect(fixed.every((field) => traitsOf(field).isByTurn)).toBe(true);
    const range = { from: '2026-01-01T00:00Z', to: '2026-01-02T00:00Z' };
    const ofRange = fields.filter((field) => traitsOf(field).isFixed?.(range));
    const series = ['series', 'assetSeries', 'walletSeries', 'strategySeries', 'consistencySeries'];
    const names = [
      ...series,
      'windowSeries',
      'candles',
      'walletAttribution',
      'testAlert',
      'compare',
      'cycle',
    ];
    expect(ofRange.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(ofRange.every((field) => traitsOf(field).isByTurn)).toBe(true);
    const withoutTurn = fields.filter((field) => traitsOf(field).isFixed?.({}));
    for (const { args } of withoutTurn) {
      expect(args.map(({ name, type }) => `${name}: ${String(type)}`)).toContain('turn: Int!');
    }
  });
});
