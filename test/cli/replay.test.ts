import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { chain, START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { runCommand, startServing } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';

const database = useDatabase();
const name = 'replayed';
const replay = ['replay', '--serve', '0'];

function settings(DATABASE_NAME = name) {
  return { MONGO_URI: database.engine.uri, DATABASE_NAME };
}

const run = (args: readonly string[], of?: string) =>
  runCommand(args, settings(of), temporaryFolder());

beforeAll(async () => {
  const { cycles } = await database.open(`${name}_simulated`);
  await cycles.saveAll(chain(5));
});

describe('dynamics replay --serve', () => {
  it('serves what is stored within a range, and ends with its time where it is told to', async () => {
    const from = new Date(START + 2_500).toISOString();
    const args = [...replay, '--from', from, '--speed', '100000', '--end'];
    const served = await startServing(args, settings(), temporaryFolder());
    const range = '2023-11-14T22:13:23.000Z to 2023-11-14T22:13:25.000Z';
    expect(served.readyLine).toBe(`ready ${served.url} (${range})`);
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = await fetch(`${served.url}/api/v3/ticker/price?symbol=BTCUSDT`);
    const price = expect.stringMatching(/^610[345]0$/) as string;
    expect(await answer.json()).toEqual({ symbol: 'BTCUSDT', price });
    expect(await served.ended()).toMatchObject({ code: 0, stderr: '' });
  });

  it('stands still at its end without that, says so, and ends with a signal', async () => {
    const args = [...replay, '--speed', '100000'];
    const served = await startServing(args, settings(), temporaryFolder());
    const time = async () => (await (await fetch(`${served.url}/api/v3/time`)).json()) as object;
    const end = { serverTime: START + 5_000 };
    await until('time to stand still', time, (told) => isDeepStrictEqual(told, end));
    served.signal('SIGTERM');
    expect(await served.ended()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\ntime stands still at 2023-11-14T22:13:25.000Z; /) as string,
      stderr: '',
    });
  });

  it('says what keeps it from serving, and ends with 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const port = String((other.address() as AddressInfo).port);
    expect(await run(['replay', '--serve', port])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `--serve ${port}: port ${port} is in use on 127.0.0.1\n`,
    });
    expect(await run([...replay, '--from', 'now-1s', '--to', 'now-1s'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^nothing from \S+Z to \S+Z: cycles are stored from/) as string,
    });
    expect(await run(replay, 'empty')).toMatchObject({ code: 1, stderr: 'no cycle is stored\n' });
  });

  it.each([
    [['replay'], /--serve/],
    [['replay', '--serve', '65536'], /0 to 65535/],
    [[...replay, '--speed', 'fast'], /a factor/],
    [[...replay, '--from', 'yesterday'], /RFC 3339/],
  ])('ends with 2 for %j', async (args, words) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
  });
});
