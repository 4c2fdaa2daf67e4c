import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Output } from '../../src/cli/output-file.js';
import { temporaryFolder } from '../support/temporary.js';

/** Writes bytes until they are not taken any more. */
async function writeOn(output: Output): Promise<never> {
  for (;;) {
    await output.write([Buffer.from('1,2\n')]);
    await breathe();
  }
}

describe('a file that a command writes', () => {
  it('has its name once it is whole, in place of a part that an earlier one left', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'rows.csv');
    writeFileSync(`${file}.part`, 'longer than what comes now');
    const output = new Output(file);
    await output.write([Buffer.from('a\n'), Buffer.from('1\n')]);
    expect(readdirSync(folder)).not.toContain('rows.csv');
    await output.end();
    expect([readFileSync(file, 'utf8'), output.bytes]).toEqual(['a\n1\n', 4]);
    expect(readdirSync(folder)).toEqual(['rows.csv']);
  });

  it('that cannot be made fails, whether or not anything was written before that was known', async () => {
    const folder = temporaryFolder();
    const output = new Output(path.join(folder, 'missing', 'rows.csv'));
    await expect(writeOn(output)).rejects.toThrow('ENOENT');
    await expect(output.write([Buffer.from('1,2\n')])).rejects.toThrow('ENOENT');
    await expect(output.end()).rejects.toThrow('ENOENT');
    await output.discard();
    expect(readdirSync(folder)).toEqual([]);
    const empty = new Output(path.join(folder, 'missing', 'rows.csv'));
    await expect(empty.end()).rejects.toThrow('ENOENT');
  });
});
