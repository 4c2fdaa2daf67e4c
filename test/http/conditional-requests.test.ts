import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KeptAnswersApp, MATRIX, TURN } from '../support/kept-answers.js';

const served = new KeptAnswersApp();
const { executions } = served;

describe('HTTP', () => {
  it('answers 304 to who has it, without executing, until there is another', async () => {
    const { headers } = await served.ask(MATRIX);
    const etag = headers.etag as string;
    executions.mockClear();
    for (const has of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      const answer = await served.ask(MATRIX, { 'if-none-match': has });
      expect([answer.status, answer.body.length, answer.headers.etag]).toEqual([304, 0, etag]);
    }
    expect((await served.ask(MATRIX, { 'if-none-match': '"other"' })).status).toBe(200);
    expect(executions).not.toHaveBeenCalled();
    await served.nextTurn();
    expect((await served.ask(MATRIX, { 'if-none-match': etag })).status).toBe(200);
  });

  it('lets caches in between keep nothing for others, and says what an answer depends on', async () => {
    for (const { headers } of [await served.ask(MATRIX), await served.send('/matrix/quantid')]) {
      expect(headers['cache-control']).toBe('private, no-cache');
      expect(headers.vary).toBe('Accept, Accept-Encoding, Authorization, Origin');
    }
  });

  it('has the REST paths kept alike, and those that are made of more not', async () => {
    const first = await served.send('/matrix/quantid?digits=4');
    executions.mockClear();
    const second = await served.send('/matrix/quantid?digits=4');
    expect(executions).not.toHaveBeenCalled();
    expect(second.body.equals(first.body)).toBe(true);
    const etag = first.headers.etag as string;
    const third = await served.send('/matrix/quantid?digits=4', {
      headers: { 'if-none-match': etag },
    });
    expect(third.status).toBe(304);
    expect((await served.send('/matrix/quantid?digits=3')).body.equals(first.body)).toBe(false);
    expect((await served.send('/status')).headers.etag).toBeUndefined();
  });

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
  ])('answers in %s where that is asked for', async (coding, decode) => {
    const { body, headers } = await served.ask(MATRIX);
    expect(headers['content-encoding']).toBeUndefined();
    const encoded = await served.ask(MATRIX, { 'accept-encoding': coding });
    expect(encoded.headers['content-encoding']).toBe(coding);
    expect(encoded.headers.etag).toBe(headers.etag);
    expect(Number(encoded.headers['content-length'])).toBe(encoded.body.length);
    expect(encoded.body.length).toBeLessThan(body.length);
    expect(decode(encoded.body).equals(body)).toBe(true);
  });

  it.each([
    ['gzip;q=0.5, br;q=0.1', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['*', 'br'],
    ['identity', undefined],
    ['br;q=0, gzip;q=0', undefined],
    ['zstd', undefined],
    ['nonsense;;;q=x', undefined],
  ])('takes of "%s" what the client likes best: %s', async (accepted, coding) => {
    const { headers } = await served.ask(MATRIX, { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(coding);
  });

  it('leaves a small answer as it is', async () => {
    const { headers } = await served.ask(TURN, { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
  });
});
