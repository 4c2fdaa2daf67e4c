import { createHash } from 'node:crypto';
import { parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { storedManifest } from '../../src/http/stored-operations.js';
import { KeptAnswersApp } from '../support/kept-answers.js';
import { RestApp } from '../support/rest.js';
import { addressOf, manifest, storedText } from '../support/stored-operations.js';

const served = new KeptAnswersApp();
const open = new RestApp();
const { executions } = served;

const MATRIX = { kind: 'QUANTID', digits: 4 };

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
      const answer = await served.get(addressOf('LatestMatrix', { variables: MATRIX, by }));
      expect(answer.status).toBe(200);
      const asked = await served.ask(storedText('LatestMatrix'), {}, { variables: MATRIX });
      expect(answer.body.equals(asked.body)).toBe(true);
    },
  );

  it('is made once for all who ask for the same, however they write it', async () => {
    const first = await served.get(addressOf('LatestMatrix', { variables: MATRIX }));
    executions.mockClear();
    const turned = { digits: 4, kind: 'QUANTID' };
    const second = await served.get(
      addressOf('LatestMatrix', { variables: turned, by: 'documentId' }),
    );
    expect(executions).not.toHaveBeenCalled();
    expect(second.headers.etag).toBe(first.headers.etag);
    const etag = first.headers.etag as string;
    const again = await served.get(addressOf('LatestMatrix', { variables: MATRIX }), {
      'if-none-match': etag,
    });
    expect(again.status).toBe(304);
  });

  it('reads what is made for each, too', async () => {
    const answer = await served.get(addressOf('Status'));
    expect([answer.status, answer.cacheControl]).toEqual([200, 'no-store']);
  });

  it('tells what is wrong with its variables', async () => {
    const { status, body } = await served.get(
      addressOf('CycleMatrix', { variables: { kind: 'NOPE' } }),
    );
    expect(status).toBe(400);
    expect(body.toString()).toMatch(/NOPE/);
  });

  it('needs a token where one is needed', async () => {
    const { status } = await served.get(addressOf('LatestMatrix', { variables: MATRIX }), {
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
    const { status, body } = await served.get(path);
    expect(status).toBe(400);
    expect(body.toString()).toMatch(/Cross-Site Request Forgery/);
  });

  it('is guarded also where a client has made its hash known', async () => {
    const { hash } = await registered('{ latestCycle { turn } }');
    const path = `/graphql?documentId=${hash}`;
    expect((await served.get(path)).body.toString()).toMatch(/Cross-Site Request Forgery/);
  });

  it('is a mutation by its hash, whoever made that known', async () => {
    const { hash, extensions } = await registered('mutation { runCycle { ran } }');
    expect(manifest.operations.map(({ id }) => id)).not.toContain(hash);
    const path = `/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
    const headers = { authorization: served.operator };
    expect((await served.get(path, headers)).body.toString()).toMatch(/Cross-Site Request Forgery/);
    const guarded = await served.get(path, { ...headers, 'apollo-require-preflight': 'yes' });
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

describe('a stored operation on an open server', () => {
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
