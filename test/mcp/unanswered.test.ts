import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Ask } from '../../src/mcp/ask.js';
import { askOverHttp } from '../../src/mcp/over-http.js';
import { ToolPlace } from '../support/tool-place.js';

const place = new ToolPlace();

describe('what cannot be answered is said in words', () => {
  it.each([
    ['get_rate', { base: 'BTC', quote: 'NOPE' }, /"NOPE" is not in the universe$/],
    ['get_rate', { base: 'BTC', quote: 'USDT', turn: 99 }, /^turn 99 is not stored$/],
    ['get_rate', { base: 'BTC', qoute: 'USDT' }, /Unrecognized key: "qoute"/],
    ['get_series', { cells: [{ base: 'BTC', quote: 'ETH' }], from: 'soon' }, /^from: is no moment/],
    ['convert_amount', { amount: '-1', from: 'BTC', to: 'ETH' }, /a decimal without sign/],
    ['test_alert', { line: { kind: 'CELL', base: 'BTC' }, condition: { above: 1 } }, /quote/],
    ['get_nothing', {}, /Tool get_nothing not found/],
  ])('%s %j', async (name, args, words) => {
    const { call, faults } = await place.connected();
    const { text, isError } = await call(name, args);
    expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
    expect(text).not.toMatch(/\n +at /);
    expect(faults).toEqual([]);
  });

  it('a matrix of too many assets names them, and reads no cell', async () => {
    const symbols = Array.from({ length: 21 }, (_, n) => `A${n}`);
    const head = { turn: 1, observedAt: '2023-11-14T22:13:26.000Z', exchange: 'BINANCE' };
    let asked = 0;
    const ask = (() => {
      asked++;
      return Promise.resolve({ latestCycle: { ...head, staleAfterMs: 1, symbols } });
    }) as unknown as Ask;
    const { call } = await place.connected(ask);
    expect(await call('get_matrix')).toMatchObject({
      isError: true,
      text: expect.stringMatching(
        /^the universe has 21 assets: name up to 20 .* A0, A1,/,
      ) as string,
    });
    expect(asked).toBe(1);
  });

  it('what nobody expected goes to the log, and not to the model', async () => {
    const fault = new TypeError('secret.example is undefined');
    const { call, faults } = await place.connected(() => Promise.reject(fault));
    const { text, isError } = await call('get_status');
    expect([isError, faults]).toEqual([true, [fault]]);
    expect(text).not.toMatch(/secret/);
  });

  it('a server that is gone amid an answer', async () => {
    const other = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"data":', () => response.destroy());
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { call, faults } = await place.connected(askOverHttp(base, null));
    expect(await call('get_status')).toMatchObject({
      isError: true,
      text: expect.stringContaining(`${base}/graphql cannot be reached: `) as string,
    });
    expect(faults).toEqual([]);
  });

  it.each([
    [
      'a server that wants a token',
      401,
      '{"errors":[]}',
      /wants an access token: set DYNAMICS_TOKEN/,
    ],
    ['another server', 200, '<html>', /is no such server: it answered with HTTP 200$/],
    ['a proxy without a server', 502, '{"message":"no"}', /answered with HTTP 502$/],
  ])('%s', async (_name, status, body, words) => {
    const other = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { call } = await place.connected(askOverHttp(base, null));
    expect((await call('get_status')).text).toMatch(words);
    await new Promise((resolve) => other.close(resolve));
    expect((await call('get_status')).text).toBe(
      `${base}/graphql cannot be reached: no server runs there`,
    );
  });
});
