import { createHash } from 'node:crypto';
import { parse, visit, type GraphQLSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { traitsOf } from '../../src/graphql/field-traits.js';
import { storedManifest } from '../../src/http/stored-operations.js';
import { KeptAnswersApp } from '../support/kept-answers.js';
import { RestApp } from '../support/rest.js';
import { addressOf, manifest, storedText } from '../support/stored-operations.js';

const served = new KeptAnswersApp();
const open = new RestApp();
const { executions } = served;

/** The head of an answer over GET, without any header of its own but a token. */
async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await served.send(path, { headers });
  return { ...answer, cacheControl: answer.headers['cache-control'] };
}

const epochOf = async (): Promise<string> => {
  const { body } = await served.ask('{ status { storageEpoch } }');
  const { data } = JSON.parse(body.toString()) as { data: { status: { storageEpoch: string } } };
  return data.status.storageEpoch;
};

const MATRIX = { kind: 'QUANTID', digits: 4 };
const FOR_GOOD = 'private, max-age=31536000, immutable';
const REVALIDATED = 'private, no-cache';

describe('the list of stored operations', () => {
  it('is committed as the code has it (npm run operations writes it)', () => {
    expect(manifest).toEqual(storedManifest());
  });

  it('has what only reads, each with its fragments and under a name of its own', () => {
    const names = manifest.operations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['LatestMatrix', 'CycleMatrix', 'Status']));
    for (const { body } of manifest.operations) {
      const spread = new Set<string>();
      const defined = new Set<string>();
      const kinds = new Set<string>();
      visit(parse(body), {
        OperationDefinition: ({ operation }) => void kinds.add(operation),
        FragmentSpread: ({ name }) => void spread.add(name.value),
        FragmentDefinition: ({ name }) => void defined.add(name.value),
      });
      expect([...kinds]).toEqual(['query']);
      expect(defined).toEqual(spread);
    }
  });
});

describe('a stored operation, asked for by its hash with GET', () => {
  it.each(['persistedQuery', 'documentId', 'sha256:documentId'] as const)(
    'is answered as its text is, without a header of its own: %s',
    async (by) => {
      const answer = await get(addressOf('LatestMatrix', { variables: MATRIX, by }));
      expect(answer.status).toBe(200);
      const asked = await served.ask(storedText('LatestMatrix'), {}, { variables: MATRIX });
      expect(answer.body.equals(asked.body)).toBe(true);
    },
  );

  it('is made once for all who ask for the same, however they write it', async () => {
    const first = await get(addressOf('LatestMatrix', { variables: MATRIX }));
    executions.mockClear();
    const turned = { digits: 4, kind: 'QUANTID' };
    const second = await get(addressOf('LatestMatrix', { variables: turned, by: 'documentId' }));
    expect(executions).not.toHaveBeenCalled();
    expect(second.headers.etag).toBe(first.headers.etag);
    const etag = first.headers.etag as string;
    const again = await get(addressOf('LatestMatrix', { variables: MATRIX }), {
      'if-none-match': etag,
    });
    expect(again.status).toBe(304);
  });

  it('reads what is made for each, too', async () => {
    const answer = await get(addressOf('Status'));
    expect([answer.status, answer.cacheControl]).toEqual([200, 'no-store']);
  });

  it('tells what is wrong with its variables', async () => {
    const { status, body } = await get(addressOf('CycleMatrix', { variables: { kind: 'NOPE' } }));
    expect(status).toBe(400);
    expect(body.toString()).toMatch(/NOPE/);
  });

  it('needs a token where one is needed', async () => {
    const { status } = await get(addressOf('LatestMatrix', { variables: MATRIX }), {
      authorization: 'Bearer none',
    });
    expect(status).toBe(401);
  });
});

describe('what is no stored operation', () => {
  const refused = [
    ['a query by its text', `/graphql?query=${encodeURIComponent('{ status { version } }')}`],
    [
      'a text beside the hash',
      `${addressOf('Status')}&query=${encodeURIComponent('{ status { version } }')}`,
    ],
    ['an unknown hash', `/graphql?documentId=${'0'.repeat(64)}`],
    ['a hash of another version', addressOf('Status').replace('version%22%3A1', 'version%22%3A2')],
    ['a parameter twice', `${addressOf('Status')}&variables={}&variables={}`],
    ['an unknown parameter', `${addressOf('Status')}&query2=x`],
    ['variables that are no object', `${addressOf('Status')}&variables=[]`],
    ['variables that nest too deep', `${addressOf('Status')}&variables=${'['.repeat(4_000)}`],
  ] as const;

  it.each(refused)('is guarded against other sites as ever: %s', async (_what, path) => {
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(body.toString()).toMatch(/Cross-Site Request Forgery/);
  });

  it('is guarded also where a client has made its hash known', async () => {
    const { hash } = await registered('{ latestCycle { turn } }');
    const path = `/graphql?documentId=${hash}`;
    expect((await get(path)).body.toString()).toMatch(/Cross-Site Request Forgery/);
  });

  it('is a mutation by its hash, whoever made that known', async () => {
    const { hash, extensions } = await registered('mutation { runCycle { ran } }');
    expect(manifest.operations.map(({ id }) => id)).not.toContain(hash);
    const path = `/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
    const headers = { authorization: served.operator };
    expect((await get(path, headers)).body.toString()).toMatch(/Cross-Site Request Forgery/);
    const guarded = await get(path, { ...headers, 'apollo-require-preflight': 'yes' });
    expect(guarded.status).toBe(405);
  });

  /** Makes an operation known, as clients with automatic persisted queries do. */
  async function registered(query: string) {
    const hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
    const answer = await served.ask(query, { authorization: served.operator }, { extensions });
    expect(answer.status).toBe(200);
    return { hash, extensions };
  }
});

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
      const answer = await get(ofRange(name, at(minute - 2), at(minute - 1), epoch));
      expect([answer.status, answer.cacheControl]).toEqual([200, FOR_GOOD]);
      const unnamed = await get(ofRange(name, at(minute - 2), at(minute - 1), '1-another'));
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
    const answer = await get(ofRange('Series', from, to, epoch));
    expect([answer.status, answer.cacheControl]).toEqual([200, REVALIDATED]);
  });
});

describe('an answer of a turn that is named', () => {
  const ofTurn = (epoch: string, turn = 1) =>
    addressOf('CycleMatrix', { variables: { turn, kind: 'ID_DELTA' }, epoch });

  it('may be kept for good under an address that names the epoch', async () => {
    const epoch = await epochOf();
    const first = await get(ofTurn(epoch));
    expect([first.status, first.cacheControl]).toEqual([200, FOR_GOOD]);
    const etag = first.headers.etag as string;
    const again = await get(ofTurn(epoch), { 'if-none-match': etag });
    expect([again.status, again.cacheControl]).toEqual([304, FOR_GOOD]);
    const aux = addressOf('StrategyAux', { variables: { turn: 1 }, epoch });
    expect((await get(aux)).cacheControl).toBe(FOR_GOOD);
  });

  it('may not without the epoch, or with another, though it is the same bytes', async () => {
    const answers = [
      await get(ofTurn(await epochOf())),
      await get(ofTurn('1-another')),
      await get(addressOf('CycleMatrix', { variables: { turn: 1, kind: 'ID_DELTA' } })),
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
    const answer = await get(ofTurn(epoch, 1_000_000));
    expect(JSON.parse(answer.body.toString())).toEqual({ data: { cycle: null } });
    expect(answer.cacheControl).toBe(REVALIDATED);
  });

  it('is none that says what is latest', async () => {
    const epoch = await epochOf();
    for (const name of ['LatestMatrix', 'StrategyAux', 'Assets', 'PairSeries']) {
      const range = { from: 'now-1h', to: 'now', maxPoints: 10, digits: 8, withCandles: false };
      const cells = [{ base: 'BTC', quote: 'USDT' }];
      const variables = { kind: 'QUANTID', price: 'LAST', cells, ...range };
      const answer = await get(addressOf(name, { variables, epoch }));
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
      expect((await get(ofTurn(known, 2))).cacheControl).toBe(REVALIDATED);
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

  it('counts against what a client may send', async () => {
    const limited = await open.start({ REQUESTS_PER_MINUTE: '2' });
    const statuses: number[] = [];
    for (let n = 0; n < 3; n++) {
      statuses.push((await open.call(addressOf('Status'), {}, limited)).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
    await limited.stop();
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
