import { expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { runnerOn } from '../support/runner.js';
import { ScriptedMarket } from '../support/scripted-market.js';

const NEVER = new AbortController().signal;
const database = useDatabase();
const market = new ScriptedMarket(() => {
  throw new Error('nothing is observed');
});

it('the backlog is stored by who leads, and by nobody while another instance does', async () => {
  const open = await database.open();
  const [first, second] = chain(2) as [Cycle, Cycle];
  await open.cycles.save(first);
  await open.backlog.append({ cycle: second, after: first });
  const follower = runnerOn(open, market, open.cycles, { state: 'FOLLOWING', retryInMs: 1_000 });
  await follower.runner.replayBacklog(NEVER);
  expect(open.backlog.turns).toEqual([2]);
  const leader = runnerOn(open, market);
  await leader.runner.replayBacklog(NEVER);
  expect(open.backlog.turns).toEqual([]);
  expect(await open.cycles.span()).toEqual({ oldest: 1, latest: 2 });
});
