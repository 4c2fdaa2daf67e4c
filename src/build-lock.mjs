import { rmSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Builds one at a time. The lock of one that was killed counts for nothing. */
export async function lock(file) {
  for (let attempts = 1; ; attempts++) {
    try {
      return writeFileSync(file, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isHeld(file)) rmSync(file, { force: true });
    else await delay(100);
    if (attempts === 20) console.log(`waiting for another build, which holds ${file}`);
  }
}

function isHeld(file) {
  try {
    // Empty while it is being written: 0 is this process's own group, which is there.
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}
