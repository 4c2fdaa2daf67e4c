import { expect, it } from 'vitest';
import { KeptAnswersApp } from '../support/kept-answers.js';

const served = new KeptAnswersApp();
const { executions } = served;

/** Ten operations that differ, each of which reads the newest cycle once. */
const OPERATIONS = [
  '{ latestCycle { turn } }',
  '{ latestCycle { observedAt } }',
  '{ latestCycle { wallet { value } } }',
  '{ latestCycle { assets { symbol price } } }',
  '{ latestCycle { consistency { maxBps } } }',
  ...['ID_BENCHMARK', 'ID_DELTA', 'ID_PERCENT', 'ID_PCT', 'QUANTID'].map(
    (kind) => `{ latestCycle { turn matrix(kind: ${kind}) { values } } }`,
  ),
];
const POLLERS = 100;

it('a hundred who poll ten operations have ten of them executed a cycle', async () => {
  // Whether an answer can be kept is known from the first cycle on.
  for (const operation of OPERATIONS) await served.ask(operation);
  for (let cycle = 0; cycle < 3; cycle++) {
    await served.nextTurn();
    executions.mockClear();
    for (let poll = 0; poll < 3; poll++) {
      const answers = await Promise.all(
        Array.from({ length: POLLERS }, (_, n) =>
          served.ask(OPERATIONS[n % OPERATIONS.length] as string),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(OPERATIONS.length);
    }
    expect(executions).toHaveBeenCalledTimes(OPERATIONS.length);
  }
});
