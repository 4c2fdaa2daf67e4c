import { MongoNetworkError, MongoServerError } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Availability, type DatabaseRun } from '../../src/mongo/availability.js';
import { heardWarnings } from '../support/warnings.js';
import { PATIENCE } from '../support/patience.js';

const gone = () => new MongoNetworkError('connection closed');
const refusing = () => new MongoServerError({ code: 13, errmsg: 'not authorized' });
const tooSlow = () => new MongoServerError({ code: 64, errmsg: 'waiting for replication' });

/** Something that can be asked, as long as it is there, and that counts how often it was. */
class Asked {
  fault: (() => Error) | null = null;
  times = 0;

  ask = (): Promise<string> => {
    this.times++;
    return this.fault ? Promise.reject(this.fault()) : Promise.resolve('an answer');
  };
}

function availabilityOf(basis?: Availability) {
  const asked = new Asked();
  const probed = new Asked();
  const runs: DatabaseRun['outcome'][] = [];
  let returns = 0;
  const availability = new Availability({
    words: basis ? 'it takes no writes' : 'it is not reachable',
    probe: () => probed.ask().then(() => undefined),
    ...(basis && { basis }),
    onRun: ({ outcome }) => runs.push(outcome),
  });
  availability.onBack(() => returns++);
  onTestFinished(() => availability.close());
  const fail = (fault: (() => Error) | null): void => {
    asked.fault = fault;
    probed.fault = fault;
  };
  return { availability, asked, probed, runs, fail, returns: () => returns };
}

describe.concurrent('a database that goes away', () => {
  it('for a moment costs an operation nothing but that moment', async () => {
    const { availability, asked, runs, fail, returns } = availabilityOf();
    fail(gone);
    const answer = availability.run(asked.ask);
    await expect.poll(() => asked.times, PATIENCE).toBeGreaterThan(2);
    fail(null);
    expect(await answer).toBe('an answer');
    expect(availability.outage).toBeNull();
    expect([runs, returns()]).toEqual([['OK'], 0]);
  });

  it('for longer fails the operation that found out, and then each one at once, unasked', async () => {
    const { availability, asked, runs, fail } = availabilityOf();
    fail(gone);
    await expect(availability.run(asked.ask)).rejects.toMatchObject({
      name: 'DatabaseUnavailableError',
      message: 'it is not reachable: connection closed',
    });
    const { times } = asked;
    expect(times).toBeGreaterThan(2);
    for (let n = 0; n < 100; n++) {
      await expect(availability.run(asked.ask)).rejects.toBe(availability.outage);
    }
    expect(asked.times).toBe(times);
    expect(new Set(runs)).toEqual(new Set(['AWAY']));
  });

  it('and never answers is given up once the time of the operation is over', async () => {
    const { availability, fail } = availabilityOf();
    fail(gone);
    const silent = () => new Promise<never>(() => undefined);
    await expect(availability.run(silent, 200)).rejects.toThrow(/it is not reachable: no answer/);
    expect(availability.outage).not.toBeNull();
  });
});

describe('a database that loses what it held', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['done', () => Promise.resolve('done')],
    ['refused', () => Promise.reject(new MongoServerError({ code: 11000, errmsg: 'duplicate' }))],
  ])(
    'has done nothing of what it was asked before, though it says so late: %s',
    async (_how, say) => {
      const { availability, asked, runs, fail } = availabilityOf();
      let answer: () => void = () => undefined;
      const said = new Promise<void>((resolve) => (answer = resolve)).then(say);
      const underWay = availability.run(() => said);
      availability.lose(gone());
      fail(null);
      await expect.poll(() => availability.outage, PATIENCE).toBeNull();
      answer();
      await expect(underWay).rejects.toMatchObject({ name: 'DatabaseUnavailableError' });
      expect(await availability.run(asked.ask)).toBe('an answer');
      expect(runs).toEqual(['AWAY', 'OK']);
    },
  );
});

describe('a database that loses what it held while it is asked whether it is back', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is away until it is asked anew: the answer may be of what is lost', async () => {
    const answers: (() => void)[] = [];
    const availability = new Availability({
      words: 'it is not reachable',
      probe: () => new Promise<void>((resolve) => answers.push(resolve)),
    });
    onTestFinished(() => availability.close());
    let returns = 0;
    availability.onBack(() => returns++);
    availability.goAway(gone());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(answers).toHaveLength(1);
    availability.lose(gone());
    answers[0]!();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(answers).toHaveLength(2);
    expect([availability.outage === null, returns]).toEqual([false, 0]);
    answers[1]!();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([availability.outage, returns, answers.length]).toEqual([null, 1, 2]);
  });
});

describe('a database that is away', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked until it is back, which is told once', async () => {
    const { availability, asked, probed, fail, returns } = availabilityOf();
    fail(gone);
    availability.goAway(gone());
    await vi.advanceTimersByTimeAsync(60_000);
    const { times } = probed;
    expect(times).toBeGreaterThan(100);
    expect(returns()).toBe(0);
    fail(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(availability.outage).toBeNull();
    expect(await availability.run(asked.ask)).toBe('an answer');
    // Nobody asks one that is there.
    await vi.advanceTimersByTimeAsync(60_000);
    expect([probed.times, returns()]).toEqual([times + 1, 1]);
  });

  it('is not asked any more by one that is closed', async () => {
    const { availability, probed, fail } = availabilityOf();
    fail(gone);
    availability.goAway(gone());
    await vi.advanceTimersByTimeAsync(1_000);
    const { times } = probed;
    expect(times).toBeGreaterThan(0);
    availability.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(probed.times).toBe(times);
  });

  it('for writes too is back for readers first, and is asked then at once whether it takes writes', async () => {
    const reading = availabilityOf();
    const writing = availabilityOf(reading.availability);
    for (const each of [reading, writing]) each.fail(gone);
    reading.availability.goAway(gone());
    // Not in step with the other.
    await vi.advanceTimersByTimeAsync(100);
    writing.availability.goAway(gone());
    for (const { availability, asked } of [reading, writing]) {
      await expect(availability.run(asked.ask)).rejects.toThrow(/not reachable/);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reading.probed.times).toBeGreaterThan(100);
    expect([reading.asked.times, writing.asked.times, writing.probed.times]).toEqual([0, 0, 0]);
    reading.fail(null);
    await vi.advanceTimersByTimeAsync(160);
    expect([reading.returns(), writing.probed.times]).toEqual([1, 1]);
    expect(writing.availability.outage?.message).toMatch(/takes no writes/);
    writing.fail(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([writing.availability.outage, writing.returns()]).toEqual([null, 1]);
  });
});

describe('a database that nobody has written to while it was away', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is told to be back for writes, too', async () => {
    const reading = availabilityOf();
    const writing = availabilityOf(reading.availability);
    reading.fail(gone);
    reading.availability.goAway(gone());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(writing.returns()).toBe(0);
    reading.fail(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([reading.returns(), writing.returns(), writing.probed.times]).toEqual([1, 1, 0]);
  });
});

describe.concurrent('a database that answers', () => {
  it('with a refusal is not asked again, counts as there, and is in trouble until it does something', async () => {
    const { availability, asked, runs, fail } = availabilityOf();
    fail(refusing);
    await expect(availability.run(asked.ask)).rejects.toThrow(/refuses this at present: not auth/);
    expect([asked.times, runs]).toEqual([1, ['REFUSED']]);
    expect(availability.outage).toBeNull();
    expect(availability.trouble?.message).toMatch(/not authorized/);
    fail(null);
    await availability.run(asked.ask);
    expect(availability.trouble).toBeNull();
  });

  it('that the question is wrong is believed', async () => {
    const { availability, asked, fail } = availabilityOf();
    fail(() => new TypeError('no such thing'));
    await expect(availability.run(asked.ask)).rejects.toThrow(TypeError);
    expect(asked.times).toBe(1);
    expect(availability.trouble).toBeNull();
  });
});

describe.concurrent('a database that takes no writes', () => {
  it('is there for readers', async () => {
    const reading = availabilityOf();
    const writing = availabilityOf(reading.availability);
    writing.fail(tooSlow);
    await expect(writing.availability.run(writing.asked.ask)).rejects.toThrow(/takes no writes/);
    expect(reading.availability.outage).toBeNull();
    expect(await reading.availability.run(reading.asked.ask)).toBe('an answer');
  });

  it.each([
    [true, 'is gone', gone],
    [false, 'has no majority', tooSlow],
  ])('counts as away for readers too: %s, where it %s', (isAway, _words, fault) => {
    const reading = availabilityOf();
    const writing = availabilityOf(reading.availability);
    writing.availability.goAway(fault());
    expect(reading.availability.outage !== null).toBe(isAway);
    expect(writing.availability.outage?.message).toMatch(isAway ? /not reach/ : /no writes/);
  });
});

it('lets many operations wait for a database that is away for a moment', async () => {
  const warnings = heardWarnings();
  const { availability, asked, fail } = availabilityOf();
  fail(gone);
  const answers = Array.from({ length: 50 }, () => availability.run(asked.ask));
  await expect.poll(() => asked.times, PATIENCE).toBeGreaterThan(100);
  fail(null);
  expect(await Promise.all(answers)).toHaveLength(50);
  expect(warnings).toEqual([]);
});
