import { onTestFinished } from 'vitest';
import type { News, NewsChannel } from '../../src/feeds/news.js';

export const PATIENCE = { timeout: 60_000, interval: 10 };

/** Collects what a channel tells until the test ends. */
export function heard(news: NewsChannel): News[] {
  const pieces: News[] = [];
  const stopped = new AbortController();
  onTestFinished(() => stopped.abort());
  void (async () => {
    for await (const piece of news.follow(stopped.signal)) pieces.push(piece);
  })();
  return pieces;
}

export const turn = (number: number): News => ({ kind: 'TURN', turn: number });
