import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where process numbers mean the same: this boot of this machine, in this container. */
function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

const SPACE = processSpace();

/** A name that no other instance has, and that tells on this machine whether its process lives. */
export function instanceName(): string {
  return `${SPACE} ${process.pid} ${randomUUID()}`;
}

/** Whether an instance surely lives no more; false wherever that cannot be told. */
export function isGone(name: string): boolean {
  if (!name.startsWith(`${SPACE} `)) return false;
  const pid = Number(name.slice(SPACE.length + 1).split(' ')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
