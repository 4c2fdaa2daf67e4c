import { existsSync } from 'node:fs';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linkTarget, removeLeftOver } from '../../src/embedded-mongo/socket-link.js';
import { refuseStaleBuild } from '../support/build-check.js';
import { temporaryFolder } from '../support/temporary.js';

let folder: string;

beforeAll(refuseStaleBuild);
beforeEach(async () => {
  folder = await realpath(temporaryFolder());
});

describe('what a killed engine left behind', () => {
  const leftOver = async (name: string, mode = 0o700) => {
    const left = path.join(folder, name);
    await mkdir(left, { mode });
    await writeFile(path.join(left, 'mongodb.sock'), '');
    return left;
  };

  it('is removed', async () => {
    const left = await leftOver('embedded-mongodb-aB3dE6');
    await removeLeftOver(left);
    expect(existsSync(left)).toBe(false);
    await expect(removeLeftOver(left)).resolves.toBeUndefined();
  });

  it('stays where it might be something else', async () => {
    const otherName = await leftOver('my-mongodb-aB3dE6');
    const openToOthers = await leftOver('embedded-mongodb-open66', 0o755);
    const holdsMore = await leftOver('embedded-mongodb-more66');
    await writeFile(path.join(holdsMore, 'thesis.txt'), '');
    const linked = path.join(folder, 'embedded-mongodb-link66');
    await symlink(await leftOver('target'), linked);
    for (const left of [otherName, openToOthers, holdsMore, linked]) {
      await removeLeftOver(left);
      expect(existsSync(path.join(left, 'mongodb.sock'))).toBe(true);
    }
  });

  it('is nothing where there is no link', async () => {
    expect(await linkTarget(path.join(folder, 'none'))).toBeNull();
    expect(await linkTarget(folder)).toBeNull();
  });
});
