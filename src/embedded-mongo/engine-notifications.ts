import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import type { Notification, NotificationChannel } from '../feeds/notifications.js';
import { pause } from '../async/pause.js';
import { Signal } from '../async/signal.js';
import { eachLine, LONGEST_LINE, MOST_UNREAD } from './notification-lines.js';
import type { Place } from './place.js';
import { linkTarget, relaySocketBeside } from './socket-link.js';
import { isSocketOf } from './socket-watch.js';

/** The pauses before the next attempt to connect: doubling, milliseconds. */
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** A connection that has lasted this long was a good one, milliseconds. */
const WELL_AFTER_MS = 1_000;
/** How much is kept for whoever follows slowly, and until there is a connection. */
const MOST_KEPT = 1_000;
/** How long the end waits for what was told to be sent, milliseconds. */
const FLUSH_MS = 1_000;

/** With each new connection: something may have been told meanwhile, so look at everything. */
const LOOK: Notification = { kind: 'CONTROL' };

/**
 * Notifications between the processes that use one embedded engine, over a socket of whichever
 * process hosts it. Connects when it is first needed, and again whenever the host is lost, until it is closed.
 */
export class EngineNotifications implements NotificationChannel {
  readonly #place: Pick<Place, 'link' | 'owner'>;
  readonly #followers = new Set<(notification: Notification) => void>();
  readonly #stopping = new AbortController();
  readonly #connected = new Signal();
  #unsent: string[] = [];
  #socket: Socket | null = null;
  #running: Promise<void> | null = null;

  constructor(place: Pick<Place, 'link' | 'owner'>) {
    this.#place = place;
  }

  get isSure(): boolean {
    return this.#socket !== null;
  }

  publish(notification: Notification): void {
    const line = `${JSON.stringify(notification)}\n`;
    if (line.length > LONGEST_LINE || this.#stopping.signal.aborted) return;
    if (this.#socket === null) {
      this.#unsent = [...this.#unsent, line].slice(-MOST_KEPT);
      this.#start();
    } else if (this.#socket.writableLength <= MOST_UNREAD) {
      this.#socket.write(line);
    }
  }

  async *follow(signal: AbortSignal): AsyncGenerator<Notification, void, void> {
    const kept: Notification[] = [];
    const arrived = new Signal();
    const receive = (notification: Notification): void => {
      kept.push(notification);
      if (kept.length > MOST_KEPT) kept.shift();
      arrived.fire();
    };
    this.#followers.add(receive);
    this.#start();
    try {
      while (!signal.aborted) {
        const notification = kept.shift();
        if (notification) yield notification;
        else await arrived.next(signal);
      }
    } finally {
      this.#followers.delete(receive);
    }
  }

  /** Sends what was told, where that is possible soon, and disconnects. May be called again. */
  async close(): Promise<void> {
    const soon = AbortSignal.timeout(FLUSH_MS);
    if (this.#unsent.length > 0) await this.#connected.next(soon);
    const socket = this.#socket;
    if (socket && !socket.destroyed) {
      socket.end();
      await once(socket, 'finish', { signal: soon }).catch(() => undefined);
    }
    this.#stopping.abort();
    socket?.destroy();
    await this.#running;
  }

  #start(): void {
    if (!this.#stopping.signal.aborted) this.#running ??= this.#keepConnected();
  }

  async #keepConnected(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = SHORTEST_PAUSE_MS;
    while (!signal.aborted) {
      const begun = performance.now();
      await this.#useConnection(signal);
      if (performance.now() - begun >= WELL_AFTER_MS) pauseMs = SHORTEST_PAUSE_MS;
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Connects to the host that there is, if any, and stays until that is over. */
  async #useConnection(signal: AbortSignal): Promise<void> {
    const engine = await linkTarget(this.#place.link).catch(() => null);
    if (engine === null || signal.aborted) return;
    const socketPath = relaySocketBeside(engine);
    if (!(await isSocketOf(socketPath, this.#place.owner)) || signal.aborted) return;
    const socket = connect(socketPath);
    const stop = (): void => void socket.destroy();
    signal.addEventListener('abort', stop);
    // An error is always followed by the close that is waited for.
    socket.on('error', () => undefined);
    socket.once('connect', () => this.#begin(socket));
    eachLine(socket, (line) => this.#hear(line));
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    signal.removeEventListener('abort', stop);
    this.#socket = null;
  }

  #begin(socket: Socket): void {
    this.#socket = socket;
    for (const line of this.#unsent) socket.write(line);
    this.#unsent = [];
    this.#connected.fire();
    for (const receive of this.#followers) receive(LOOK);
  }

  #hear(line: string): void {
    const notification = readNotification(line);
    if (notification === null) return;
    for (const receive of this.#followers) receive(notification);
  }
}

const notificationLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('TURN'), turn: z.int().positive() }),
  z.object({ kind: z.literal('CONTROL') }),
  z.object({ kind: z.literal('ALERTS') }),
  z.object({ kind: z.literal('SKIPPED'), at: z.number(), code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('RUN') }),
]) satisfies z.ZodType<Notification>;

/** Null for what is no notification that this version knows. */
function readNotification(line: string): Notification | null {
  try {
    return notificationLine.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
