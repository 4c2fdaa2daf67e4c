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
  return `${SPACE} ${process.pid} ${randomUUID()} ${hostname()}`;
}

/** The same for people: host, process and enough of the rest to tell instances apart. */
export function instanceLabel(name: string): string {
  const [, pid, id, host] = /(\d+) ([\da-f]{8})-[\da-f-]{27}(?: (\S+))?$/.exec(name) ?? [];
  if (pid === undefined) return name;
  return `${host ?? 'process'}/${pid}/${id}`;
}

/** What can be told from here of an instance: UNKNOWN for any other machine or container. */
export type InstanceState = 'ALIVE' | 'GONE' | 'UNKNOWN';

export function instanceState(name: string): InstanceState {
  if (!name.startsWith(`${SPACE} `)) return 'UNKNOWN';
  const pid = Number(name.slice(SPACE.length + 1).split(' ')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return 'UNKNOWN';
  try {
    process.kill(pid, 0);
    return 'ALIVE';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'GONE' : 'ALIVE';
  }
}
