import { onTestFinished } from 'vitest';
import type { Notification, NotificationChannel } from '../../src/feeds/notifications.js';

/** Collects what a channel tells until the test ends. */
export function heard(notifications: NotificationChannel): Notification[] {
  const pieces: Notification[] = [];
  const stopped = new AbortController();
  onTestFinished(() => stopped.abort());
  void (async () => {
    for await (const piece of notifications.follow(stopped.signal)) pieces.push(piece);
  })();
  return pieces;
}

export const turn = (number: number): Notification => ({ kind: 'TURN', turn: number });
