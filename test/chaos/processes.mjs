// What a campaign has started, so that all of it ends with the campaign, however that ends.
import { rm } from 'node:fs/promises';

const children = new Set();
const folders = new Set();

/** Has a child, the leader of its process group, end with this process. */
export function endsWithUs(child) {
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

/** Has a folder removed at the end. */
export function removedAtTheEnd(folder) {
  folders.add(folder);
  return folder;
}

/** Ends a process with all that it has started, at once. */
export async function killGroup(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid, 'SIGKILL');
  await closed;
}

/** Ends and removes everything. */
export async function cleanUp() {
  await Promise.all([...children].map(killGroup));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    console.error(`${signal}: ending what was started`);
    void cleanUp().finally(() => process.exit(code));
  });
}
