import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type WebSocket from 'ws';
import { keepAlive } from '../../src/subscriptions/keep-alive.js';
import type { Wire } from '../../src/subscriptions/wire.js';

const INTERVAL_MS = 12_000;

/** A client behind its socket: what it is asked, whether it was given up, and what it has read. */
function client() {
  const socket = Object.assign(new EventEmitter(), { bufferedAmount: 0 });
  const ends: (() => void)[] = [];
  const wire = {
    taken: 0,
    pings: 0,
    isGivenUp: false,
    ping: () => void wire.pings++,
    giveUp: () => void (wire.isGivenUp = true),
    atEnd: (done: () => void) => void ends.push(done),
  };
  keepAlive(socket as unknown as WebSocket, wire as unknown as Wire);
  return { socket, wire, end: () => ends.forEach((done) => done()) };
}

const pass = (intervals: number): void => {
  vi.advanceTimersByTime(intervals * INTERVAL_MS);
};

describe('a client that is asked whether it is still there', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('stays for as long as it answers, and is asked again after each answer', () => {
    const { socket, wire } = client();
    for (let asked = 1; asked <= 5; asked++) {
      pass(1);
      expect([wire.pings, wire.isGivenUp]).toEqual([asked, false]);
      socket.emit('pong');
    }
  });

  it('is given up when it has not answered by the next time, not before', () => {
    const { wire } = client();
    pass(1);
    vi.advanceTimersByTime(INTERVAL_MS - 1);
    expect(wire.isGivenUp).toBe(false);
    vi.advanceTimersByTime(1);
    expect([wire.pings, wire.isGivenUp]).toEqual([1, true]);
  });

  it('is not asked twice, and stays, while it still reads what stands before the question', () => {
    const { socket, wire } = client();
    socket.bufferedAmount = 1_000;
    pass(1);
    for (let read = 1; read <= 3; read++) {
      wire.taken += 1;
      pass(1);
      expect([wire.pings, wire.isGivenUp]).toEqual([1, false]);
    }
    socket.emit('pong');
    pass(1);
    expect([wire.pings, wire.isGivenUp]).toEqual([2, false]);
  });

  it('is given up once it stops reading what stands before the question', () => {
    const { socket, wire } = client();
    socket.bufferedAmount = 1_000;
    pass(1);
    wire.taken += 1;
    pass(2);
    expect(wire.isGivenUp).toBe(true);
  });

  it('is given up when it has read all there was, and does not answer', () => {
    const { wire } = client();
    pass(1);
    wire.taken += 1;
    pass(1);
    expect(wire.isGivenUp).toBe(true);
  });

  it('is asked no more once nothing can be sent to it', () => {
    const { wire, end } = client();
    pass(1);
    end();
    pass(3);
    expect([wire.pings, wire.isGivenUp]).toEqual([1, false]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
