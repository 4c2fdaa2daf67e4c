import { describe, expect, it } from 'vitest';
import { BacklogFolder } from '../../src/data-dir/backlog-folder.js';
import { Damage } from '../../src/history/damage.js';
import { query } from '../support/app.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import type { Ended } from '../support/process.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { until } from '../support/until.js';
import { embeddedPlace, workplace, type Workplace } from '../support/workplace.js';

const HOUR_MS = '3600000';
const database = useDatabase();

/** Lets a server run some turns, and gives the latest. */
async function runTurns(server: { readonly url: string }, atLeast: number): Promise<number> {
  const { data } = await until(
    `turn ${atLeast} to be stored`,
    () => query<{ latestCycle: { turn: number } | null }>(server, '{ latestCycle { turn } }'),
    (answer) => (answer.data?.latestCycle?.turn ?? 0) >= atLeast,
  );
  return data?.latestCycle?.turn ?? 0;
}

async function runAndStop(place: Workplace): Promise<void> {
  const server = await place.serve();
  await runTurns(server, 3);
  server.signal('SIGTERM');
  expect((await server.ended()).code).toBe(0);
}

function json({ code, stdout, stderr }: Ended): Record<string, unknown> {
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('on an empty database', () => {
  it('commands say that nothing is stored, and end with 1', async () => {
    const { run } = workplace(database);
    for (const command of [['inspect'], ['show-aux'], ['inspect', '--turn', '3']]) {
      const { code, stdout, stderr } = await run(...command);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/is stored|is not stored/);
    }
  });

  it('init makes the collections, and can be run again', async () => {
    const { run, database: name } = embeddedPlace();
    for (let times = 0; times < 2; times++) {
      const { code, stdout } = await run('init');
      expect([code, stdout]).toEqual([0, `the database ${name} is ready\n`]);
    }
  });
});

describe.each([
  ['while no server runs', false],
  ['while a server runs on the same data', true],
])('%s', (_name, withServer) => {
  it('inspect, show-aux, show-strategy and set-strategy read and change what is stored', async () => {
    const place = withServer ? embeddedPlace() : workplace(database);
    await runAndStop(place);
    const server = withServer ? await place.serve({ CYCLE_INTERVAL_MS: HOUR_MS }) : null;

    const cycle = json(await place.run('inspect', '--turn', '2', '--json'));
    expect(cycle).toMatchObject({ turn: 2, previousTurn: 1, symbols: ['USDT', 'BTC', 'ETH'] });
    expect(cycle['matrices']).toHaveLength(5);
    const table = await place.run('inspect', '--turn', '2');
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/^turn 2 \(simulated\)/);
    expect(table.stdout).toMatch(/ID_BENCHMARK \(quote per base\)\n +USDT +BTC +ETH\n/);

    expect(json(await place.run('show-aux', '--turn', '2', '--json'))).toEqual(cycle['aux']);
    expect((await place.run('show-aux')).stdout).toMatch(/leadQuant/);
    expect(json(await place.run('show-strategy', '--json'))).toMatchObject({ version: 1 });
    const changed = await place.run(
      'set-strategy',
      '--tier',
      'aggressive',
      '--imprint',
      '1.02',
      '--json',
    );
    expect(json(changed)).toMatchObject({ version: 2, tier: 'AGGRESSIVE', expectedImprint: 1.02 });
    expect((await place.run('show-strategy')).stdout).toMatch(/tier +AGGRESSIVE/);
    if (server) {
      const { data } = await query(server, '{ strategyConfig { version tier } }');
      expect(data).toEqual({ strategyConfig: { version: 2, tier: 'AGGRESSIVE' } });
    }
  });

  it('purge names what would go, deletes it only when that is confirmed, and keeps the counter', async () => {
    const place = workplace(database);
    await runAndStop(place);
    const server = withServer ? await place.serve({ CYCLE_INTERVAL_MS: HOUR_MS }) : null;
    const before = server ? await runTurns(server, 4) : 0;

    const asked = await place.run('purge');
    expect(asked.code).toBe(1);
    expect(asked.stdout.replace(place.database, '…')).toMatch(
      /^database … \(SIMULATED, simulated:1\): \d+ cycles, turns 1 to \d+, observed \S+Z to \S+Z\n$/,
    );
    expect(asked.stderr).toMatch(/--confirm/);
    const { latest, deleted } = json(await place.run('purge', '--confirm', '--json')) as {
      latest: { turn: number };
      deleted: number;
    };
    expect(deleted).toBe(latest.turn);
    expect(latest.turn).toBeGreaterThanOrEqual(before);
    expect((await place.run('inspect')).code).toBe(1);

    const next = server ?? (await place.serve({ CYCLE_INTERVAL_MS: HOUR_MS }));
    const { data } = await until(
      `a turn after ${latest.turn}`,
      () =>
        query<{ runCycle: { ran: boolean; cycle: object } }>(
          next,
          'mutation { runCycle { ran cycle { turn previousTurn } } }',
        ),
      (answer) => {
        const turn = (answer.data?.runCycle.cycle as { turn: number } | undefined)?.turn ?? 0;
        return turn > latest.turn;
      },
    );
    expect(data?.runCycle.cycle).toEqual({ turn: latest.turn + 1, previousTurn: null });
  });

  it('reset-cache drops the cache', async () => {
    const place = workplace(database);
    const server = withServer ? await place.serve() : null;
    expect(await place.run('reset-cache')).toMatchObject({ code: 0, stdout: /dropped/ });
    if (server) await runTurns(server, (await runTurns(server, 1)) + 2);
  });
});

it('reset-cache does not drop what is not stored yet, unless it is told to; its turns are not used again', async () => {
  const place = workplace(database);
  await runAndStop(place);
  const { turn } = json(await place.run('inspect', '--json')) as { turn: number };
  const damage = new Damage(keptLogger());
  const files = new BacklogFolder(place.dataDir, place.database, damage);
  const [unsaved] = chain(turn + 3).slice(-1);
  if (!unsaved) throw new Error('too few');
  await files.add({ cycle: unsaved, after: null });

  const refused = await place.run('reset-cache');
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toMatch(/1 cycles are not in the database yet/);
  expect(await files.turns()).toEqual([unsaved.turn]);
  expect(await place.run('reset-cache', '--force')).toMatchObject({ code: 0 });
  expect(await files.turns()).toEqual([]);

  const server = await place.serve({ CYCLE_INTERVAL_MS: HOUR_MS });
  expect(await runTurns(server, unsaved.turn)).toBe(unsaved.turn + 1);
  const { data } = await query(server, '{ latestCycle { previousTurn } }');
  expect(data).toEqual({ latestCycle: { previousTurn: turn } });
});

describe('a token', () => {
  it('opens the server that shares the secret, with the rights of its role', async () => {
    const place = workplace(database, { API_SECRET_KEY });
    const server = await place.serve();
    const { stdout } = await place.run('token', '--role', 'viewer');
    const viewer = { authorization: `Bearer ${stdout.trim()}` };
    expect((await query(server, '{ status { version } }', {}, viewer)).errors).toBeUndefined();
    expect((await query(server, 'mutation { runCycle { ran } }', {}, viewer)).status).toBe(403);
    const issued = json(
      await place.run('token', '--role', 'operator', '--expires', '15m', '--json'),
    );
    const operator = { authorization: `Bearer ${String(issued['token'])}` };
    const answer = await query(server, 'mutation { runCycle { ran } }', {}, operator);
    expect(answer.errors).toBeUndefined();
    expect(issued['role']).toBe('operator');
    const minutes = (Date.parse(String(issued['expiresAt'])) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(13);
    expect(minutes).toBeLessThanOrEqual(15);
  });

  it('cannot be issued without API_SECRET_KEY', async () => {
    const { code, stdout, stderr } = await workplace(database).run('token', '--role', 'viewer');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^API_SECRET_KEY: /);
  });
});

it('a setting value that no strategy takes ends with 1 and names the field', async () => {
  const { code, stderr } = await workplace(database).run('set-strategy', '--quant-base', 'NOPE');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^quantBase: expected an asset/)]);
});
