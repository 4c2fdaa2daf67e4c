import { parse, type OperationDefinitionNode } from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { sharingOf } from '../../src/operate/sharing.js';

const schema = await createSchema();

function sharing(text: string) {
  const document = parse(text);
  return sharingOf(schema, document, document.definitions[0] as OperationDefinitionNode);
}

it.each([
  ['without a place to begin', 'subscription { cycleCompleted { turn } }', null],
  ['from a given turn', 'subscription { cycleCompleted(after: 3) { turn } }', null],
  ['under another name', 'subscription { done: cycleCompleted { turn } }', null],
  [
    'from a turn that each says for itself',
    'subscription ($n: Int) { cycleCompleted(after: $n) { turn } }',
    'n',
  ],
  [
    'from a turn that says something else too',
    'subscription ($n: Int) { cycleCompleted(after: $n) { matrix(kind: QUANTID) { values(digits: $n) } } }',
    null,
  ],
])('cycles are shared by all who ask the same, %s', (_name, text, afterVariable) => {
  expect(sharing(text)).toEqual({ afterVariable });
});

it.each([
  ['another subscription', 'subscription { cycleSkipped { code } }'],
  ['a second field beside it', 'subscription { cycleCompleted { turn } cycleSkipped { code } }'],
  ['a fragment', 'subscription { ...A } fragment A on Subscription { cycleCompleted { turn } }'],
  ['a query', '{ latestCycle { turn } }'],
  ['a query of that name', '{ cycleCompleted { turn } }'],
])('%s runs alone', (_name, text) => {
  expect(sharing(text)).toBeNull();
});
