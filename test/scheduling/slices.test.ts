import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstPace, Slices, type Pace } from '../../src/scheduling/slices.js';

/** Time stands still unless a test moves it; the event loop goes round as ever. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const work = (ms: number): void => void vi.advanceTimersByTime(ms);
const round = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const rounds = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await round();
};

/** Works in steps of 4 ms; notes each step by its name, and `-` when the loop has gone round. */
function workers(slices: Slices) {
  const log: string[] = [];
  let underWay = 0;
  const start = async (name: string, steps: number, pace: Pace): Promise<void> => {
    underWay++;
    for (let n = 0; n < steps; n++) {
      if (pace.isSpent) await pace.next();
      log.push(name);
      work(4);
    }
    underWay--;
  };
  return {
    log,
    start: (name: string, steps: number) => start(name, steps, slices.paceOf(name)),
    async untilDone(): Promise<string> {
      while (underWay > 0) {
        await round();
        log.push('-');
      }
      return log.join('');
    },
  };
}

describe('work in slices', () => {
  it('lets the loop go round after each slice, and goes round the clients', async () => {
    const shift = workers(new Slices());
    for (let n = 0; n < 4; n++) void shift.start('a', 6);
    void shift.start('b', 6);
    const order = await shift.untilDone();
    // Three steps are a slice; the loop may be noted to have gone round after the next one has begun.
    for (const part of order.split('-')) expect(part.length).toBeLessThanOrEqual(6);
    expect(order.replace(/-/g, '')).toHaveLength(30);
    // The one with a sixth of the work is not the last to be done with it.
    const b = order.lastIndexOf('b');
    expect(order.slice(b).replace(/[-b]/g, '').length).toBeGreaterThanOrEqual(8);
  });

  it('runs all that follows from one step before the next one begins', async () => {
    const slices = new Slices();
    const pace = slices.paceOf('a');
    const log: string[] = [];
    const step = async (name: string): Promise<void> => {
      await pace.next();
      log.push(`${name} begins`);
      for (let n = 0; n < 20; n++) await Promise.resolve();
      log.push(`${name} ends`);
    };
    await Promise.all(['one', 'two', 'three'].map(step));
    expect(log).toEqual(
      ['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
  });

  it('holds back while a turn is under way, and is not held up for ever', async () => {
    const slices = new Slices();
    const shift = workers(slices);
    const { log } = shift;
    let end: () => void = () => undefined;
    const turn = slices.first(new Promise<void>((resolve) => (end = resolve)));
    void shift.start('a', 20);
    await rounds(20);
    const before = log.length;
    expect(before).toBeLessThanOrEqual(2);
    await rounds(20);
    expect(log).toHaveLength(before);
    for (let n = 1; n <= 3; n++) {
      work(50);
      await rounds(20);
      expect(log).toHaveLength(before + n);
    }
    end();
    await turn;
    await shift.untilDone();
    expect(log.filter((name) => name === 'a')).toHaveLength(20);
  });

  it('goes on beside turns that have been under way for more than a second', async () => {
    const slices = new Slices();
    const shift = workers(slices);
    void slices.first(new Promise(() => undefined));
    work(1_000);
    void shift.start('a', 20);
    await rounds(100);
    expect(shift.log).toHaveLength(20);
  });

  it('goes on beside pushes that follow each other without end, and holds back for the next one after a pause', async () => {
    const slices = new Slices();
    const shift = workers(slices);
    let pushes = 0;
    let isPushing = true;
    const push = async (): Promise<void> => {
      await round();
      work(5);
      pushes++;
    };
    const pushing = (async () => {
      while (isPushing) await slices.first(push());
    })();
    void shift.start('a', 1_000);
    while (pushes < 200) await round();
    const first = shift.log.length;
    while (pushes < 300) await round();
    // A hundred pushes, each with a round of the loop.
    expect(shift.log.length - first).toBeGreaterThanOrEqual(100);
    isPushing = false;
    await pushing;
    await shift.untilDone();
    work(1_000);
    void slices.first(new Promise(() => undefined));
    const later = workers(slices);
    void later.start('b', 20);
    await rounds(100);
    expect(later.log.length).toBeLessThanOrEqual(2);
  });

  it('lets requests come in meanwhile, some at a time', async () => {
    const slices = new Slices();
    void slices.first(new Promise(() => undefined));
    let entered = 0;
    let loops = 0;
    const all = Array.from({ length: 30 }, async (_, n) => {
      await slices.admit(`client ${n}`);
      entered++;
      work(1);
    });
    let isDone = false;
    void Promise.all(all).then(() => (isDone = true));
    for (let before = 0; !isDone; before = entered) {
      await round();
      loops++;
      expect(entered - before).toBeLessThanOrEqual(8);
    }
    expect(entered).toBe(30);
    expect(loops).toBeGreaterThan(4);
  });

  it('ends where nobody waits for it any longer', async () => {
    const slices = new Slices();
    const gone = new AbortController();
    const pace = slices.paceOf('a', gone.signal);
    const waiting = pace.next();
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(pace.next()).rejects.toThrow('gone');
    await expect(slices.paceOf('b').next()).resolves.toBeUndefined();
  });
});

describe('work of the first rank', () => {
  it('waits for nobody, and still lets the loop go round', async () => {
    const pace = firstPace();
    let looped = 0;
    for (let n = 0; n < 100; n++) {
      if (pace.isSpent) {
        let isRound = false;
        setImmediate(() => (isRound = true));
        await pace.next();
        if (isRound) looped++;
      }
      work(1);
    }
    expect(looped).toBeGreaterThanOrEqual(3);
  });

  it('keeps the next turn waiting for as long as a push is under way, within bounds', async () => {
    const slices = new Slices();
    await slices.quiet(1_000);
    let end: () => void = () => undefined;
    const push = slices.first(new Promise<void>((resolve) => (end = resolve)));
    let quiet = 0;
    void slices.quiet(1_000).then(() => quiet++);
    await rounds(3);
    expect(quiet).toBe(0);
    work(1_000);
    await rounds(1);
    expect(quiet).toBe(1);
    void slices.quiet(1_000).then(() => quiet++);
    end();
    await push;
    await rounds(1);
    expect(quiet).toBe(2);
  });
});

describe('clients that come', () => {
  it('hold work back as long as one comes with each round of the loop', async () => {
    const slices = new Slices();
    const pace = slices.paceOf('a');
    let isDone = false;
    slices.arrival();
    void pace.next().then(() => (isDone = true));
    for (let n = 0; n < 20; n++) {
      await round();
      slices.arrival();
      expect(isDone).toBe(false);
    }
    await rounds(5);
    expect(isDone).toBe(true);
  });

  it('hold it back for 50 ms at most', async () => {
    const slices = new Slices();
    const pace = slices.paceOf('a');
    let isDone = false;
    slices.arrival();
    void pace.next().then(() => (isDone = true));
    let waited = 0;
    while (!isDone) {
      await round();
      slices.arrival();
      work(1);
      waited++;
    }
    expect(waited).toBeGreaterThan(45);
    expect(waited).toBeLessThan(60);
  });
});
