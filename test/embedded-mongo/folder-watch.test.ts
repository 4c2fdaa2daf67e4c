import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { watchFolder } from '../../src/embedded-mongo/folder-watch.js';
import { temporaryFolder } from '../support/temporary.js';

it('a folder that was seen to be gone stays gone, though one with its number is there again', async () => {
  const folder = path.join(temporaryFolder(), 'data');
  await mkdir(folder);
  const watch = watchFolder(folder);
  expect(await watch.isGone()).toBe(false);
  await rename(folder, `${folder}-away`);
  await watch.gone;
  await rename(`${folder}-away`, folder);
  expect(await watch.isGone()).toBe(true);
  watch.close();
});
