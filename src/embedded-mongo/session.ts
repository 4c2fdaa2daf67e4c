import type { Logger } from '../log.js';
import { EmbeddedEngineError, type EngineFailure } from './engine-error.js';
import type { HostLauncher } from './host-launcher.js';
import { preparePlace, type Place } from './place.js';
import { watchEngine } from './socket-watch.js';

/**
 * What the engine begins with. By default its planner leaves a query to another kind of execution
 * where trying the plans out is not conclusive, and the engine is built without that one.
 */
const PARAMETERS = { setParameter: 1, internalQueryPlanRanker: 'multiPlanning' };

/** A use of a running engine, hosted by this process or by another. */
export interface Session {
  readonly role: 'host' | 'guest';
  readonly pid: number | undefined;
  /** When it began, by `performance.now()`. */
  readonly since: number;
  /** Resolves when the engine is gone, with what happened. */
  readonly lost: Promise<string>;
  close(): Promise<void>;
  /** Gives up what can be closed no more. */
  abandon(): Promise<void>;
}

/** A session, or why there is none. */
export type Attempt =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly failure: EngineFailure };

/** Joins an engine that runs; null where none does. */
export async function joinEngine({ socketPath, owner }: Place): Promise<Attempt | null> {
  const watch = await watchEngine(socketPath, owner);
  if (watch === null) return null;
  const leave = (): Promise<void> => {
    watch.close();
    return Promise.resolve();
  };
  const session: Session = {
    role: 'guest',
    pid: undefined,
    since: performance.now(),
    lost: watch.closed.then(() => 'the process that hosted it closed it or died'),
    close: leave,
    abandon: leave,
  };
  return { ok: true, session };
}

/** Hosts an engine in a child process of this one. */
export async function hostEngine(
  place: Place,
  launcher: HostLauncher,
  log: Logger,
  signal: AbortSignal,
): Promise<Attempt> {
  try {
    await preparePlace(place.dataDir, log);
  } catch (error) {
    if (error instanceof EmbeddedEngineError) return { ok: false, failure: error };
    throw error;
  }
  const launch = await launcher.launch(signal);
  if (!launch.ok) return launch;
  const { host } = launch;
  const { socketPath, owner } = place;
  const tuned = await watchEngine(socketPath, owner, PARAMETERS);
  if (tuned === null) log.warn('the embedded database does not take its parameters');
  const watch = tuned ?? (await watchEngine(socketPath, owner));
  if (watch === null) {
    await host.close();
    const message = `the embedded database does not answer at ${socketPath}`;
    return { ok: false, failure: { code: 'ENGINE_FAILED', message } };
  }
  watch.close();
  const session: Session = {
    role: 'host',
    pid: host.pid,
    since: performance.now(),
    lost: host.exited,
    close: () => host.close(),
    abandon: () => host.kill(),
  };
  return { ok: true, session };
}
