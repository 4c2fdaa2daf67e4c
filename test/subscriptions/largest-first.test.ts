import { expect, it } from 'vitest';
import { RawSocket } from '../support/socket.js';
import { ScriptedApp } from '../support/scripted-app.js';

const scripted = new ScriptedApp();

it('what most have asked for is pushed first, whoever came before', async () => {
  const socket = await RawSocket.open(scripted.app);
  const alone = ['turn observedAt', 'turn completedAt', 'turn startedAt'];
  alone.forEach((fields, n) =>
    socket.subscribe(`subscription { cycleCompleted { ${fields} } }`, `alone ${n}`),
  );
  for (const id of ['shared 1', 'shared 2']) {
    socket.subscribe('subscription { cycleCompleted { turn } }', id);
  }
  // Answered once the subscriptions before it have begun.
  expect((await socket.run('{ __typename }')).errors).toBeUndefined();
  await scripted.runTurns(1);
  const ids: unknown[] = [];
  while (ids.length < 5) {
    const { type, id } = await socket.next();
    if (type === 'next') ids.push(id);
  }
  expect(ids).toEqual(['shared 1', 'shared 2', 'alone 0', 'alone 1', 'alone 2']);
  socket.close();
});
