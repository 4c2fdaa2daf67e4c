import { query, type RunningApp } from './app.js';
import { until } from './until.js';

type Served = Pick<RunningApp, 'url'>;

/** Waits until a system has run a turn by its own words, and gives the latest. */
export async function turnReached(
  app: Served,
  turn: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const asked = '{ status { latestTurn } }';
  const { data } = await until(
    `turn ${turn} to be stored`,
    () => query<{ status: { latestTurn: number | null } }>(app, asked, {}, headers),
    (answer) => (answer.data?.status.latestTurn ?? 0) >= turn,
  );
  return data?.status.latestTurn ?? 0;
}

/**
 * Has a turn run, and gives it. Within a second of a turn a caller is given that one, so this asks
 * until one was run for it.
 */
export async function runTurn(app: Served): Promise<number> {
  const { data } = await until(
    'a turn to be run on demand',
    () =>
      query<{ runCycle: { ran: boolean; cycle: { turn: number } } | null }>(
        app,
        'mutation { runCycle { ran cycle { turn } } }',
      ),
    (answer) => answer.data?.runCycle?.ran === true,
  );
  return data?.runCycle?.cycle.turn ?? 0;
}

/**
 * Waits out the second after the last turn, within which a caller is given that one. It begins when
 * the turn is stored, which is a little after it was complete.
 */
export async function untilNotFresh(app: Served): Promise<void> {
  const { data } = await query<{ latestCycle: { completedAt: string } }>(
    app,
    '{ latestCycle { completedAt } }',
  );
  const completedAt = Date.parse(data?.latestCycle.completedAt ?? '');
  await until(
    'the second after the last turn to be over',
    () => Date.now() - completedAt,
    (age) => age > 1_500,
  );
}
