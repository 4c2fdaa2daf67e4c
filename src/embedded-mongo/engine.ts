import { pause } from '../async/pause.js';
import type { Logger } from '../log.js';
import type { NotificationChannel } from '../feeds/notifications.js';
import { createBackoff, type Backoff } from './backoff.js';
import { EmbeddedEngineError, type EngineFailure } from './engine-error.js';
import { EngineNotifications } from './engine-notifications.js';
import { LOOK_MS, watchFolder } from './folder-watch.js';
import { createHostLauncher, type HostLauncher } from './host-launcher.js';
import { preparePlace, type Place } from './place.js';
import { currentPlatform, unsupportedPlatform } from './platform.js';
import { hostEngine, joinEngine, type Attempt, type Session } from './session.js';

/** How long to wait, at the start, for another process that is just opening or closing the data. */
const HELD_DEADLINE_MS = 20_000;
/** An engine that has run this long was well: the next loss is a first one again. */
const WELL_AFTER_MS = 10_000;
/** From this many failures at a stretch on, the log speaks of an error. */
const FAILURES_TO_ERROR = 5;

/** A MongoDB that lives in a folder, shared by all processes that open the same folder. */
export interface EmbeddedEngine {
  /** mongodb:// address through the stable socket path; stays the same while the engine restarts. */
  readonly uri: string;
  /** Between all processes that have it open. */
  readonly notifications: NotificationChannel;
  /** Closes the database, unless another process hosts it. May be called again. */
  stop(): Promise<void>;
}

export interface EmbeddedEngineOptions {
  readonly dataDir: string;
  readonly log: Logger;
  /**
   * What was stored is gone, because its folder was deleted or replaced while it was in use; a new
   * engine is about to be opened there.
   */
  readonly onFolderLost?: () => void;
}

/**
 * Opens the database in `<dataDir>/mongodb`. The first process to open it hosts the engine in a
 * child process; the others join it. When the engine is lost, with its host or by itself, each of
 * those left tries to host it, and one succeeds.
 * @throws {EmbeddedEngineError} when it cannot be opened.
 */
export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const { dataDir, log } = options;
  const platform = currentPlatform();
  const unsupported = unsupportedPlatform(platform);
  if (unsupported !== null) throw new EmbeddedEngineError(unsupported);
  const place = await preparePlace(dataDir, log);
  const launcher = createHostLauncher(place, platform.glibc, log);
  const supervisor = new Supervisor(place, launcher, options);
  await supervisor.start();
  return supervisor;
}

class Supervisor implements EmbeddedEngine {
  readonly uri: string;
  readonly notifications: EngineNotifications;
  readonly #place: Place;
  readonly #launcher: HostLauncher;
  readonly #log: Logger;
  readonly #onFolderLost: () => void;
  readonly #stopping = new AbortController();
  /** Ends after {@link stop} was asked for and the last session was closed. */
  #running: Promise<void> = Promise.resolve();

  constructor(
    place: Place,
    launcher: HostLauncher,
    { log, onFolderLost = () => undefined }: EmbeddedEngineOptions,
  ) {
    this.uri = `mongodb://${encodeURIComponent(place.socketPath)}/?directConnection=true`;
    this.notifications = new EngineNotifications(place);
    this.#place = place;
    this.#launcher = launcher;
    this.#log = log;
    this.#onFolderLost = onFolderLost;
  }

  async start(): Promise<void> {
    const deadline = performance.now() + HELD_DEADLINE_MS;
    const backoff = createBackoff();
    for (;;) {
      const attempt = await this.#attempt();
      if (attempt.ok) {
        this.#running = this.#keep(attempt.session);
        return;
      }
      const mayPass = attempt.failure.code === 'DATABASE_HELD' && performance.now() < deadline;
      if (!mayPass) throw new EmbeddedEngineError(attempt.failure);
      await pause(backoff.next(), this.#stopping.signal);
    }
  }

  async stop(): Promise<void> {
    await this.notifications.close();
    this.#stopping.abort();
    await this.#running;
  }

  /** Replaces each session that is lost by a new one, until the stop. */
  async #keep(first: Session): Promise<void> {
    const backoff = createBackoff();
    const stopped = untilAborted(this.#stopping.signal);
    let session: Session | null = first;
    while (session !== null) {
      const folder = watchFolder(this.#place.databaseDir);
      const lost = Promise.race([session.lost, stopped]);
      const reason = await Promise.race([lost, folder.gone]);
      folder.close();
      if (reason === null) {
        await session.close();
        return;
      }
      const { role, pid, since } = session;
      // An engine whose files are deleted under it may end of that, before it is seen here.
      if (await folder.isGone()) await this.#leaveFolder(session);
      else {
        await session.close();
        this.#log.warn({ role, pid, reason }, 'the embedded database is gone; opening it again');
      }
      if (performance.now() - since >= WELL_AFTER_MS) backoff.reset();
      session = await this.#reopen(backoff);
    }
  }

  /** The engine would go on writing to files that nobody can find any more. */
  async #leaveFolder(session: Session): Promise<void> {
    const { databaseDir } = this.#place;
    this.#log.error(
      { folder: databaseDir },
      'the folder of the embedded database was deleted or replaced while it was in use: what was stored there is gone, the settings of the strategy too; it is opened anew',
    );
    await session.abandon();
    this.#onFolderLost();
    // Whoever hosts the engine sees it as well, and has to end it before another may open the folder.
    if (session.role === 'guest') await pause(2 * LOOK_MS, this.#stopping.signal);
  }

  /** Tries until it succeeds; null when the stop comes first. */
  async #reopen(backoff: Backoff): Promise<Session | null> {
    const { signal } = this.#stopping;
    for (let failures = 1; ; failures++) {
      await pause(backoff.next(), signal);
      if (signal.aborted) return null;
      const attempt = await this.#attempt();
      if (attempt.ok) return attempt.session;
      if (signal.aborted) return null;
      this.#logFailure(attempt.failure, failures);
    }
  }

  #logFailure({ code, message }: EngineFailure, failures: number): void {
    if (failures < FAILURES_TO_ERROR) {
      this.#log.warn({ code, failures, reason: message }, 'the embedded database did not open');
    } else {
      this.#log.error(
        { code, failures, reason: message },
        'the embedded database stays away; trying on',
      );
    }
  }

  /** Joins an engine that runs, or else hosts one. */
  async #attempt(): Promise<Attempt> {
    const began = performance.now();
    const attempt =
      (await joinEngine(this.#place)) ??
      (await hostEngine(this.#place, this.#launcher, this.#log, this.#stopping.signal));
    if (attempt.ok) {
      const { role, pid } = attempt.session;
      const ms = Math.round(performance.now() - began);
      this.#log.info({ role, pid, ms }, 'the embedded database is open');
    }
    return attempt;
  }
}

/** Resolves to null when the signal comes. */
function untilAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
