import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallProject } from './support/small-project.js';
import { removeFolder } from './support/temporary.js';

describe('a build', () => {
  let project: SmallProject;
  beforeAll(async () => {
    project = new SmallProject();
    await project.buildAll();
  });
  afterAll(() => removeFolder(project.folder));

  it('does nothing where nothing has changed', async () => {
    expect(await project.build()).toEqual([]);
    expect(project.printed).toBe('');
  });

  it('builds the part again whose source has changed, and no other', async () => {
    project.write('src/cli/main.ts', 'export const answer = 42;\n');
    expect(await project.build()).toEqual(['server']);
    expect(project.read('dist/cli/main.js')).toContain('answer = 42');
    project.write('src/graphiql/main.js', `document.title = 'other';\n`);
    expect(await project.build()).toEqual(['graphiql']);
  });

  it('builds again what notices go along with where these are made otherwise', async () => {
    project.write('src/notices.mjs', `${project.read('src/notices.mjs')}// Otherwise.\n`);
    expect(new Set(await project.build())).toEqual(new Set(['server', 'client']));
  });

  it('leaves nothing of a source that is gone', async () => {
    project.write('src/domain/more/gone.ts', 'export {};\n');
    expect(await project.build()).toEqual(['server']);
    expect(project.has('dist/domain/more/gone.js')).toBe(true);
    project.remove('src/domain/more');
    expect(await project.build()).toEqual(['server']);
    expect(project.has('dist/domain/more/gone.js')).toBe(false);
    expect(project.has('dist/domain/asset.js')).toBe(true);
  });

  it('makes again what is missing of what was built', async () => {
    project.remove('dist/domain/asset.js');
    project.remove('dist/dashboard/index.html');
    expect(new Set(await project.build())).toEqual(new Set(['server', 'dashboard']));
    expect(project.has('dist/domain/asset.js')).toBe(true);
    expect(project.has('dist/dashboard/index.html')).toBe(true);
  });

  it('that fails leaves what was built, and is tried again', async () => {
    project.write('src/cli/main.ts', 'export const answer: string = 42;\n');
    expect(await project.build()).toBeNull();
    expect(await project.build()).toBeNull();
    expect(project.read('dist/cli/main.js')).toContain('answer = 42');
    project.write('src/cli/main.ts', 'export const answer = 43;\n');
    expect(await project.build()).toEqual(['server']);
  });

  it('is done once where two are begun together', async () => {
    project.write('src/cli/main.ts', 'export const answer = 44;\n');
    const built = await Promise.all([project.build(), project.build()]);
    expect(built.flat()).toEqual(['server']);
    expect(project.read('dist/cli/main.js')).toContain('answer = 44');
  });

  it('that is only asked for says which part is older than which source, and makes nothing', async () => {
    expect(await project.check()).toBe('');
    project.write('src/cli/main.ts', 'export const answer = 45;\n');
    const words = 'the server in dist is older than src/cli/main.ts: run npm run build\n';
    expect(await project.check()).toBe(words);
    expect(await project.check()).toBe(words);
    expect(await project.build()).toEqual(['server']);
    expect(await project.check()).toBe('');
  });

  it('does not wait for one that was killed', async () => {
    const killed = spawn(process.execPath, ['--eval', '']);
    await once(killed, 'close');
    project.write('dist/.lock', String(killed.pid));
    expect(await project.build()).toEqual([]);
    expect(project.has('dist/.lock')).toBe(false);
  });
});
