import { access, constants, realpath, stat, statfs } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Logger } from '../log.js';
import { EmbeddedEngineError, type EngineFailure } from './engine-error.js';
import { errorCodeOf, messageOf } from '../data-dir/system-error.js';
import { ensurePrivateFolder, makeFolders, makeOwnFolder } from '../data-dir/private-folder.js';
import { linkTarget, replaceLink } from './socket-link.js';

/**
 * The longest socket path to use, bytes. The kernels take 107 (Linux) and 103 (macOS), and Node
 * cuts off what is longer.
 */
const LONGEST_SOCKET_PATH = 100;
/** What the engine, and {@link shortLink}, add to the temporary directory's path, bytes. */
const SOCKET_NAME_BYTES = 40;
/** Below this much free space an engine that died is taken to have died of it, bytes. */
const LITTLE_SPACE = 32 * 2 ** 20;

/** Where an embedded database keeps its things. */
export interface Place {
  /** With links resolved. */
  readonly dataDir: string;
  /** The user id that owns it. */
  readonly owner: number;
  readonly databaseDir: string;
  /** The symbolic link that leads to the socket of whichever engine runs. */
  readonly link: string;
  /** A path to that link that is short enough to connect to. */
  readonly socketPath: string;
  readonly temporaryDir: string;
}

/**
 * Makes the folders.
 * @throws {EmbeddedEngineError} DATA_DIR_UNUSABLE or DISK_FULL.
 */
export async function preparePlace(dataDir: string, log: Logger): Promise<Place> {
  try {
    return await makePlace(dataDir, log);
  } catch (error) {
    if (error instanceof EmbeddedEngineError || errorCodeOf(error) === undefined) throw error;
    const isFull = /^(ENOSPC|EDQUOT)$/.test(errorCodeOf(error) ?? '');
    throw new EmbeddedEngineError(isFull ? diskFull(dataDir) : unusable(dataDir, messageOf(error)));
  }
}

async function makePlace(given: string, log: Logger): Promise<Place> {
  await makeFolders(given);
  const dataDir = await realpath(given);
  const stats = await stat(dataDir);
  if ((stats.mode & 0o022) !== 0) {
    log.warn({ dataDir }, 'other users may write to DATA_DIR: close it to them (chmod 700)');
  }
  const databaseDir = path.join(dataDir, 'mongodb');
  await makeOwnFolder(databaseDir);
  for (const folder of [dataDir, databaseDir]) {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  }
  const temporaryDir = shortTemporaryDir();
  const link = path.join(dataDir, 'mongodb.sock');
  const socketPath = isShort(link) ? link : await shortLink(temporaryDir, link);
  return { dataDir, owner: stats.uid, databaseDir, link, socketPath, temporaryDir };
}

function isShort(socketPath: string): boolean {
  return Buffer.byteLength(socketPath) <= LONGEST_SOCKET_PATH;
}

function shortTemporaryDir(): string {
  const usual = tmpdir();
  return Buffer.byteLength(usual) + SOCKET_NAME_BYTES <= LONGEST_SOCKET_PATH ? usual : '/tmp';
}

/**
 * A link to a link whose own path is too long to connect to. The kernel resolves it, however long
 * its target is, so this one never has to change.
 */
async function shortLink(temporaryDir: string, link: string): Promise<string> {
  const name = createHash('sha256')
    .update(`${String(process.getuid?.())}:${link}`)
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(temporaryDir, `dynamics-${name}`);
  const fault = await ensurePrivateFolder(folder);
  if (fault !== null) throw new EmbeddedEngineError(unusable(path.dirname(link), fault));
  const short = path.join(folder, 'mongodb.sock');
  if ((await linkTarget(short)) !== link) await replaceLink(short, link);
  return short;
}

/** Why an engine may have died without a word: no space is the one cause that can be seen. */
export async function diskFailure(place: Place): Promise<EngineFailure | null> {
  // Where even that cannot be asked, the engine's own words have to do.
  const space = await statfs(place.databaseDir).catch(() => null);
  const isFull = space !== null && space.bavail * space.bsize < LITTLE_SPACE;
  return isFull ? diskFull(place.dataDir) : null;
}

function diskFull(dataDir: string): EngineFailure {
  return {
    code: 'DISK_FULL',
    message: `no space left for the embedded database in DATA_DIR ${dataDir}: free some, or set DATA_DIR to a folder on another disk`,
  };
}

function unusable(dataDir: string, reason: string): EngineFailure {
  return {
    code: 'DATA_DIR_UNUSABLE',
    message: `the embedded database cannot use DATA_DIR ${dataDir}: ${reason}`,
  };
}
