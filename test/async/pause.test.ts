import { expect, it } from 'vitest';
import { pause } from '../../src/async/pause.js';

const DAY_MS = 24 * 60 * 60 * 1000;

it('a pause ends at once, without an error, when its signal is aborted, before it or during it', async () => {
  const end = new AbortController();
  const waiting = pause(DAY_MS, end.signal);
  end.abort(new Error('not to be heard of'));
  await expect(waiting).resolves.toBeUndefined();
  await expect(pause(DAY_MS, end.signal)).resolves.toBeUndefined();
});
