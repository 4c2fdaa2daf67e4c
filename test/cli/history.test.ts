import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { query } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { builtProgram, runCommand } from '../support/process.js';
import { cyclesAt, SPARSE } from '../support/sealed.js';
import { falsified, lines, SETTINGS, storedPlace } from '../support/stored-place.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describe.each([
  ['while no server runs', false],
  ['while a server runs on the same data', true],
])('%s', (_name, withServer) => {
  it('seal seals all complete blocks, verify finds nothing, history tells it', async () => {
    const place = await storedPlace(database);
    const server = withServer ? await place.serve() : null;
    if (server) await turnReached(server, 6_147);
    const more = withServer ? 1 : 0;

    const sealed = await place.run('seal', '--json');
    expect([sealed.code, sealed.stderr]).toEqual([0, '']);
    expect(lines(sealed).map(({ block }) => block)).toEqual([2, 1, 0, undefined]);
    expect(lines(sealed).at(-1)).toEqual({ sealed: 3, failed: 0 });
    expect((await place.run('seal')).stdout).toBe('sealed 0 blocks\n');

    const verified = await place.run('verify', '--json');
    expect([verified.code, verified.stderr]).toEqual([0, '']);
    expect(lines(verified)).toEqual([
      { lines: 3, faults: 0 },
      { turns: SPARSE.length + more, faults: 0, alone: 0 },
    ]);

    const told = await place.run('history', '--json');
    expect([told.code, told.stderr]).toEqual([0, '']);
    expect(JSON.parse(told.stdout)).toMatchObject({
      ...{ database: place.name, oldestTurn: 1, latestTurn: 6_146 + more },
      ...{ cycles: SPARSE.length + more, sealedThrough: 6_143 },
      ...{ sealedCycles: SPARSE.length - 2 },
      blockBytes: expect.any(Number) as number,
    });
    const shown = await place.run('history', '--longer-than', '20m');
    expect(shown.stdout).toMatch(/turns +1 to 614\d, 1[45] cycles/);
    expect(shown.stdout).toMatch(/sealed +12 cycles; without a break through turn 6143/);
    if (server) {
      const { data } = await query(server, '{ history { sealedThrough } }');
      expect(data).toEqual({ history: { sealedThrough: 6_143 } });
    }
  });

  it('verify names turn and field of what does not follow from the frames, and ends with 1', async () => {
    const cycles = cyclesAt([1, 2, 3, 4, 5]);
    const false3 = cycles.map((cycle) => (cycle.turn === 3 ? falsified(cycle) : cycle));
    const place = await storedPlace(database, false3);
    const server = withServer ? await place.serve() : null;
    if (server) await turnReached(server, 6);
    const { code, stdout, stderr } = await place.run('verify');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^\d+ faults were found\n$/)]);
    expect(stdout).toContain(
      `turn 3: quants.USDT is 0.25, and ${cycles[2]?.quants.values[0]} anew\n`,
    );
    expect(stdout).not.toMatch(/^turn [125]/m);
    const later = await place.run('verify', '--from', '5', '--to', '5');
    expect([later.code, later.stdout]).toEqual([
      0,
      expect.stringMatching(/\n1 turns: 0 faults\n$/),
    ]);
  });
});

describe('verify', () => {
  it('names what is missing, and what was changed', async () => {
    const place = await storedPlace(database);
    expect((await place.run('seal')).code).toBe(0);
    await place.raw(async (db) => {
      const documents = db.collection('cycle_matrices');
      await documents.deleteOne({ turn: 3_000 });
      await documents.updateOne({ turn: 4_100 }, { $set: { leadPrice: 1 } });
      await documents.deleteOne({ turn: 6_145 });
    });
    const found = await place.run('verify', '--json');
    expect(found.code).toBe(1);
    expect(
      lines(found)
        .filter(({ code }) => code)
        .map(({ code, turn }) => [code, turn])
        .sort(),
    ).toEqual([
      ['DIFFERS', 4_100],
      ['DOCUMENT_MISSING', 3_000],
      ['MISSING', 6_146],
    ]);
  });

  it('ends cleanly when it is told to, and says where to go on', async () => {
    const place = await storedPlace(
      database,
      cyclesAt(Array.from({ length: 2_400 }, (_, n) => n + 1)),
    );
    const child = spawn(process.execPath, [builtProgram(), 'verify', '--json'], {
      cwd: place.folder,
      env: { PATH: process.env['PATH'] ?? '', ...place.settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let [stdout, stderr] = ['', ''];
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      // The first line comes before the turns are looked at.
      if (stdout === '') child.kill('SIGINT');
      stdout += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    const [, next] = /^stopped\nto go on where it ended: --from (\d+)\n$/.exec(stderr) ?? [];
    expect([code, Number(next)]).toEqual([1, expect.any(Number)]);
    expect(Number(next)).toBeGreaterThan(0);
    expect(Number(next)).toBeLessThan(2_400);
    const rest = await place.run('verify', '--from', String(next), '--json');
    expect(rest.code).toBe(0);
    expect(lines(rest).at(-1)).toMatchObject({ turns: 2_401 - Number(next), faults: 0 });
  });
});

it.each([
  [['history', '--longer-than', 'long'], /span/],
  [['verify', '--from', '0'], /Expected a turn/],
])('%j ends with 2 and says what is right', async (args, message) => {
  const { code, stdout, stderr } = await runCommand(args, SETTINGS, temporaryFolder());
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

it('on an empty database there is nothing to seal, to verify or to tell of', async () => {
  const place = await storedPlace(database, []);
  expect(await place.run('seal')).toMatchObject({ code: 0, stdout: 'sealed 0 blocks\n' });
  expect(await place.run('verify')).toMatchObject({ code: 0 });
  expect((await place.run('history')).stdout).toMatch(/no cycle is stored/);
});
